import type { Clock, Due, Observer, ScheduleStore } from '../domain/ports.ts'
import type { Firing } from './fire.ts'

/** What is overdue by no more than this is being seen to: its wake-up has come, or is on its way. */
export const sweepGraceMs = 3000

/** How often each application's part of the due index is looked through, on average. */
export const sweepEveryMs = 4000

/** Each wait is longer or shorter by up to this share, so that replicas do not all look at once. */
const jitter = 0.25

/** How many rows are read at once. */
const pageRows = 100

export interface Sweep {
  /** Sweeps every application that there is; called again, also those that have come since. */
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
  /** How many schedules of each application the sweep may have in hand at once. */
  readonly capacities: () => ReadonlyMap<string, number>
}

/**
 * Looks for what is overdue although somebody should have seen to it: wake-ups that never came, and the expired leases of
 * dead processes. With it nothing is lost, whatever else fails. Any number of processes may sweep the same store, since
 * `fire` lets the record decide.
 *
 * Each application is swept by itself, so that one whose owner hangs holds up no other.
 */
export function makeSweep({ store, clock, observer, fire, random, capacities }: Dependencies): Sweep {
  const naps = new Map<string, AbortController>()
  const stopping = new AbortController()
  const { signal } = stopping
  const sweeping = new Map<string, Promise<void>>()

  /** Sweeps until there is no such application any more: again after a while, or as soon as there is room for what was left. */
  async function sweepAgainAndAgain(application: string): Promise<void> {
    const inHand = new Set<string>()
    const capacity = (): number => capacities().get(application) ?? 0
    const hasRoom = (): boolean => inHand.size <= capacity() / 2
    let isRestLeft = false
    while (!signal.aborted) {
      if (!isRestLeft || !hasRoom()) await nap(application)
      if (signal.aborted || capacity() === 0) return
      try {
        isRestLeft = await sweep(application, capacity(), inHand, () => {
          if (isRestLeft && hasRoom()) naps.get(application)?.abort()
        })
      } catch (error) {
        isRestLeft = false
        observer.failed('the sweep could not look for overdue schedules', error)
      }
    }
  }

  async function nap(application: string): Promise<void> {
    const nap = new AbortController()
    naps.set(application, nap)
    await clock.pause(sweepEveryMs * (1 - jitter + 2 * jitter * random()), nap.signal).catch(() => undefined)
  }

  /**
   * Once through all that is overdue, from the soonest on, a page at a time, as far as there is room.
   *
   * @param onSeen called whenever something that was taken in hand has been seen to
   * @returns whether there was no room for the rest
   */
  async function sweep(application: string, capacity: number, inHand: Set<string>, onSeen: () => void): Promise<boolean> {
    const until = clock.now() - sweepGraceMs
    for (let after: string | undefined; !signal.aborted; ) {
      const page = await store.due(application, until, pageRows, after)
      const fresh = page.filter(({ id }) => !inHand.has(id))
      while (fresh.length > 0 && !signal.aborted) {
        const room = capacity - inHand.size
        if (room <= 0) return true
        // Only what `fire` takes needs room: what is under somebody's live lease must not hide what comes behind it.
        await Promise.all(fresh.splice(0, room).map((entry) => take(entry, inHand, onSeen)))
      }
      if (page.length < pageRows) return false
      after = page.at(-1)?.position
    }
    return false
  }

  /** Has a schedule looked at; while it is being seen to, it is in hand. */
  async function take(entry: Due, inHand: Set<string>, onSeen: () => void): Promise<void> {
    try {
      const fired = await fire(entry)
      if (fired.kind !== 'taken') return
      if (fired.isNew) observer.rescued(entry)
      inHand.add(entry.id)
      void fired.done.finally(() => {
        inHand.delete(entry.id)
        onSeen()
      })
    } catch (error) {
      observer.failed('an overdue schedule could not be seen to', error, entry)
    }
  }

  return {
    start() {
      for (const application of capacities().keys()) {
        if (sweeping.has(application)) continue
        const ended = sweepAgainAndAgain(application).finally(() => sweeping.delete(application))
        sweeping.set(application, ended)
      }
    },

    async stop() {
      stopping.abort()
      for (const nap of naps.values()) nap.abort()
      await Promise.all(sweeping.values())
    },
  }
}
