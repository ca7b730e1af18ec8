import { setTimeout as sleep } from 'node:timers/promises'
import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb'
import type { Counts, Due, ListQuery, ScheduleStore, Timeline, TimelineQuery } from '../../domain/ports.ts'
import type { Schedule } from '../../domain/schedule.ts'
import { lastInstant } from '../../domain/time.ts'
import { countEntries, type KeyRange } from './countEntries.ts'
import { allStates, bucketOf, bytesOf, fromItem, type Item, instantOf, isExpired, orderOf, type State, shards, statesOf } from './item.ts'
import { indexes } from './table.ts'

/** A page is cut off at about this size, so that a thousand large schedules do not become one answer. */
const pageBytes = 2 * 1024 * 1024

/** Records are fetched so many at a time: few enough that a page of large ones is not exceeded by much. */
const fetchedAtOnce = 25

/** What is being delivered was due by now; replicas' clocks differ by less than this. */
const clockSkewMs = 60_000

/** Before the characters of every name, so that what follows a position begins here. */
const lowestCharacter = '!'

/** An entry of an index. */
interface Entry {
  readonly application: string
  readonly name: string
  readonly id: string
  readonly position: string
}

interface Found {
  readonly items: readonly Schedule[]
  /** Where the page ended, if more may follow. */
  readonly position: string | undefined
}

export interface Listing {
  /** @param after a position that an earlier page ended at */
  list(query: ListQuery, after: string | undefined, now: number): Promise<Found>
  due: ScheduleStore['due']
  timeline: Timeline['timeline']
}

/** Reads several records at once, by way of the indexes. */
export function makeListing(client: DynamoDBClient, tableName: string): Listing {
  /** The entries of one bucket of an index in order, fetched as they are asked for. */
  async function* entriesOf(index: keyof typeof indexes, bucket: string, range: KeyRange, chunk: number): AsyncGenerator<Entry> {
    const { name: IndexName, partition, sort } = indexes[index]
    const query: QueryCommandInput = {
      TableName: tableName,
      IndexName,
      KeyConditionExpression: '#partition = :bucket AND #sort BETWEEN :low AND :high',
      ExpressionAttributeNames: { '#partition': partition, '#sort': sort },
      ExpressionAttributeValues: { ':bucket': { S: bucket }, ':low': { S: range.low }, ':high': { S: range.high } },
      Limit: chunk,
    }
    let start: Item | undefined
    do {
      const page: QueryCommandOutput = await client.send(new QueryCommand({ ...query, ExclusiveStartKey: start }))
      for (const { application, name, id, [sort]: position } of page.Items ?? [])
        yield { application: application?.S ?? '', name: name?.S ?? '', id: id?.S ?? '', position: position?.S ?? '' }
      start = page.LastEvaluatedKey
    } while (start !== undefined)
  }

  /** The records of these entries as they are now, in their order; what is gone, or has another moment by now, is left out. */
  async function fetch(entries: readonly Entry[]): Promise<Item[]> {
    const found = new Map<string, Item>()
    let pauseMs = 0
    let keys: Item[] | undefined = entries.map(({ application, name }) => ({ application: { S: application }, name: { S: name } }))
    while (keys !== undefined && keys.length > 0) {
      const answer: BatchGetItemCommandOutput = await client.send(
        new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: keys, ConsistentRead: true } } }),
      )
      for (const item of answer.Responses?.[tableName] ?? []) found.set(item.name?.S ?? '', item)
      // What did not fit into one answer, or was throttled.
      keys = answer.UnprocessedKeys?.[tableName]?.Keys
      if (keys !== undefined && keys.length > 0) await sleep(pauseMs)
      pauseMs = Math.min(2 * pauseMs + 20, 500)
    }
    return entries.flatMap(({ name, position }) => {
      const item = found.get(name)
      return item?.position?.S === position ? [item] : []
    })
  }

  /** Soonest first: the buckets' entries are in order each, so that a page of each at most is read, whatever there is. */
  async function listByTime(query: ListQuery, after: string | undefined, now: number): Promise<Found> {
    const { application, status, limit, from = 0, to = lastInstant + 1 } = query
    const end = status === 'delivering' ? Math.min(to, now + clockSkewMs) : to
    const range = rangeOf(from, end, after)
    if (range === undefined) return { items: [], position: undefined }
    const buckets = bucketsOf(application, status === undefined ? allStates : statesOf[status])
    const chunk = 4 + Math.ceil((2 * limit) / buckets.length)
    // One more than asked for tells whether there is more.
    const entries = await take(limit + 1, merge(buckets.map((bucket) => entriesOf('listing', bucket, range, chunk))))

    const items: Schedule[] = []
    let bytes = 0
    let looked = 0
    while (looked < Math.min(entries.length, limit) && bytes < pageBytes) {
      const group = entries.slice(looked, Math.min(looked + fetchedAtOnce, limit))
      for (const item of await fetch(group)) {
        bytes += bytesOf(item)
        items.push(fromItem(item))
      }
      looked += group.length
    }
    const last = looked < entries.length ? entries[looked - 1] : undefined
    return { items: items.filter((schedule) => matches(schedule, query, now)), position: last?.position }
  }

  /** By name: the table itself is in that order. What does not match makes a page shorter, not dearer. */
  async function listByName(query: ListQuery, prefix: string, after: string | undefined, now: number): Promise<Found> {
    const { application, limit } = query
    const items: Schedule[] = []
    let bytes = 0
    let looked = 0
    let start: Item | undefined = after === undefined ? undefined : { application: { S: application }, name: { S: after } }
    do {
      const page: QueryCommandOutput = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: '#application = :application AND begins_with(#name, :prefix)',
          ExpressionAttributeNames: { '#application': 'application', '#name': 'name' },
          ExpressionAttributeValues: { ':application': { S: application }, ':prefix': { S: prefix } },
          ExclusiveStartKey: start,
          ConsistentRead: true,
          Limit: Math.min(limit - looked, fetchedAtOnce),
        }),
      )
      for (const item of page.Items ?? []) {
        looked++
        bytes += bytesOf(item)
        items.push(fromItem(item))
      }
      start = page.LastEvaluatedKey
    } while (start !== undefined && looked < limit && bytes < pageBytes)
    return { items: items.filter((schedule) => matches(schedule, query, now)), position: start?.name?.S }
  }

  async function countsIn({ application, statuses, countedUpTo }: TimelineQuery, from: number, to: number): Promise<Counts> {
    const range = rangeOf(from, to, undefined)
    const counted = statuses.map(async (status) => {
      const buckets = range === undefined ? [] : bucketsOf(application, statesOf[status])
      const counts = await Promise.all(buckets.map((bucket) => countEntries(client, tableName, bucket, range, countedUpTo)))
      const total = counts.reduce((sum, count) => sum + count, 0)
      return [status, Math.min(total, countedUpTo)] as const
    })
    return Object.fromEntries(await Promise.all(counted))
  }

  return {
    async timeline(query) {
      const counts: Counts[] = []
      // One after the other: of each interval there are several already.
      for (const [interval, end] of query.edges.slice(1).entries()) counts.push(await countsIn(query, query.edges[interval] ?? end, end))
      return counts
    },

    list(query, after, now) {
      const { namePrefix } = query
      return namePrefix === undefined ? listByTime(query, after, now) : listByName(query, namePrefix, after, now)
    },

    async due(application, until, limit, after) {
      const range = rangeOf(0, until + 1, after)
      if (range === undefined) return []
      const first = bucketsOf(application, ['waiting']).map((bucket) => entriesOf('listing', bucket, range, limit))
      const again = bucketsOf(application, ['retrying']).map((bucket) => entriesOf('due', bucket, range, limit))
      const entries = await take(limit, merge([...first, ...again]))
      return entries.map(({ application, name, id, position }): Due => ({ application, name, id, dueAt: instantOf(position), position }))
    },
  }
}

