import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { Attempt, Content, Delivery, FinishedStatus, Method, Schedule, Status } from '../../domain/schedule.ts'

export type Item = Record<string, AttributeValue>

/** Attributes by name; undefined ones are not there. */
export type Attributes = Readonly<Record<string, unknown>>

/** How an application's records are divided in the indexes. What is being delivered stays where it was before. */
export type State = 'waiting' | 'retrying' | FinishedStatus

/** The states in which records of a status are found. */
export const statesOf: Readonly<Record<Status, readonly State[]>> = {
  scheduled: ['waiting', 'retrying'],
  delivering: ['waiting', 'retrying'],
  delivered: ['delivered'],
  failed: ['failed'],
  canceled: ['canceled'],
  expired: ['expired'],
}

export const allStates: readonly State[] = ['waiting', 'retrying', 'delivered', 'failed', 'canceled', 'expired']

/**
 * A partition of an index takes about 1,000 writes a second: so many of them make room for as many times that, for each
 * application.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
export const shards = [0, 1, 2, 3] as const

export function bucketOf(application: string, state: State, shard: number): string {
  return `${application}#${state}#${shard}`
}

const digitsOfInstant = 15

/** Instants as text, in the order of time. */
export function orderOf(instant: number): string {
  return String(instant).padStart(digitsOfInstant, '0')
}

/** A record's place in a bucket of an index: by a moment, and among those of one moment by name. */
export function positionOf(instant: number, name: string): string {
  return `${orderOf(instant)}#${name}`
}

export function instantOf(position: string): number {
  return Number(position.slice(0, digitsOfInstant))
}

/** What a move may change. `writeToken` tells this write from everybody else's. */
export function movingAttributes(schedule: Schedule, writeToken: string): Attributes {
  const { status, delivery, removeAt } = schedule
  // Of what is being delivered, the moment of that attempt: it is found by it until its attempt is settled.
  const indexedAt = status === 'delivering' ? delivery?.dueAt : (schedule.dueAt ?? undefined)
  const state = stateOf(status, indexedAt === schedule.at)
  return {
    id: schedule.id,
    version: schedule.version,
    status,
    timeZone: schedule.timeZone ?? undefined,
    expiresAt: schedule.expiresAt ?? undefined,
    dueAt: schedule.dueAt ?? undefined,
    arming: schedule.arming,
    delivery: delivery ?? undefined,
    attemptCount: schedule.attemptCount,
    tries: schedule.tries,
    attempts: schedule.attempts.length === 0 ? undefined : schedule.attempts,
    updatedAt: schedule.updatedAt,
    finishedAt: schedule.finishedAt ?? undefined,
    removeAt: removeAt ?? undefined,
    // Rounded up: never removed too early.
    ttl: removeAt === null ? undefined : Math.ceil(removeAt / 1000),
    writeToken,
    bucket: bucketOf(schedule.application, state, shardOf(schedule.id)),
    position: positionOf(schedule.at, schedule.name),
    retryPosition: state === 'retrying' && indexedAt !== undefined ? positionOf(indexedAt, schedule.name) : undefined,
  }
}

function lastingAttributes({ application, name, requestDigest, createdAt, content }: Schedule): Attributes {
  const { target, payload, retry, traceparent } = content
  return {
    application,
    name,
    requestDigest,
    createdAt,
    url: target.url,
    method: target.method,
    headers: Object.keys(target.headers).length === 0 ? undefined : target.headers,
    payload: payload ?? undefined,
    retry: [retry.maxAttempts, retry.initialDelaySeconds, retry.maxDelaySeconds],
    traceparent: traceparent ?? undefined,
  }
}

export function toItem(schedule: Schedule, writeToken: string): Item {
  return toValues({ ...lastingAttributes(schedule), ...movingAttributes(schedule, writeToken) })
}

export function toValues(attributes: Attributes): Item {
  return marshall(attributes, { removeUndefinedValues: true })
}

/** An item as it was marshalled. */
interface Stored {
  readonly application: string
  readonly name: string
  readonly requestDigest: string
  readonly createdAt: number
  readonly url: string
  readonly method: Method
  readonly headers?: Readonly<Record<string, string>>
  readonly payload?: string
  readonly retry: readonly [maxAttempts: number, initialDelaySeconds: number, maxDelaySeconds: number]
  readonly traceparent?: string
  readonly id: string
  readonly version: number
  readonly status: Status
  readonly position: string
  readonly timeZone?: string
  readonly expiresAt?: number
  readonly dueAt?: number
  readonly arming: number
  readonly delivery?: Delivery
  readonly attemptCount: number
  readonly tries: number
  readonly attempts?: readonly Attempt[]
  readonly updatedAt: number
  readonly finishedAt?: number
  readonly removeAt?: number
}

export function fromItem(item: Item): Schedule {
  const stored = unmarshall(item) as Stored
  const [maxAttempts, initialDelaySeconds, maxDelaySeconds] = stored.retry
  const content: Content = {
    target: { url: stored.url, method: stored.method, headers: stored.headers ?? {} },
    payload: stored.payload ?? null,
    retry: { maxAttempts, initialDelaySeconds, maxDelaySeconds },
    traceparent: stored.traceparent ?? null,
  }
  return {
    application: stored.application,
    name: stored.name,
    id: stored.id,
    version: stored.version,
    status: stored.status,
    at: instantOf(stored.position),
    timeZone: stored.timeZone ?? null,
    expiresAt: stored.expiresAt ?? null,
    dueAt: stored.dueAt ?? null,
    arming: stored.arming,
    content,
    requestDigest: stored.requestDigest,
    delivery: stored.delivery ?? null,
    attemptCount: stored.attemptCount,
    tries: stored.tries,
    attempts: stored.attempts ?? [],
    createdAt: stored.createdAt,
    updatedAt: stored.updatedAt,
    finishedAt: stored.finishedAt ?? null,
    removeAt: stored.removeAt ?? null,
  }
}

/** DynamoDB removes expired items within days, not at once: until then they are there and do not count. */
export function isExpired({ removeAt }: Schedule, now: number): boolean {
  return removeAt !== null && removeAt <= now
}

/** An item's size as DynamoDB bills it, roughly: names and values as UTF-8. */
export function bytesOf(item: Item): number {
  return Buffer.byteLength(JSON.stringify(item))
}

function stateOf(status: Status, isFirstAttempt: boolean): State {
  if (status !== 'scheduled' && status !== 'delivering') return status
  return isFirstAttempt ? 'waiting' : 'retrying'
}

/** By the last digit of the id, which is random. */
function shardOf(id: string): number {
  return Number.parseInt(id.slice(-1), 16) % shards.length
}
