import type { Clock } from '../../src/domain/ports.ts'
import type { Faults } from './faults.ts'
import type { World } from './world.ts'

/** Whether something goes wrong on this occasion. */
export type Trouble = (kind: keyof Faults) => boolean

/** A machine with a clock of its own, which may be set. */
export interface Machine {
  /** The wall clock, in milliseconds since the epoch. */
  wall(): number
  /** Sets the clock so far from true time. */
  set(offsetMs: number): void
  /** The furthest that it is ever set from true time. */
  readonly furthestMs: number
  /** Has somebody told of every step. */
  onStep(listener: () => void): void
}

export function makeMachine(world: World, furthestMs: number): Machine {
  const listeners: (() => void)[] = []
  let offset = 0
  return {
    furthestMs,
    wall: () => world.now() + offset,
    onStep: (listener) => void listeners.push(listener),
    set(offsetMs) {
      offset = offsetMs
      for (const listener of listeners) listener()
    },
  }
}

/** A process that may die, or stand still, wherever it waits for something. */
export interface Process {
  readonly name: string
  readonly clock: Clock
  isAlive(): boolean
  /** Has something done outside, where it takes effect even if this process is gone by then, and waits for the answer. */
  ask<T>(effect: () => T, latencyMs?: number): Promise<T>
  /** Goes on with something, unless this process is gone. */
  goOn(work: () => void): void
  crash(): void
  onEnd(listener: () => void): void
}

/** The clock is read again at least this often, as the real one does. */
const rereadMs = 1000
const longestSuspensionMs = 60_000

interface Sleeper {
  readonly instant: number
  readonly wake: () => void
}

export function makeProcess(world: World, trouble: Trouble, machine: Machine, name: string): Process {
  const { random } = world
  const sleepers = new Set<Sleeper>()
  const listeners: (() => void)[] = []
  let isAlive = true
  let suspendedUntil = 0

  function crash(): void {
    if (!isAlive) return
    isAlive = false
    world.note(() => `${name} is gone`)
    for (const listener of listeners) listener()
  }

  function goOn(work: () => void): void {
    if (!isAlive) return
    if (trouble('crash')) return crash()
    if (trouble('suspension')) suspendedUntil = world.now() + random.between(1, longestSuspensionMs)
    if (trouble('clockStep')) {
      const offsetMs = random.between(-machine.furthestMs, machine.furthestMs)
      world.note(() => `the clock of ${name} is set to ${offsetMs} ms from true time`)
      machine.set(offsetMs)
    }
    const pause = suspendedUntil - world.now()
    if (pause <= 0) return work()
    world.note(() => `${name} stands still for ${pause} ms`)
    world.after(pause, () => goOn(work))
  }

  async function ask<T>(effect: () => T, latencyMs = random.between(0, 4)): Promise<T> {
    const answer = await new Promise<Answer<T>>((resolve) => {
      world.after(latencyMs, () => {
        const answer = answerOf(effect)
        world.after(random.between(0, 4), () => goOn(() => resolve(answer)))
      })
    })
    if ('error' in answer) throw answer.error
    return answer.value
  }

  function arm(sleeper: Sleeper): void {
    world.after(Math.max(0, sleeper.instant - machine.wall()) + random.between(0, 3), () => goOn(() => ring(sleeper)))
  }

  function ring(sleeper: Sleeper): void {
    if (!sleepers.has(sleeper)) return
    if (machine.wall() < sleeper.instant) return arm(sleeper)
    sleepers.delete(sleeper)
    sleeper.wake()
  }

  // A clock that was set back is noticed when the sleeper wakes; one that was set forward, when the clock is read again.
  machine.onStep(() => {
    for (const sleeper of sleepers) {
      if (machine.wall() >= sleeper.instant) world.after(random.between(0, rereadMs), () => goOn(() => ring(sleeper)))
    }
  })

  const clock: Clock = {
    now: () => machine.wall(),
    async pause(ms, signal) {
      signal?.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
        world.after(ms + random.between(0, 3), () => goOn(resolve))
      })
    },
    async sleepUntil(instant, signal) {
      signal?.throwIfAborted()
      if (machine.wall() >= instant) return
      await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => {
          sleepers.delete(sleeper)
          reject(signal?.reason as Error)
        }
        const sleeper: Sleeper = {
          instant,
          wake: () => {
            signal?.removeEventListener('abort', onAbort)
            resolve()
          },
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        sleepers.add(sleeper)
        arm(sleeper)
      })
    },
  }

  return { name, clock, ask, goOn, crash, isAlive: () => isAlive, onEnd: (listener) => void listeners.push(listener) }
}

type Answer<T> = { readonly value: T } | { readonly error: unknown }

function answerOf<T>(effect: () => T): Answer<T> {
  try {
    return { value: effect() }
  } catch (error) {
    return { error }
  }
}