/** What lies behind a position, or at a moment and later, and before another moment. Undefined where that is nothing. */
function rangeOf(from: number, end: number, after: string | undefined): KeyRange | undefined {
  const behind = after === undefined ? '' : after + lowestCharacter
  const [low, high] = [behind > orderOf(from) ? behind : orderOf(from), orderOf(end)]
  return low <= high ? { low, high } : undefined
}

function bucketsOf(application: string, states: readonly State[]): string[] {
  return states.flatMap((state) => shards.map((shard) => bucketOf(application, state, shard)))
}

/** The record decides, not the index, which may lag behind. */
function matches(schedule: Schedule, { status, from = 0, to = lastInstant + 1 }: ListQuery, now: number): boolean {
  if (isExpired(schedule, now) || schedule.at < from || schedule.at >= to) return false
  return status === undefined || schedule.status === status
}

/** Merges streams that are in order into one that is. */
async function* merge(streams: readonly AsyncGenerator<Entry>[]): AsyncGenerator<Entry> {
  const heads = await Promise.all(streams.map(async (stream) => ({ stream, next: await stream.next() })))
  for (;;) {
    let first: (typeof heads)[number] | undefined
    let soonest: Entry | undefined
    for (const head of heads) {
      if (head.next.done !== true && (soonest === undefined || head.next.value.position < soonest.position)) {
        first = head
        soonest = head.next.value
      }
    }
    if (first === undefined || soonest === undefined) return
    yield soonest
    first.next = await first.stream.next()
  }
}

/** The first entries, each name once: an index that lags behind may have a record in two buckets. */
async function take(count: number, entries: AsyncGenerator<Entry>): Promise<Entry[]> {
  const taken = new Map<string, Entry>()
  if (count === 0) return []
  for await (const entry of entries) {
    if (!taken.has(entry.name)) taken.set(entry.name, entry)
    if (taken.size === count) break
  }
  return [...taken.values()]
}
