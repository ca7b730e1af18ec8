import { nextTryAt } from './retry.ts'
import type { Attempt, AttemptOutcome, Content, Delivery, FinishedStatus, Schedule, Status } from './schedule.ts'
import { lastInstant } from './time.ts'

/** The moves that there are. Everything else is a bug. */
export const moves = {
  scheduled: ['scheduled', 'delivering', 'canceled', 'expired'],
  delivering: ['delivering', 'scheduled', 'delivered', 'failed'],
  delivered: ['scheduled'],
  failed: ['scheduled'],
  canceled: [],
  expired: ['scheduled'],
} as const satisfies Record<Status, readonly Status[]>

/** The whole exchange with the owner takes no longer than this. */
export const deliveryDeadlineMs = 15_000

/** A claim holds this long after the moment of delivery: the deadline, and time to write down what came of it. */
export const leaseMs = deliveryDeadlineMs + 5_000

/**
 * A claim may be taken this much ahead of the moment of delivery, so that its durable write does not make the call late.
 * Who claims too early keeps a caller from canceling, and a place for a delivery from being used.
 */
export const maxClaimLeadMs = 100

/** How much of an owner's answer, and how many attempts, a record keeps. */
export const keptResponseBytes = 1024
export const keptAttempts = 20

/**
 * What an owner made of an attempt: it took it, it wants no more of it, or it is to be asked again. `interrupted`: this
 * process broke it off because it is stopping, so that nobody knows.
 */
export interface DeliveryResult {
  readonly verdict: 'delivered' | 'gone' | 'retry' | 'interrupted'
  readonly startedAt: number
  readonly durationMs: number
  readonly statusCode?: number | undefined
  readonly error?: string | undefined
  readonly responseBody?: string | undefined
  /** The owner's own wish, from `Retry-After`. */
  readonly retryAfterMs?: number | undefined
}

export interface NewSchedule {
  readonly application: string
  readonly name: string
  readonly id: string
  readonly at: number
  readonly timeZone: string | null
  readonly expiresAt: number | null
  readonly content: Content
  readonly requestDigest: string
}

export function create(fields: NewSchedule, now: number): Schedule {
  return {
    ...fields,
    version: 1,
    status: 'scheduled',
    dueAt: fields.at,
    arming: 1,
    delivery: null,
    attemptCount: 0,
    tries: 0,
    attempts: [],
    createdAt: now,
    updatedAt: now,
    finishedAt: null,
    removeAt: null,
  }
}

/** Asks for one more wake-up, under a name of its own; nothing else changes. */
export function armAgain(schedule: Schedule): Schedule {
  return { ...schedule, version: schedule.version + 1, arming: schedule.arming + 1 }
}

/** What a wake-up for the incarnation `id` amounts to at the moment `now`. */
export type Readiness =
  | { readonly kind: 'nothing'; readonly reason: 'unknown' | 'replaced' | 'finished' | 'being_delivered' }
  | { readonly kind: 'due'; readonly dueAt: number }

/** Judges a wake-up by the record. A live lease is somebody else's work; an expired one is due like any attempt. */
export function readiness(schedule: Schedule | undefined, id: string, now: number): Readiness {
  if (schedule === undefined) return { kind: 'nothing', reason: 'unknown' }
  if (schedule.id !== id) return { kind: 'nothing', reason: 'replaced' }
  if (schedule.dueAt === null) return { kind: 'nothing', reason: 'finished' }
  if (schedule.status === 'delivering' && schedule.dueAt > now) return { kind: 'nothing', reason: 'being_delivered' }
  return { kind: 'due', dueAt: schedule.dueAt }
}

/** A schedule that is being delivered, under a lease that ends at `dueAt`. */
export type Claimed = Schedule & { readonly status: 'delivering'; readonly delivery: Delivery; readonly dueAt: number }

/**
 * Takes the next attempt for this process: `scheduled`, or `delivering` with an expired lease → `delivering`.
 *
 * May be called up to `maxClaimLeadMs` ahead of `dueAt`; whoever claims sends at `delivery.dueAt`, not before.
 *
 * ```
 *  a little ahead          dueAt                    dueAt + 15 s         dueAt + 20 s
 *        claim ──────────── send ···· exchange ······ deadline ···settle··· lease ends: anyone may claim
 * ```
 *
 * @throws where the schedule is not due, or has expired: callers ask `readiness` and `hasExpired` first
 */
