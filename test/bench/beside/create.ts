import { inWords, type Measurement } from './measurement.ts'

export interface CreateSizes {
  readonly warmUpMs: number
  readonly durationMs: number
  /** So many jobs in all. */
  readonly inBulk: number
}

/** Nobody listens there: these jobs are due in a month. */
const origin = 'http://127.0.0.1:9'

/** Adds one by one, 64 at once, and then in bulk, 3 calls of 1,000 at once. */
export function create({ warmUpMs, durationMs, inBulk }: CreateSizes): Measurement {
  return {
    name: 'create',
    title: `Durable creates, 64 at once for ${durationMs / 1000} s; ${inWords(inBulk)} by 1,000 in a call`,
    columns: { perSecond: 'creates/s', p99Ms: 'p99 ms', bulkPerSecond: 'in bulk/s' },
    async measure(contender, scope) {
      const client = await (await contender.open(scope, origin)).openClient()
      const adds = await client.call('adds', { origin, warmUpMs, durationMs })
      return { ...adds, bulkPerSecond: await client.call('bulk', { origin, count: inBulk }) }
    },
  }
}
