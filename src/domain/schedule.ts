import type { RetryPolicy } from './retry.ts'

export const statuses = ['scheduled', 'delivering', 'delivered', 'failed', 'canceled', 'expired'] as const
export type Status = (typeof statuses)[number]
export type FinishedStatus = Exclude<Status, 'scheduled' | 'delivering'>

/** Those that a timeline tells apart: what is not finished is `scheduled`. */
export const timelineStatuses = ['scheduled', 'delivered', 'failed', 'canceled', 'expired'] as const satisfies readonly Status[]
export type TimelineStatus = (typeof timelineStatuses)[number]

export const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const
export type Method = (typeof methods)[number]

export interface Target {
  readonly url: string
  readonly method: Method
  readonly headers: Readonly<Record<string, string>>
}

/** What is to be sent, and where. Moves that do not change it hand it on, so adapters may tell by identity that it is the same. */
export interface Content {
  readonly target: Target
  /** The JSON text exactly as the caller wrote it, so that the owner gets the very same bytes; null: an empty body. */
  readonly payload: string | null
  readonly retry: RetryPolicy
  /** W3C trace context of the creating request, passed on to the owner. */
  readonly traceparent: string | null
}

/**
 * How an attempt ended. `interrupted`: nobody knows, because its process died or was suspended past its lease; such an
 * attempt is made again and does not count against the retry policy.
 */
export type AttemptOutcome = 'delivered' | 'retry' | 'failed' | 'interrupted'

export interface Attempt {
  readonly number: number
  readonly dueAt: number
  readonly startedAt: number
  readonly durationMs: number
  readonly outcome: AttemptOutcome
  readonly statusCode?: number | undefined
  readonly error?: string | undefined
  /** The first 1 KiB of the owner's answer. */
  readonly responseBody?: string | undefined
}

/** The attempt that is under way, in status `delivering`. */
export interface Delivery {
  readonly number: number
  /** When it should reach the owner. */
  readonly dueAt: number
  readonly claimedAt: number
}

/** The record of one schedule: the truth that every wake-up is judged by. All times are milliseconds since the epoch. */
export interface Schedule {
  readonly application: string
  readonly name: string
  /** One incarnation of the name; never used again. */
  readonly id: string
  /** Counts the changes of the record; every change is conditional on the one that was read. */
  readonly version: number
  readonly status: Status
  /** The moment that was asked for. */
  readonly at: number
  /** The IANA time zone that it was asked for in, as a local time. */
  readonly timeZone: string | null
  /** No attempt begins at this moment or later. */
  readonly expiresAt: number | null
  /**
   * The one field that time looks at: when scheduled, the next attempt; when delivering, the end of the lease, so that
   * an expired lease means a dead process; null once finished.
   */
  readonly dueAt: number | null
  /** Counts the wake-ups that were asked for, so that each can have a name of its own. */
  readonly arming: number
  readonly content: Content
  /** SHA-256 (base64url) of the creating request's body: tells a retried request from another one. */
  readonly requestDigest: string
  readonly delivery: Delivery | null
  /** Attempts begun so far. */
  readonly attemptCount: number
  /** Attempts that count against the retry policy. */
  readonly tries: number
  /** The last attempts that have ended, oldest first. */
  readonly attempts: readonly Attempt[]
  readonly createdAt: number
  readonly updatedAt: number
  readonly finishedAt: number | null
  /** When the finished record is removed. */
  readonly removeAt: number | null
}

/** "Look at this schedule": who says so knows only this much, and the record decides. */
export interface WakeUp {
  readonly application: string
  readonly name: string
  readonly id: string
}
