import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import type { Counts, Observer } from '../../domain/ports.ts'
import type { Schedule } from '../../domain/schedule.ts'
import { countEntries } from './countEntries.ts'
import { bucketOf, type Item, shards, toValues } from './item.ts'
import { reservedPartition } from './table.ts'

/** What has changed is written down this often: a write a second for an application at most, whatever it does. */
const flushEveryMs = 1000

/** And this often they are counted again, since killed processes and lost answers make the count untrue. */
const recountEveryMs = 3600_000

/**
 * How many unfinished schedules each application has: an item for each application, to which every process adds what it
 * has changed. The finished ones are removed by DynamoDB itself, which tells nobody.
 */
export interface Counting {
  /** A record has come to be, has changed, or is gone. */
  moved(application: string, before: Schedule | undefined, after: Schedule | undefined): void
  read(application: string): Promise<Counts>
  /** Writes down what is left. */
  close(): Promise<void>
}

export function makeCounting(client: DynamoDBClient, tableName: string, observer: Observer): Counting {
  const unwritten = new Map<string, number>()
  const known = new Set<string>()
  let flushing: Promise<void> = Promise.resolve()
  const flushTimer = setInterval(() => {
    flushing = flushing.then(flush)
  }, flushEveryMs)
  const recountTimer = setInterval(() => void recountAll(), recountEveryMs * (0.5 + Math.random()))
  flushTimer.unref()
  recountTimer.unref()

  function add(application: string, change: number): void {
    known.add(application)
    if (change !== 0) unwritten.set(application, (unwritten.get(application) ?? 0) + change)
  }

  async function flush(): Promise<void> {
    await Promise.all(
      [...unwritten].map(async ([application, change]) => {
        if (change === 0) return
        try {
          await update(application, 'ADD #unfinished :number', change)
          // What has come meanwhile is left.
          add(application, -change)
        } catch (error) {
          observer.failed('the count of schedules could not be written down; it will be tried again', error)
        }
      }),
    )
  }

  async function update(application: string, UpdateExpression: string, number: number): Promise<void> {
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(application),
        UpdateExpression,
        ExpressionAttributeNames: { '#unfinished': 'unfinished' },
        ExpressionAttributeValues: toValues({ ':number': number }),
      }),
    )
  }

  /** Reads the entries of an index, which are small, and no records. What is being delivered is among them. */
  async function recount(application: string): Promise<number> {
    const buckets = (['waiting', 'retrying'] as const).flatMap((state) => shards.map((shard) => bucketOf(application, state, shard)))
    const counts = await Promise.all(buckets.map((bucket) => countEntries(client, tableName, bucket)))
    const unfinished = counts.reduce((sum, count) => sum + count, 0)
    await update(application, 'SET #unfinished = :number', unfinished)
    unwritten.delete(application)
    return unfinished
  }

  async function recountAll(): Promise<void> {
    for (const application of known) {
      await recount(application).catch((error: unknown) => observer.failed('the schedules could not be counted again', error))
    }
  }

  return {
    moved: (application, before, after) => add(application, unfinished(after) - unfinished(before)),

    async read(application) {
      known.add(application)
      const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key: keyOf(application) }))
      const written = Item?.unfinished?.N
      // Nobody has counted yet: the table may be older than the counting.
      const count = written === undefined ? await recount(application) : Number(written) + (unwritten.get(application) ?? 0)
      return { scheduled: Math.max(0, count) }
    },

    async close() {
      clearInterval(flushTimer)
      clearInterval(recountTimer)
      await flushing
      await flush()
    },
  }
}

function unfinished(schedule: Schedule | undefined): number {
  return schedule === undefined || schedule.dueAt === null ? 0 : 1
}

function keyOf(application: string): Item {
  return toValues({ application: reservedPartition, name: application })
}
