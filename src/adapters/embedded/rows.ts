import type { Attempt, Content, Delivery, Method, Schedule, Status } from '../../domain/schedule.ts'
import { states } from './database.ts'

/** What a record is between the threads and in the file: flat, so that it is cheap to hand over. */
export interface ScheduleRow {
  readonly application: string
  readonly name: string
  readonly id: string
  readonly version: number
  readonly state: number
  readonly at: number
  readonly time_zone: string | null
  readonly expires_at: number | null
  readonly due_at: number | null
  readonly arming: number
  readonly request_digest: string
  readonly delivery: string | null
  readonly attempt_count: number
  readonly tries: number
  readonly attempts: string
  readonly created_at: number
  readonly updated_at: number
  readonly finished_at: number | null
  readonly remove_at: number | null
}

export interface ContentRow {
  readonly url: string
  readonly method: string
  readonly headers: string
  readonly payload: string | null
  readonly retry: string
  readonly traceparent: string | null
}

/** The states in the file that amount to a status. */
export const statesOf: Readonly<Record<Status, readonly number[]>> = {
  scheduled: [states.waiting, states.retrying],
  delivering: [states.delivering],
  delivered: [states.delivered],
  failed: [states.failed],
  canceled: [states.canceled],
  expired: [states.expired],
}

export const statusOf: ReadonlyMap<number, Status> = new Map(
  Object.entries(statesOf).flatMap(([status, codes]) => codes.map((code) => [code, status as Status])),
)

export function toScheduleRow(schedule: Schedule): ScheduleRow {
  return {
    application: schedule.application,
    name: schedule.name,
    id: schedule.id,
    version: schedule.version,
    state: stateOf(schedule),
    at: schedule.at,
    time_zone: schedule.timeZone,
    expires_at: schedule.expiresAt,
    due_at: schedule.dueAt,
    arming: schedule.arming,
    request_digest: schedule.requestDigest,
    delivery: schedule.delivery === null ? null : JSON.stringify(schedule.delivery),
    attempt_count: schedule.attemptCount,
    tries: schedule.tries,
    attempts: schedule.attempts.length === 0 ? '[]' : JSON.stringify(schedule.attempts),
    created_at: schedule.createdAt,
    updated_at: schedule.updatedAt,
    finished_at: schedule.finishedAt,
    remove_at: schedule.removeAt,
  }
}

export function toContentRow({ target, payload, retry, traceparent }: Content): ContentRow {
  return {
    url: target.url,
    method: target.method,
    headers: JSON.stringify(target.headers),
    payload,
    retry: JSON.stringify(retry),
    traceparent,
  }
}

export function fromRow(row: ScheduleRow & ContentRow): Schedule {
  const status = statusOf.get(row.state)
  if (status === undefined) throw new Error(`the store holds a schedule in a state that does not exist: ${row.state}`)
  return {
    application: row.application,
    name: row.name,
    id: row.id,
    version: row.version,
    status,
    at: row.at,
    timeZone: row.time_zone,
    expiresAt: row.expires_at,
    dueAt: row.due_at,
    arming: row.arming,
    content: {
      target: { url: row.url, method: row.method as Method, headers: JSON.parse(row.headers) as Record<string, string> },
      payload: row.payload,
      retry: JSON.parse(row.retry) as Content['retry'],
      traceparent: row.traceparent,
    },
    requestDigest: row.request_digest,
    delivery: row.delivery === null ? null : (JSON.parse(row.delivery) as Delivery),
    attemptCount: row.attempt_count,
    tries: row.tries,
    attempts: JSON.parse(row.attempts) as Attempt[],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
    removeAt: row.remove_at,
  }
}

function stateOf({ status, dueAt, at }: Schedule): number {
  if (status === 'scheduled') return dueAt === at ? states.waiting : states.retrying
  return states[status]
}
