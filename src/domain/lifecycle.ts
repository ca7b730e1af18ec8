import { nextTryAt } from './retry.ts'
import type { Attempt, AttemptOutcome, Content, Delivery, Schedule, Status } from './schedule.ts'

/** The moves that there are. Everything else is a bug. */
export const moves = {
  scheduled: ['delivering', 'canceled'],
  delivering: ['delivering', 'scheduled', 'delivered', 'failed'],
  delivered: [],
  failed: [],
  canceled: [],
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
 * @throws where the schedule is not due: callers ask `readiness` first
 */
export function claim(schedule: Schedule, now: number): Claimed {
  const { dueAt } = schedule
  const earliest = schedule.status === 'delivering' ? dueAt : dueAt === null ? null : dueAt - maxClaimLeadMs
  if (dueAt === null || earliest === null || now < earliest) throw new Error(`claim: ${schedule.status} and not due`)
  const attempts = schedule.delivery === null ? schedule.attempts : keep(schedule.attempts, interrupted(schedule.delivery, now))
  const number = schedule.attemptCount + 1
  return {
    ...moved(schedule, 'delivering', now),
    status: 'delivering',
    dueAt: Math.max(dueAt, now) + leaseMs,
    delivery: { number, dueAt, claimedAt: now },
    attemptCount: number,
    attempts,
  }
}

/** Whether an exchange that starts now would still end within the claim's lease. A suspended process wakes up too late. */
export function mayStillSend(claimed: Claimed, now: number): boolean {
  return now + deliveryDeadlineMs < claimed.dueAt
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
  const dueAt = outcome === 'interrupted' ? now : nextTryAt(retry, tries, random, now, result.retryAfterMs)
  return { ...moved(claimed, 'scheduled', now), ...ended, dueAt, arming: claimed.arming + 1 }
}

export type Cancellation =
  | { readonly kind: 'canceled'; readonly schedule: Schedule }
  | { readonly kind: 'already_canceled' }
  | { readonly kind: 'refused'; readonly reason: 'being_delivered' | 'already_finished' }

/** `scheduled` → `canceled`. Whoever has claimed before was first. */
export function cancel(schedule: Schedule, now: number, retentionMs: number): Cancellation {
  if (schedule.status === 'canceled') return { kind: 'already_canceled' }
  if (schedule.status === 'delivering') return { kind: 'refused', reason: 'being_delivered' }
  if (schedule.status !== 'scheduled') return { kind: 'refused', reason: 'already_finished' }
  return { kind: 'canceled', schedule: finished(schedule, 'canceled', now, retentionMs) }
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

function finished(schedule: Schedule, status: 'delivered' | 'failed' | 'canceled', now: number, retentionMs: number): Schedule {
  return { ...moved(schedule, status, now), dueAt: null, finishedAt: now, removeAt: now + retentionMs }
}

function outcomeOf(verdict: DeliveryResult['verdict'], wasLastTry: boolean): AttemptOutcome {
  if (verdict === 'delivered' || verdict === 'interrupted') return verdict
  return verdict === 'gone' || wasLastTry ? 'failed' : 'retry'
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
