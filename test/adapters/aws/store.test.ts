import { randomUUID } from 'node:crypto'
import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { makeCursors } from '../../../src/adapters/aws/cursor.ts'
import { toItem } from '../../../src/adapters/aws/item.ts'
import { type DynamoStore, makeDynamoStore } from '../../../src/adapters/aws/store.ts'
import { indexes, projected, tableKey } from '../../../src/adapters/aws/table.ts'
import { cancel, claim, settle } from '../../../src/domain/lifecycle.ts'
import type { Schedule } from '../../../src/domain/schedule.ts'
import { base, storeContract } from '../../contract/store.ts'
import { dynamoClient, openTable } from '../../support/aws/dynamo.ts'
import { makeRecordingObserver } from '../../support/observer.ts'
import { startProxy } from '../../support/proxy.ts'
import { newSchedule } from '../../support/schedules.ts'

const { client, endpoint, tableName } = await openTable(t)
const secret = 'a secret of at least thirty-two bytes'
let now = base

const observer = makeRecordingObserver()

function storeOver(over = client, cursorSecret = secret): DynamoStore {
  const clock = { now: () => now, sleepUntil: async () => undefined, pause: async () => undefined }
  return makeDynamoStore({ client: over, tableName, cursors: makeCursors(cursorSecret), clock, observer, newWriteToken: randomUUID })
}

const store = storeOver()

async function itemOf({ application, name }: Schedule): Promise<Record<string, AttributeValue>> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: { application: { S: application }, name: { S: name } } }),
  )
  return Item ?? {}
}

await t.test('contract', async (t) => storeContract(t, async () => store))

await t.test('finished records that DynamoDB has not removed yet are gone all the same, and their names are free', async (t) => {
  const application = `app-${randomUUID()}`
  const old = newSchedule({ application, name: 'post-42' })
  await store.insert(old)
  const canceled = cancel(old, base, 1000)
  if (canceled.kind !== 'moved') throw new Error(canceled.kind)
  await store.replace(old, canceled.schedule)
  t.equal((await itemOf(old)).ttl?.N, String(base / 1000 + 1))
  t.teardown(() => {
    now = base
  })
  now = base + 999
  t.match(await store.get(application, 'post-42'), { status: 'canceled' })
  now = base + 1000
  t.equal(await store.get(application, 'post-42'), undefined)
  t.same((await store.list({ application, limit: 10 })).items, [])
  t.same((await store.list({ application, namePrefix: 'post', limit: 10 })).items, [])
  const next = newSchedule({ application, name: 'post-42' })
  t.same(await store.insert(next), { inserted: true })
  t.same(await store.get(application, 'post-42'), next)
  t.equal((await itemOf(next)).ttl, undefined)
})

await t.test('an entry of the index that lags behind its record is not listed', async (t) => {
  const application = `app-${randomUUID()}`
  const [moved, gone, there] = ['moved', 'gone', 'there'].map((name, index) => newSchedule({ application, name, at: base + index }))
  for (const schedule of [moved, gone, there]) if (schedule !== undefined) await store.insert(schedule)
  // As an index may be for a moment: it has still what the table has not.
  const lagging = {
    send: async (command: object) => {
      if (!(command instanceof BatchGetItemCommand)) return client.send(command as GetItemCommand)
      if (moved !== undefined) await store.replace(moved, newSchedule({ application, name: 'moved', at: base + 60_000 }))
      if (gone !== undefined) await store.remove(gone)
      return client.send(command)
    },
  } as unknown as DynamoDBClient
  const { items } = await storeOver(lagging).list({ application, limit: 10 })
  t.same(
    items.map(({ name }) => name),
    ['there'],
  )
})

