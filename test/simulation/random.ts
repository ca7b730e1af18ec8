import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Every choice of a history: the same seed makes the same ones. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** Whether something of this probability happens. */
  chance(probability: number): boolean
  /** A whole number of at least `from`, and less than `to`. */
  between(from: number, to: number): number
  pick<T>(items: readonly T[]): T
}

export function makeRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  const next = (): number => uniformFloat64(generator)
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from))
  return {
    next,
    chance: (probability) => probability > 0 && next() < probability,
    between,
    pick: (items) => items[between(0, items.length)] as (typeof items)[number],
  }
}
