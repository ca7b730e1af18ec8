import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { AppError, invalid } from '../../domain/errors.ts'
import type { Clock, Observer, Page, ScheduleStore, Timeline } from '../../domain/ports.ts'
import type { Schedule } from '../../domain/schedule.ts'
import { makeCounting } from './counts.ts'
import type { Cursors } from './cursor.ts'
import { type Attributes, fromItem, type Item, isExpired, movingAttributes, toItem, toValues } from './item.ts'
import { makeListing } from './listing.ts'
import { reservedPartition } from './table.ts'

interface Dependencies {
  readonly client: DynamoDBClient
  readonly tableName: string
  readonly cursors: Cursors
  readonly clock: Clock
  readonly observer: Observer
  /** A text that no other write has. */
  readonly newWriteToken: () => string
}

const probeKey = toValues({ application: reservedPartition, name: '~' })

/** What every conditional write asks for: whose record is in the way, at no further cost. */
const tellWhoWon = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const

export interface DynamoStore extends ScheduleStore, Timeline {
  /** Writes down what is still to be counted. */
  close(): Promise<void>
}

/** The store of the AWS engine: one DynamoDB item a record, changed by single conditional writes. */
export function makeDynamoStore({ client, tableName, cursors, clock, observer, newWriteToken }: Dependencies): DynamoStore {
  const TableName = tableName
  const counting = makeCounting(client, tableName, observer)
  const listing = makeListing(client, tableName)
  const writeTokens = new WeakMap<Schedule, string>()

  /** The same for the same write, made again by whoever could not tell whether it had been made. */
  function tokenOf(schedule: Schedule): string {
    const token = writeTokens.get(schedule) ?? newWriteToken()
    writeTokens.set(schedule, token)
    return token
  }

  async function read(application: string, name: string): Promise<Item | undefined> {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: keyOf({ application, name }), ConsistentRead: true }))
    return Item
  }

  async function get(application: string, name: string): Promise<Schedule | undefined> {
    const item = await read(application, name)
    const schedule = item && fromItem(item)
    return schedule === undefined || isExpired(schedule, clock.now()) ? undefined : schedule
  }

  /**
   * Makes a conditional write; where the condition does not hold, answers with the item that is in the way.
   *
   * When an answer is lost, the SDK writes once more, and then finds its own item in the way: that is no conflict.
   */
  async function write(key: Pick<Schedule, 'application' | 'name'>, token: string, send: () => Promise<unknown>): Promise<Written> {
    const begun = performance.now()
    try {
      await send()
      observer.committed(0, performance.now() - begun)
      return { done: true }
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      const existing = error.Item ?? (await read(key.application, key.name))
      return existing?.writeToken?.S === token ? { done: true } : { done: false, existing }
    }
  }

  async function insert(schedule: Schedule): ReturnType<ScheduleStore['insert']> {
    const token = tokenOf(schedule)
    const put = new PutItemCommand({
      TableName,
      Item: toItem(schedule, token),
      ConditionExpression: 'attribute_not_exists(#name) OR #removeAt <= :now',
      ExpressionAttributeNames: { '#name': 'name', '#removeAt': 'removeAt' },
      ExpressionAttributeValues: { ':now': { N: String(clock.now()) } },
      ...tellWhoWon,
    })
    for (;;) {
      const written = await write(schedule, token, () => client.send(put))
      if (written.done) {
        counting.moved(schedule.application, undefined, schedule)
        return { inserted: true }
      }
      // Whoever was in the way may have gone between the two: then the name is free.
      if (written.existing !== undefined) return { inserted: false, existing: fromItem(written.existing) }
    }
  }

  async function replace(previous: Schedule, next: Schedule): Promise<boolean> {
    const token = tokenOf(next)
    const sameContent = next.content === previous.content && next.id === previous.id
    const send = (): Promise<unknown> => (sameContent ? update(previous, next, token) : putInPlace(previous, next, token))
    const { done } = await write(next, token, send)
    if (done) counting.moved(next.application, previous, next)
    return done
  }

  /** Sends only what a move changes: the payload may be large. */
  function update(previous: Schedule, next: Schedule, token: string): Promise<unknown> {
    const { expression, names, values } = assignments(movingAttributes(next, token))
    const condition = isVersion(previous)
    return client.send(
      new UpdateItemCommand({
        TableName,
        Key: keyOf(previous),
        UpdateExpression: expression,
        ...condition,
        ExpressionAttributeNames: { ...names, ...condition.ExpressionAttributeNames },
        ExpressionAttributeValues: { ...values, ...condition.ExpressionAttributeValues },
        ...tellWhoWon,
      }),
    )
  }

  function putInPlace(previous: Schedule, next: Schedule, token: string): Promise<unknown> {
    return client.send(new PutItemCommand({ TableName, Item: toItem(next, token), ...isVersion(previous), ...tellWhoWon }))
  }

  async function remove(schedule: Schedule): Promise<boolean> {
    try {
      await client.send(new DeleteItemCommand({ TableName, Key: keyOf(schedule), ...isVersion(schedule) }))
      counting.moved(schedule.application, schedule, undefined)
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }

  async function scan(after: string | undefined): Promise<Page> {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName,
        ConsistentRead: true,
        ExclusiveStartKey: after === undefined ? undefined : (JSON.parse(after) as Item),
      }),
    )
    const records = Items.filter(({ application }) => application?.S !== reservedPartition).map(fromItem)
    return {
      items: records.filter((schedule) => !isExpired(schedule, clock.now())),
      next: LastEvaluatedKey === undefined ? undefined : JSON.stringify(LastEvaluatedKey),
    }
  }

  async function check(): Promise<void> {
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: probeKey,
        UpdateExpression: 'ADD #count :one',
        ExpressionAttributeNames: { '#count': 'count' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    )
    await client.send(new GetItemCommand({ TableName, Key: probeKey, ConsistentRead: true }))
  }

  return {
    insert: (schedule) => orUnavailable(() => insert(schedule)),
    get: (application, name) => orUnavailable(() => get(application, name)),
    replace: (previous, next) => orUnavailable(() => replace(previous, next)),
    remove: (schedule) => orUnavailable(() => remove(schedule)),
    due: (...query) => orUnavailable(() => listing.due(...query)),
    counts: (application) => orUnavailable(() => counting.read(application)),
    timeline: (query) => orUnavailable(() => listing.timeline(query)),
    scan: (after) => orUnavailable(() => scan(after)),
    check: () => orUnavailable(check),
    close: () => counting.close(),

    async list(query) {
      const after = query.after === undefined ? undefined : cursors.open(query.application, query.after)
      const isOfThisList =
        after === undefined || (query.namePrefix === undefined ? after.includes('#') : after.startsWith(query.namePrefix))
      if (!isOfThisList) throw invalid('/cursor', 'belongs to a list with other filters')
      const { items, position } = await orUnavailable(() => listing.list(query, after, clock.now()))
      return { items, next: position === undefined ? undefined : cursors.seal(query.application, position) }
    },
  }
}

