import type { Clock, Due, Hint, Observer, ScheduleStore, Trigger } from '../../domain/ports.ts'

/** The due index is looked at this long ahead, and again in half that time at the soonest. */
const lookAheadMs = 100
const lookLeadMs = lookAheadMs / 2

/** Looked at this often even if nothing is known to be due: another process may have died, or the clock been set. */
const lookEveryMs = 1000

export interface Timer extends Trigger {
  start(): void
  /** No wake-up comes after this has resolved. */
  stop(): Promise<void>
}

interface Dependencies {
  readonly store: Pick<ScheduleStore, 'due'> & {
    nextDueAt(application: string, after: number): Promise<number | undefined>
  }
  readonly clock: Clock
  readonly observer: Observer
  /** How many schedules of each application may be in hand at once: one that hangs keeps that many, and no more. */
  readonly capacities: () => ReadonlyMap<string, number>
  /** Sees to a schedule, and resolves when that has ended. */
  readonly wake: (hint: Hint) => Promise<void>
}

/**
 * The embedded engine's trigger: one timer, armed for the head of the due index.
 *
 * Nothing is kept in memory but what is due within moments. Each application has a part of the index of its own, so
 * that a thousand overdue ones of an owner that hangs are never even looked at when another owner's is due.
 */
export function makeTimer({ store, clock, observer, capacities, wake }: Dependencies): Timer {
  const inHand = new Map<string, Set<string>>()
  /** What was armed again while it was in hand: it has to be looked at once it is not. */
  const armedAgain = new Set<string>()
  let lookAt = Number.POSITIVE_INFINITY
  let sleeping = new AbortController()
  let looking: Promise<void> | undefined
  let lookAgain = false
  /** What was armed while the index was read may have been read as it was before. */
  const armedMeanwhile = new Set<string>()
  const stopping = new AbortController()

  function lookBy(instant: number): void {
    if (stopping.signal.aborted || instant >= lookAt) return
    lookAt = instant
    sleeping.abort()
    sleeping = new AbortController()
    const { signal } = sleeping
    clock.sleepUntil(instant, signal).then(look, () => undefined)
  }

  function look(): void {
    lookAt = Number.POSITIVE_INFINITY
    if (stopping.signal.aborted) return
    if (looking !== undefined) {
      lookAgain = true
      return
    }
    armedMeanwhile.clear()
    looking = lookAll().finally(() => {
      looking = undefined
      if (lookAgain) {
        lookAgain = false
        look()
      }
    })
  }

  async function lookAll(): Promise<void> {
    const now = clock.now()
    const looks = [...capacities()].map(([application, capacity]) => lookOne(application, capacity, now + lookAheadMs))
    await Promise.all(looks)
  }

  /** Takes in hand what is due by `until`, as far as there is room, and sees to it that the next look is in time. */
  async function lookOne(application: string, capacity: number, until: number): Promise<void> {
    const mine = inHand.get(application) ?? new Set()
    inHand.set(application, mine)
    if (mine.size >= capacity) return
    try {
      const [due, nextDueAt] = await Promise.all([store.due(application, until, capacity), store.nextDueAt(application, until)])
      if (nextDueAt !== undefined) lookBy(nextDueAt - lookLeadMs)
      for (const entry of due) {
        // Once half of them have ended, the rest is looked at: see `take`.
        if (mine.size >= capacity) return
        if (!mine.has(entry.id)) take(mine, entry, capacity)
      }
    } catch (error) {
      observer.failed('the due index could not be read', error)
    }
  }

  function take(mine: Set<string>, entry: Due, capacity: number): void {
    mine.add(entry.id)
    const { application, name, id } = entry
    const hint = armedMeanwhile.has(id) ? { application, name, id } : entry
    const end = (wasSeenTo: boolean): void => {
      mine.delete(entry.id)
      const wasArmed = armedAgain.delete(entry.id)
      // What cannot be seen to would fail again at once: it is looked at again in its turn.
      if (wasArmed || (wasSeenTo && mine.size === Math.floor(capacity / 2))) lookBy(clock.now())
    }
    wake(hint).then(
      () => end(true),
      (error: unknown) => {
        observer.failed('a schedule that is due could not be seen to', error, entry)
        end(false)
      },
    )
  }

  async function lookAgainAndAgain(): Promise<void> {
    while (!stopping.signal.aborted) {
      look()
      await clock.pause(lookEveryMs, stopping.signal).catch(() => undefined)
    }
  }

  return {
    start: () => void lookAgainAndAgain(),

    async arm({ application, id, dueAt }) {
      if (dueAt === null) return
      if (inHand.get(application)?.has(id)) armedAgain.add(id)
      if (looking !== undefined) armedMeanwhile.add(id)
      lookBy(dueAt - lookLeadMs)
    },

    // The record is finished and out of the index: there is nothing to take back.
    async disarm() {},

    async stop() {
      stopping.abort()
      sleeping.abort()
      await looking
    },
  }
}
