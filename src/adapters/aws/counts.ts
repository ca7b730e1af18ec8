import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import type { Counts, Observer } from '../../domain/ports.ts'
import type { Schedule, Status } from '../../domain/schedule.ts'
import { toValues } from './item.ts'
import { reservedPartition } from './table.ts'

/** What has changed is written down this often: a write a second for an application at most, whatever it does. */
const flushEveryMs = 1000

/** The finished ones are removed by DynamoDB itself, which tells nobody. */
const counted = ['scheduled', 'delivering'] as const satisfies readonly Status[]
type Counted = (typeof counted)[number]

type Changes = Record<Counted, number>

/**
 * How many schedules each application has under way: an item for each application, to which every process adds what it has
 * changed. A process that is killed has not added its last second.
 */
export interface Counting {
  /** A record has come to be, has changed, or is gone. */
  moved(application: string, before: Schedule | undefined, after: Schedule | undefined): void
  read(application: string): Promise<Counts>
  /** Writes down what is left. */
  close(): Promise<void>
}

export function makeCounting(client: DynamoDBClient, tableName: string, observer: Observer): Counting {
  const unwritten = new Map<string, Changes>()
  const timer = setInterval(() => void flush(), flushEveryMs)
  timer.unref()

  function add(application: string, status: Status | undefined, change: number): void {
    if (status !== 'scheduled' && status !== 'delivering') return
    const changes = unwritten.get(application) ?? { scheduled: 0, delivering: 0 }
    changes[status] += change
    unwritten.set(application, changes)
  }

  async function flush(): Promise<void> {
    const batch = [...unwritten]
    unwritten.clear()
    await Promise.all(
      batch.map(async ([application, changes]) => {
        if (counted.every((status) => changes[status] === 0)) return
        try {
          await write(application, changes)
        } catch (error) {
          for (const status of counted) add(application, status, changes[status])
          observer.failed('the count of schedules could not be written down; it will be tried again', error)
        }
      }),
    )
  }

  async function write(application: string, { scheduled, delivering }: Changes): Promise<void> {
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf(application),
        UpdateExpression: 'ADD #scheduled :scheduled, #delivering :delivering',
        ExpressionAttributeNames: { '#scheduled': 'scheduled', '#delivering': 'delivering' },
        ExpressionAttributeValues: toValues({ ':scheduled': scheduled, ':delivering': delivering }),
      }),
    )
  }

  return {
    moved(application, before, after) {
      add(application, before?.status, -1)
      add(application, after?.status, 1)
    },

    async read(application) {
      const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key: keyOf(application) }))
      const changes = unwritten.get(application)
      const count = (status: Counted): number => Math.max(0, Number(Item?.[status]?.N ?? 0) + (changes?.[status] ?? 0))
      return { scheduled: count('scheduled'), delivering: count('delivering') }
    },

    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}

function keyOf(application: string) {
  return toValues({ application: reservedPartition, name: application })
}
