import type { Clock, Due, Observer, ScheduleStore } from '../domain/ports.ts'
import type { Fired, Firing } from './fire.ts'

/** What is overdue by no more than this is being seen to: its wake-up has come, or is on its way. */
export const sweepGraceMs = 3000

/** How often each application's part of the due index is looked through, on average. */
export const sweepEveryMs = 4000

/** Each wait is longer or shorter by up to this share, so that replicas do not all look at once. */
const jitter = 0.25

export interface Sweep {
  start(): void
  /** Nothing is taken in hand after this has resolved; what has been is the firing's to end. */
  stop(): Promise<void>
}

interface Dependencies {
  readonly store: Pick<ScheduleStore, 'due'>
  readonly clock: Clock
  readonly observer: Observer
  readonly fire: Firing['fire']
  readonly random: () => number
  /** How many schedules of each application the sweep may have in hand at once; also the size of a page. */
  readonly capacities: ReadonlyMap<string, number>
}

/**
 * Looks for what is overdue although somebody should have seen to it: wake-ups that never came, and the expired leases of
 * dead processes. With it nothing is lost, whatever else fails. Any number of processes may sweep the same store, since
 * `fire` lets the record decide.
 *
 * Each application is swept by itself, so that one whose owner hangs holds up no other.
 */
export function makeSweep({ store, clock, observer, fire, random, capacities }: Dependencies): Sweep {
  const stopping = new AbortController()
  const { signal } = stopping
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  let sweeping: Promise<unknown> = Promise.resolve()

  async function sweepAgainAndAgain(application: string, capacity: number): Promise<void> {
    while (!signal.aborted) {
      try {
        await clock.sleepUntil(clock.now() + sweepEveryMs * (1 - jitter + 2 * jitter * random()), signal)
        await sweep(application, capacity)
      } catch (error) {
        if (!signal.aborted) observer.failed('the sweep could not look for overdue schedules', error)
      }
    }
  }

  /** Once through all that is overdue, a page at a time, never with more in hand than the capacity. */
  async function sweep(application: string, capacity: number): Promise<void> {
    const seen = new Set<string>()
    const inHand = new Set<Promise<void>>()
    for (let known = 0; !signal.aborted; ) {
      const page = await store.due(application, clock.now() - sweepGraceMs, known + capacity)
      const fresh = page.filter(({ id }) => !seen.has(id))
      if (fresh.length === 0) return
      // What has been seen and is still there, under somebody's live lease perhaps, must not hide what comes behind it.
      known = page.length
      for (const entry of fresh) {
        seen.add(entry.id)
        while (inHand.size >= capacity) await Promise.race([...inHand, stopped])
        if (signal.aborted) return
        const seenTo = see(entry).finally(() => inHand.delete(seenTo))
        inHand.add(seenTo)
      }
    }
  }

  /** Resolves when the schedule has been seen to, or needs nobody. */
  async function see(entry: Due): Promise<void> {
    let fired: Fired
    try {
      fired = await fire(entry)
    } catch (error) {
      observer.failed('an overdue schedule could not be seen to', error, entry)
      return
    }
    if (fired.kind !== 'taken') return
    if (fired.isNew) observer.rescued(entry)
    await fired.done
  }

  return {
    start() {
      sweeping = Promise.all([...capacities].map(([application, capacity]) => sweepAgainAndAgain(application, capacity)))
    },

    async stop() {
      stopping.abort(new Error('stopping'))
      await sweeping
    },
  }
}