export function claim(schedule: Schedule, now: number): Claimed {
  const { dueAt } = schedule
  const earliest = schedule.status === 'delivering' ? dueAt : dueAt === null ? null : dueAt - maxClaimLeadMs
  if (dueAt === null || earliest === null || now < earliest) throw new Error(`claim: ${schedule.status} and not due`)
  if (hasExpired(schedule, now)) throw new Error('claim: it has expired')
  const number = schedule.attemptCount + 1
  return {
    ...moved(schedule, 'delivering', now),
    status: 'delivering',
    dueAt: Math.max(dueAt, now) + leaseMs,
    delivery: { number, dueAt, claimedAt: now },
    attemptCount: number,
    attempts: endedAttempts(schedule, now),
  }
}

/**
 * Whether an exchange that starts now would still end within the claim's lease, and starts before the schedule expires. A
 * suspended process wakes up too late.
 */
export function mayStillSend(claimed: Claimed, now: number): boolean {
  return now + deliveryDeadlineMs < claimed.dueAt && (claimed.expiresAt === null || now < claimed.expiresAt)
}

/** Whether the next attempt could not begin before the schedule expires. */
export function hasExpired({ dueAt, expiresAt }: Schedule, now: number): boolean {
  return dueAt !== null && expiresAt !== null && Math.max(dueAt, now) >= expiresAt
}

/**
 * `scheduled` → `expired`. What is left of a dead process (`delivering` under an expired lease) is `scheduled` again
 * before that, as any attempt is that nobody knows the end of.
 */
export function expire(schedule: Schedule, now: number, retentionMs: number): Schedule {
  const attempts = endedAttempts(schedule, now)
  const waiting = schedule.status === 'delivering' ? moved(schedule, 'scheduled', now) : schedule
  return { ...finished(waiting, 'expired', now, retentionMs), delivery: null, attempts }
}

/**
 * Writes down what came of the claimed attempt: `delivered`, `failed`, or `scheduled` again: for a retry after the
 * backoff, or at once where the attempt was interrupted.
 */
export function settle(claimed: Claimed, result: DeliveryResult, now: number, random: number, retentionMs: number): Schedule {
  const { retry } = claimed.content
  const tries = result.verdict === 'interrupted' ? claimed.tries : claimed.tries + 1
  const outcome = outcomeOf(result.verdict, tries >= retry.maxAttempts)
  const attempt: Attempt = {
    number: claimed.delivery.number,
    dueAt: claimed.delivery.dueAt,
    startedAt: result.startedAt,
    durationMs: result.durationMs,
    outcome,
    statusCode: result.statusCode,
    error: result.error,
    responseBody: result.responseBody,
  }
  const ended = { delivery: null, tries, attempts: keep(claimed.attempts, attempt) }
  if (outcome === 'delivered' || outcome === 'failed') return { ...finished(claimed, outcome, now, retentionMs), ...ended }
  const nextAt = outcome === 'interrupted' ? now : nextTryAt(retry, tries, random, now, result.retryAfterMs)
  // Where no attempt is left before it expires, that is the next moment to look at it.
  const dueAt = Math.min(nextAt, claimed.expiresAt ?? nextAt)
  return { ...moved(claimed, 'scheduled', now), ...ended, dueAt, arming: claimed.arming + 1 }
}

/** A move that a caller asked for, or why it is not possible. */
export type Move =
  | { readonly kind: 'moved'; readonly schedule: Schedule }
  | { readonly kind: 'refused'; readonly reason: 'being_delivered' | 'already_finished' }

export type Cancellation = Move | { readonly kind: 'already_canceled' }

/** `scheduled` → `canceled`. Whoever has claimed before was first. */
export function cancel(schedule: Schedule, now: number, retentionMs: number): Cancellation {
  if (schedule.status === 'canceled') return { kind: 'already_canceled' }
  return whileScheduled(schedule, () => finished(schedule, 'canceled', now, retentionMs))
}

