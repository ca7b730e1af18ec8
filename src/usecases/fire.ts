import { AppError } from '../domain/errors.ts'
import { type Claimed, claim, type DeliveryResult, expire, hasExpired, mayStillSend, readiness, settle } from '../domain/lifecycle.ts'
import type { Clock, Hint, Observer, Owner, ScheduleStore, Trigger } from '../domain/ports.ts'
import type { Schedule, WakeUp } from '../domain/schedule.ts'
import type { Release, Slots } from './slots.ts'

/**
 * A wake-up at most this early is held in this process until it is time; of an earlier one, another will come. It is the
 * longest lead that EventBridge is asked with (90 s), and the minute that it may be early by if it goes by whole minutes.
 */
export const holdMs = 150_000

/** A held record that was too large to keep is read again this long ahead, so that the reading does not make the call late. */
export const readLeadMs = 250

/** A payload up to this many characters waits in memory with its record; of a larger one only the wake-up does. */
const keptPayload = 2048

/** How often writing down an attempt's result is tried again while the store fails. */
const settleRetryMs = 500

/** How often it is looked whether all is at rest. */
const restMs = 2

/**
 * What came of a wake-up. `taken`: it is seen to in this process, by this wake-up (`isNew`) or an earlier one, and `done`
 * resolves when that has ended.
 */
export type Fired =
  | { readonly kind: 'nothing'; readonly reason: 'unknown' | 'replaced' | 'finished' | 'being_delivered' | 'too_early' }
  | { readonly kind: 'taken'; readonly isNew: boolean; readonly done: Promise<void> }

export interface Firing {
  /**
   * Looks at a schedule and, if it is time, delivers it. Every wake-up ends here, whoever sends it: one that comes
   * twice, early, late or for a canceled schedule changes nothing but timing. Who has just read the record passes it on.
   *
   * @throws AppError `unavailable` where the record could not be read, or this process is stopping
   */
  fire(hint: Hint): Promise<Fired>
  /** How many wake-ups are held in this process until their time. */
  held(): number
  /** Resolves when nothing is under way here but what waits for the clock. */
  atRest(): Promise<void>
  /** Takes up nothing more, and resolves when every delivery under way has ended and is written down. */
  stop(): Promise<void>
}

interface Dependencies {
  readonly store: ScheduleStore
  readonly trigger: Trigger
  readonly owner: Owner
  readonly clock: Clock
  readonly slots: Slots
  readonly observer: Observer
  readonly random: () => number
  readonly retentionMs: number
  /** The engine's. */
  readonly claimLeadMs: number
  /** Told of what was held here, and is not any more since this process is stopping. */
  readonly letGo: (wakeUp: WakeUp) => void
}

