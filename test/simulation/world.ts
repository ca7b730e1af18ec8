import TinyQueue from 'tinyqueue'
import type { Random } from './random.ts'

interface Happening {
  readonly at: number
  readonly order: number
  readonly happen: () => void
}

/** One history's time, in which things happen one after the other, at moments that only its seed decides. */
export interface World {
  readonly random: Random
  /** True time, in milliseconds since the epoch; what a process takes it for may be something else. */
  now(): number
  after(ms: number, happen: () => void): void
  /** Lets things happen until there is nothing more, or what is asked of it after each is true, or it is `until`. */
  run(until: number, isOver: () => boolean): Promise<void>
  /** Notes what happened, for whoever reads a history. */
  note(text: () => string): void
}

export function makeWorld(random: Random, start: number, write: ((line: string) => void) | undefined): World {
  const queue = new TinyQueue<Happening>([], (a, b) => a.at - b.at || a.order - b.order)
  let now = start
  let order = 0
  return {
    random,
    now: () => now,
    after(ms, happen) {
      queue.push({ at: now + Math.ceil(Math.max(0, ms)), order: order++, happen })
    },
    async run(until, isOver) {
      for (let next = queue.peek(); next !== undefined && next.at <= until && !isOver(); next = queue.peek()) {
        queue.pop()
        now = next.at
        next.happen()
        await cameToRest()
      }
    },
    note(text) {
      write?.(`${((now - start) / 1000).toFixed(3).padStart(9)}  ${text()}`)
    },
  }
}

/** Everything that follows without waiting for the world has happened then: microtasks come before immediates. */
function cameToRest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