type Written = { readonly done: true } | { readonly done: false; readonly existing: Item | undefined }

function keyOf({ application, name }: Pick<Schedule, 'application' | 'name'>): Item {
  return toValues({ application, name })
}

function isVersion({ id, version }: Schedule) {
  return {
    ConditionExpression: '#id = :previousId AND #version = :previousVersion',
    ExpressionAttributeNames: { '#id': 'id', '#version': 'version' },
    ExpressionAttributeValues: toValues({ ':previousId': id, ':previousVersion': version }),
  }
}

/** Every name goes by an alias: many of DynamoDB's words are reserved, and new ones may come. */
function assignments(attributes: Attributes) {
  const sets: string[] = []
  const removals: string[] = []
  const names: Record<string, string> = {}
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(attributes)) {
    names[`#${name}`] = name
    if (value === undefined) removals.push(`#${name}`)
    else {
      sets.push(`#${name} = :${name}`)
      values[`:${name}`] = value
    }
  }
  const expression = `SET ${sets.join(', ')}${removals.length === 0 ? '' : ` REMOVE ${removals.join(', ')}`}`
  return { expression, names, values: toValues(values) }
}

/** DynamoDB's own errors go no further than this. */
async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    // Not DynamoDB's fault but ours, and no better at the next try.
    if (cause instanceof DynamoDBServiceException && cause.name === 'ValidationException')
      throw new Error('DynamoDB takes a request of ours for invalid', { cause })
    throw new AppError('unavailable', 'The store cannot do its work right now. Try again: under the same name that is safe.', {
      cause,
      retryAfterSeconds: 1,
    })
  }
}