await t.test('a cursor is taken only as it was given, only from its application, by every replica', async (t) => {
  const application = `app-${randomUUID()}`
  for (const name of ['a', 'b', 'c']) await store.insert(newSchedule({ application, name }))
  const { next = '' } = await store.list({ application, limit: 1 })
  const other = `app-${randomUUID()}`
  await t.rejects(store.list({ application: other, limit: 1, after: next }), { code: 'invalid_request' })
  const forged = next.replace('#a', '#b')
  t.not(forged, next)
  await t.rejects(store.list({ application, limit: 1, after: forged }), { code: 'invalid_request' })
  t.match(await storeOver().list({ application, limit: 1, after: next }), { items: [{ name: 'b' }] })
  await t.rejects(storeOver(client, 'another secret of thirty-two bytes!').list({ application, limit: 1, after: next }))
})

await t.test('a write whose answer was lost is no conflict with itself', async (t) => {
  const proxy = await startProxy(endpoint)
  const flaky = dynamoClient(proxy.endpoint)
  t.teardown(async () => {
    flaky.destroy()
    await proxy.close()
  })
  const overFlaky = storeOver(flaky)
  const schedule = newSchedule({ application: `app-${randomUUID()}` })
  const claimed = claim(schedule, schedule.at)
  const done = settle(claimed, { verdict: 'delivered', startedAt: schedule.at, durationMs: 1 }, schedule.at + 1, 0, 1000)
  proxy.loseAnswers(1)
  t.same(await overFlaky.insert(schedule), { inserted: true })
  proxy.loseAnswers(1)
  t.equal(await overFlaky.replace(schedule, claimed), true)
  proxy.loseAnswers(1)
  t.equal(await overFlaky.replace(claimed, done), true)
  t.equal(proxy.lost(), 3)
  // Somebody else's write of the very same change is a conflict.
  t.equal(await store.replace(schedule, claimed), false)
})

await t.test('a write all of whose answers were lost is known again when it is made again', async (t) => {
  const proxy = await startProxy(endpoint)
  const flaky = dynamoClient(proxy.endpoint, { maxAttempts: 1 })
  t.teardown(async () => {
    flaky.destroy()
    await proxy.close()
  })
  const overFlaky = storeOver(flaky)
  const schedule = newSchedule({ application: `app-${randomUUID()}` })
  await overFlaky.insert(schedule)
  const claimed = claim(schedule, schedule.at)
  proxy.loseAnswers(1)
  await t.rejects(overFlaky.replace(schedule, claimed), { code: 'unavailable' })
  t.equal(await overFlaky.replace(schedule, claimed), true)
  t.equal(await overFlaky.replace(schedule, { ...claimed }), false, 'but not when somebody else makes it')
})

await t.test('who has won is taken from the answer where it is told there, without reading', async (t) => {
  const existing = newSchedule({ application: 'blog', name: 'post-42' })
  const sent: string[] = []
  const telling = {
    send: async (command: object) => {
      sent.push(command.constructor.name)
      throw new ConditionalCheckFailedException({ message: '', $metadata: {}, Item: toItem(existing, 'theirs') })
    },
  } as unknown as DynamoDBClient
  t.same(await storeOver(telling).insert(newSchedule({ application: 'blog', name: 'post-42' })), { inserted: false, existing })
  t.equal(await storeOver(telling).replace(existing, claim(existing, existing.at)), false)
  t.same(sent, ['PutItemCommand', 'UpdateItemCommand'])
})

await t.test('a request that DynamoDB calls invalid is a bug of ours, and not to be tried again', async (t) => {
  const broken = { ...newSchedule({ application: `app-${randomUUID()}` }), at: Number.NaN }
  await t.rejects(storeOver(client).insert({ ...broken, createdAt: 1e-200 }), { message: 'DynamoDB takes a request of ours for invalid' })
})

await t.test('while DynamoDB does not answer, everything is refused as unavailable, and nothing is told of it', async (t) => {
  const proxy = await startProxy(endpoint)
  const broken = dynamoClient(proxy.endpoint, { maxAttempts: 1 })
  const overBroken = storeOver(broken)
  await proxy.close()
  t.teardown(() => broken.destroy())
  const schedule = newSchedule()
  const works: readonly (() => Promise<unknown>)[] = [
    () => overBroken.insert(schedule),
    () => overBroken.get('blog', 'post'),
    () => overBroken.replace(schedule, claim(schedule, schedule.at)),
    () => overBroken.remove(schedule),
    () => overBroken.list({ application: 'blog', limit: 1 }),
    () => overBroken.due('blog', base, 1),
    () => overBroken.check(),
  ]
  for (const work of works) {
    await t.rejects(work() as Promise<void>, { code: 'unavailable', retryAfterSeconds: 1, message: /^The store cannot do its work/ })
  }
})

