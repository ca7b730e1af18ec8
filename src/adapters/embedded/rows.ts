import { crc32 } from 'node:zlib'
import type { Attempt, Content, Delivery, Method, Schedule, Status } from '../../domain/schedule.ts'
import { states } from './database.ts'

/** A record as it is read from the file. */
export interface Row {
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
  readonly url: string
  readonly method: string
  readonly headers: string
  readonly payload: string | null
  readonly retry: string
  readonly traceparent: string | null
  readonly checksum: number
  readonly content_checksum: number
}

type Value = string | number | null

/** What a move may change, in the order of `movingColumns` but the checksum. Values alone: the names need not cross to the other thread. */
export type MovingValues = readonly Value[]

/** What is sent, and where, in the order of `contentColumns` but the checksum. */
export type ContentValues = readonly Value[]

export const movingColumns = [
  'id',
  'version',
  'state',
  'at',
  'time_zone',
  'expires_at',
  'due_at',
  'arming',
  'request_digest',
  'delivery',
  'attempt_count',
  'tries',
  'attempts',
  'created_at',
  'updated_at',
  'finished_at',
  'remove_at',
  'checksum',
] as const

export const contentColumns = ['url', 'method', 'headers', 'payload', 'retry', 'traceparent', 'content_checksum'] as const

/** The states in the file that amount to a status. */
export const statesOf: Readonly<Record<Status, readonly number[]>> = {
  scheduled: [states.waiting, states.retrying],
  delivering: [states.delivering],
  delivered: [states.delivered],
  failed: [states.failed],
  canceled: [states.canceled],
  expired: [states.expired],
}

export const unfinishedStates: readonly number[] = [...statesOf.scheduled, ...statesOf.delivering]

export const statusOf: ReadonlyMap<number, Status> = new Map(
  Object.entries(statesOf).flatMap(([status, codes]) => codes.map((code) => [code, status as Status])),
)

export function toMovingValues(schedule: Schedule): MovingValues {
  return [
    schedule.id,
    schedule.version,
    stateOf(schedule),
    schedule.at,
    schedule.timeZone,
    schedule.expiresAt,
    schedule.dueAt,
    schedule.arming,
    schedule.requestDigest,
    schedule.delivery === null ? null : JSON.stringify(schedule.delivery),
    schedule.attemptCount,
    schedule.tries,
    schedule.attempts.length === 0 ? '[]' : JSON.stringify(schedule.attempts),
    schedule.createdAt,
    schedule.updatedAt,
    schedule.finishedAt,
    schedule.removeAt,
  ]
}

export function toContentValues({ target, payload, retry, traceparent }: Content): ContentValues {
  return [target.url, target.method, JSON.stringify(target.headers), payload, JSON.stringify(retry), traceparent]
}

/** The checksum of a record's moving values, which covers whose they are. */
export function checksumOfMoving(application: string, name: string, values: MovingValues): number {
  return checksumOf([application, name, ...values])
}

export function checksumOfContent(values: ContentValues): number {
  return checksumOf(values)
}

/** Never 0, which stands for none. */
function checksumOf(values: readonly Value[]): number {
  return crc32(JSON.stringify(values)) || 1
}

function isSound(stored: number, values: readonly Value[]): boolean {
  return stored === 0 || stored === checksumOf(values)
}

/** What is wrong with a row: whether it is as it was written. */
export function damageOfRow(row: Row): string | undefined {
  const moving = [row.application, row.name, ...movingColumns.slice(0, -1).map((column) => row[column])]
  const content = contentColumns.slice(0, -1).map((column) => row[column])
  if (isSound(row.checksum, moving) && isSound(row.content_checksum, content)) return undefined
  return `the record of the schedule ${row.name} of ${row.application}`
}

/** @throws where the row is not as it was written */
export function fromRow(row: Row): Schedule {
  const damage = damageOfRow(row)
  if (damage !== undefined) throw new Error(`the store is damaged (${damage}): restore a backup`)
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