/** What a caller may change of a schedule; what is undefined stays as it is. */
export interface Change {
  readonly when?: { readonly at: number; readonly timeZone: string | null } | undefined
  readonly content?: Partial<Content> | undefined
  /** Counted from `at`; null: never. */
  readonly expiresAfterMs?: number | null | undefined
}

/**
 * `scheduled` → `scheduled`, at another moment or with other content. What was to expire a while after `at` does so a
 * while after the new one. It is armed under another number, since whoever holds the record as it was drops it.
 */
export function reschedule(schedule: Schedule, { when, content, expiresAfterMs }: Change, now: number): Move {
  return whileScheduled(schedule, () => {
    const { at, timeZone } = when ?? schedule
    const keptMs = schedule.expiresAt === null ? null : schedule.expiresAt - schedule.at
    const expiresMs = expiresAfterMs === undefined ? keptMs : expiresAfterMs
    const expiresAt = expiresMs === null ? null : Math.min(at + expiresMs, lastInstant)
    const nextAt = when?.at ?? schedule.dueAt ?? at
    return {
      ...moved(schedule, 'scheduled', now),
      at,
      timeZone,
      expiresAt,
      dueAt: Math.min(nextAt, expiresAt ?? nextAt),
      arming: schedule.arming + 1,
      content: content === undefined ? schedule.content : { ...schedule.content, ...content },
    }
  })
}

/**
 * Makes the next attempt due now: ahead of its time, or, of a finished schedule, once more with all its tries. Whoever
 * asks for that does not mind that it has expired.
 */
export function runNow(schedule: Schedule, now: number): Move {
  if (schedule.status === 'delivering') return { kind: 'refused', reason: 'being_delivered' }
  if (schedule.status === 'canceled') return { kind: 'refused', reason: 'already_finished' }
  const { expiresAt } = schedule
  const due = {
    ...moved(schedule, 'scheduled', now),
    dueAt: now,
    arming: schedule.arming + 1,
    expiresAt: expiresAt !== null && expiresAt > now ? expiresAt : null,
  }
  if (!isFinished(schedule)) return { kind: 'moved', schedule: due }
  return { kind: 'moved', schedule: { ...due, tries: 0, finishedAt: null, removeAt: null } }
}

function whileScheduled(schedule: Schedule, move: () => Schedule): Move {
  if (schedule.status === 'scheduled') return { kind: 'moved', schedule: move() }
  return { kind: 'refused', reason: schedule.status === 'delivering' ? 'being_delivered' : 'already_finished' }
}

/** Whether nothing more will happen to it, so that its name is free again. */
export function isFinished(schedule: Schedule): boolean {
  return schedule.dueAt === null
}

function moved(schedule: Schedule, to: Status, now: number): Schedule {
  const allowed: readonly Status[] = moves[schedule.status]
  if (!allowed.includes(to)) throw new Error(`no move from ${schedule.status} to ${to}`)
  return { ...schedule, status: to, version: schedule.version + 1, updatedAt: now }
}

function finished(schedule: Schedule, status: FinishedStatus, now: number, retentionMs: number): Schedule {
  return { ...moved(schedule, status, now), dueAt: null, finishedAt: now, removeAt: now + retentionMs }
}

function outcomeOf(verdict: DeliveryResult['verdict'], wasLastTry: boolean): AttemptOutcome {
  if (verdict === 'delivered' || verdict === 'interrupted') return verdict
  return verdict === 'gone' || wasLastTry ? 'failed' : 'retry'
}

/** The attempts that have ended; one whose lease has expired is among them. */
function endedAttempts({ attempts, delivery }: Schedule, now: number): readonly Attempt[] {
  return delivery === null ? attempts : keep(attempts, interrupted(delivery, now))
}

function interrupted(delivery: Delivery, now: number): Attempt {
  return {
    number: delivery.number,
    dueAt: delivery.dueAt,
    startedAt: Math.max(delivery.claimedAt, delivery.dueAt),
    durationMs: Math.max(0, now - Math.max(delivery.claimedAt, delivery.dueAt)),
    outcome: 'interrupted',
    error: 'the process that made this attempt ended before it could write down what came of it',
  }
}

function keep(attempts: readonly Attempt[], latest: Attempt): readonly Attempt[] {
  return [...attempts, latest].slice(-keptAttempts)
}