export function makeFiring({
  store,
  trigger,
  owner,
  clock,
  slots,
  observer,
  random,
  retentionMs,
  claimLeadMs,
  letGo,
}: Dependencies): Firing {
  const stopping = new AbortController()
  const { signal } = stopping
  /** What is seen to here, by incarnation and arming: the same wake-up again has nothing to add. */
  const inHand = new Map<string, Promise<void>>()
  let held = 0

  async function fire({ record, ...wakeUp }: Hint): Promise<Fired> {
    if (signal.aborted) throw new AppError('unavailable', 'This process is stopping: ask another one.', { retryAfterSeconds: 1 })
    const schedule = record ?? (await store.get(wakeUp.application, wakeUp.name))
    const now = clock.now()
    const ready = readiness(schedule, wakeUp.id, now)
    if (ready.kind === 'nothing') return ready
    if (schedule === undefined || ready.dueAt - now > holdMs) return { kind: 'nothing', reason: 'too_early' }
    const key = `${schedule.id}-${schedule.arming}`
    const done = inHand.get(key)
    if (done !== undefined) return { kind: 'taken', isNew: false, done }
    const mayWait = ready.dueAt - now <= readLeadMs || isSmall(schedule)
    const work = mayWait ? attempt(schedule, ready.dueAt) : attemptLater(wakeUp, ready.dueAt)
    return { kind: 'taken', isNew: true, done: track(key, wakeUp, work) }
  }

  async function hold(instant: number): Promise<void> {
    held++
    try {
      await clock.sleepUntil(instant, signal)
    } finally {
      held--
    }
  }

  /** Only the wake-up waits in memory. Whoever changes the record meanwhile asks for a wake-up of its own. */
  async function attemptLater(wakeUp: WakeUp, dueAt: number): Promise<void> {
    await hold(dueAt - readLeadMs)
    const schedule = await store.get(wakeUp.application, wakeUp.name)
    const ready = readiness(schedule, wakeUp.id, clock.now())
    if (schedule !== undefined && ready.kind === 'due' && ready.dueAt <= dueAt) await attempt(schedule, ready.dueAt)
  }

  async function attempt(schedule: Schedule, dueAt: number): Promise<void> {
    // What expires needs no place for a delivery.
    if (hasExpired(schedule, clock.now())) return letExpire(schedule, dueAt)
    // What a dead process has left is anybody's when its lease has ended, and not before.
    const release = await placeAt(schedule.status === 'delivering' ? dueAt : dueAt - claimLeadMs, schedule.application)
    let claimed: Claimed
    let result: DeliveryResult
    try {
      const now = clock.now()
      if (hasExpired(schedule, now)) return await letExpire(schedule, dueAt)
      claimed = claim(schedule, now)
      // Of all who wake up for this record, one gets past this line; and nobody does where it has changed since it was read.
      if (!(await store.replace(schedule, claimed))) return
      // A crash from here on leaves a lease behind, which expires: another attempt, with the same id.
      // Where much wakes up at once the clock may be set back before it is this one's turn.
      while (clock.now() < claimed.delivery.dueAt) await clock.sleepUntil(claimed.delivery.dueAt)
      if (!mayStillSend(claimed, clock.now())) return
      const { application, name, id, content, delivery } = claimed
      result = await owner.deliver({ application, name, id, content, attempt: delivery.number, dueAt: delivery.dueAt })
    } finally {
      release()
    }
    await writeDown(claimed, settle(claimed, result, clock.now(), random(), retentionMs))
  }

  /**
   * The place comes before the claim: a lease that runs while its delivery waits for a place would expire there. And no
   * place waits for a clock that was set back while it was waited for.
   */
  async function placeAt(instant: number, application: string): Promise<Release> {
    for (;;) {
      await hold(instant)
      const release = await slots.acquire(application)
      if (clock.now() >= instant) return release
      release()
    }
  }

  async function letExpire(schedule: Schedule, dueAt: number): Promise<void> {
    await hold(dueAt)
    const expired = expire(schedule, clock.now(), retentionMs)
    if (await store.replace(schedule, expired)) observer.expired(expired)
  }

  async function writeDown(claimed: Claimed, settled: Schedule): Promise<void> {
    if (!(await replaceWhileLeased(claimed, settled))) return
    const last = settled.attempts.at(-1)
    if (last !== undefined) observer.attempted(settled, last)
    // A crash here leaves a retry without a wake-up: overdue, it is found like any other.
    if (settled.status === 'scheduled') await trigger.arm(settled)
  }

  /** Tries as long as the lease lives: after that the attempt is anybody's to make again. */
  async function replaceWhileLeased(claimed: Claimed, settled: Schedule): Promise<boolean> {
    for (;;) {
      try {
        const written = await store.replace(claimed, settled)
        if (!written) observer.failed('an attempt outlived its lease, and another process has taken over', undefined, claimed)
        return written
      } catch (error) {
        observer.failed('the result of an attempt could not be written down', error, claimed)
        if (clock.now() + settleRetryMs >= claimed.dueAt) return false
        await clock.pause(settleRetryMs)
      }
    }
  }

  function track(key: string, wakeUp: WakeUp, work: Promise<void>): Promise<void> {
    const done = work
      .catch((error: unknown) => {
        if (error === signal.reason) letGo(wakeUp)
        else observer.failed('a delivery was broken off', error, wakeUp)
      })
      .finally(() => inHand.delete(key))
    inHand.set(key, done)
    return done
  }

  return {
    fire,
    held: () => held,

    async atRest() {
      while (inHand.size > held) await clock.pause(restMs)
    },

    async stop() {
      const reason = new Error('stopping')
      stopping.abort(reason)
      slots.close(reason)
      while (inHand.size > 0) await Promise.all(inHand.values())
    },
  }
}

function isSmall({ content, attempts }: Schedule): boolean {
  return attempts.length === 0 && (content.payload?.length ?? 0) <= keptPayload
}