/** What a change costs by the design of the indexes: 1 for the item up to 1 KiB, 1 for an entry that comes, changes or goes. */
function writeUnits(before: Record<string, AttributeValue>, after: Record<string, AttributeValue>): number {
  const bytes = Object.entries(after).reduce((sum, [name, value]) => sum + name.length + bytesOf(value), 0)
  const entries = [indexes.listing, indexes.due].map((index) => {
    const keys = [index.partition, index.sort]
    const attributes = [...keys, tableKey.partition, tableKey.sort, ...projected]
    const entryOf = (item: Record<string, AttributeValue>): { key: string; entry: string } | undefined =>
      keys.some((key) => item[key] === undefined)
        ? undefined
        : { key: JSON.stringify(keys.map((key) => item[key])), entry: JSON.stringify(attributes.map((name) => item[name])) }
    const [old, next] = [entryOf(before), entryOf(after)]
    if (old?.entry === next?.entry) return 0
    // Another key is a deletion and an insertion.
    return old !== undefined && next !== undefined && old.key !== next.key ? 2 : 1
  })
  return Math.ceil(bytes / 1024) + entries.reduce<number>((sum, units) => sum + units, 0)
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function bytesOf(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S)
  if (value.N !== undefined) return Math.ceil(value.N.replace(/\D/g, '').length / 2) + 1
  if (value.L !== undefined) return 3 + value.L.reduce((sum, each) => sum + 1 + bytesOf(each), 0)
  if (value.M !== undefined) return 3 + Object.entries(value.M).reduce((sum, [name, each]) => sum + 1 + name.length + bytesOf(each), 0)
  return 1
}

await t.test('a schedule costs 6 write units with the indexes: 2 to create, 1 to claim, 3 to settle', async (t) => {
  const payload = JSON.stringify({ postId: 42, text: 'x'.repeat(270) })
  const schedule = newSchedule({ application: 'main-server', name: randomUUID(), digest: 'd'.repeat(43), content: { payload } })
  const claimed = claim(schedule, schedule.at - 10)
  const result = { verdict: 'delivered', startedAt: schedule.at, durationMs: 25, statusCode: 200, responseBody: 'ok' } as const
  const done = settle(claimed, result, schedule.at + 26, 0.5, 30 * 86_400_000)
  const items: Record<string, AttributeValue>[] = [{}]
  await store.insert(schedule)
  items.push(await itemOf(schedule))
  await store.replace(schedule, claimed)
  items.push(await itemOf(schedule))
  await store.replace(claimed, done)
  items.push(await itemOf(schedule))
  const units = items.slice(1).map((item, index) => writeUnits(items[index] ?? {}, item))
  t.same(units, [2, 1, 3])
})

await t.test('a page costs what it costs, however many schedules there are before and after it', async (t) => {
  const application = `app-${randomUUID()}`
  const all = Array.from({ length: 400 }, (_, index) => newSchedule({ application, at: base + index * 1000 }))
  await Promise.all(all.map((schedule) => store.insert(schedule)))
  const proxy = await startProxy(endpoint)
  const counted = dynamoClient(proxy.endpoint)
  t.teardown(async () => {
    counted.destroy()
    await proxy.close()
  })
  const { items } = await storeOver(counted).list({ application, status: 'scheduled', from: base + 200_000, limit: 10 })
  t.same(
    items.map(({ at }) => at),
    Array.from({ length: 10 }, (_, index) => base + 200_000 + index * 1000),
  )
  t.ok(proxy.requests() <= 20, `${proxy.requests()} requests`)
  t.ok(proxy.answeredBytes() < 40_000, `${proxy.answeredBytes()} bytes`)
})
