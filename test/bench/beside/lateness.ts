import type { ClientProcess } from '../contender.ts'
import { inWords, type Measurement } from './measurement.ts'
import { type Sink, startSink } from './sink.ts'
import { percentile } from './statistics.ts'

export interface LatenessSizes {
  readonly count: number
  readonly spreadMs: number
  /** Of jobs that stay pending, meanwhile. */
  readonly addsPerSecond: number
}

/** To add them all before the first is due, in milliseconds. */
const leadMs = 2000
const waitsMs = 60_000

/** How late the calls of jobs come that are spread over some time: while nothing else happens, and while jobs are added. */
export function lateness(sizes: LatenessSizes): Measurement {
  const { count, spreadMs, addsPerSecond } = sizes
  return {
    name: 'lateness',
    title: `Lateness of ${inWords(count)} jobs over ${spreadMs / 1000} s, in ms: idle; busy with ${inWords(addsPerSecond)} adds/s, or what it can do`,
    columns: {
      p50Ms: 'p50',
      p99Ms: 'p99',
      maxMs: 'max',
      busyP50Ms: 'busy p50',
      busyP99Ms: 'busy p99',
      busyMaxMs: 'busy max',
      addedPerSecond: 'adds/s',
      early: 'early',
    },
    async measure(contender, scope) {
      const sink = await startSink(scope)
      const client = await (await contender.open(scope, sink.origin)).openClient()
      const ahead = leadMs + (contender.looksAheadMs ?? 0)
      const idle = await deliver(client, sink, sizes, ahead)
      await client.call('beginPaced', { origin: sink.origin, perSecond: addsPerSecond })
      const busy = await deliver(client, sink, sizes, ahead)
      const addedPerSecond = await client.call('endPaced', null)
      return {
        p50Ms: percentile(idle, 0.5),
        p99Ms: percentile(idle, 0.99),
        maxMs: percentile(idle, 1),
        busyP50Ms: percentile(busy, 0.5),
        busyP99Ms: percentile(busy, 0.99),
        busyMaxMs: percentile(busy, 1),
        addedPerSecond,
        early: [...idle, ...busy].filter((late) => late < 0).length,
      }
    },
  }
}

/** @returns how late each was, in milliseconds */
async function deliver(client: ClientProcess, sink: Sink, { count, spreadMs }: LatenessSizes, ahead: number): Promise<number[]> {
  const from = Date.now() + ahead
  await client.call('schedule', { origin: sink.origin, from, spreadMs, total: count })
  if (Date.now() > from) throw new Error(`to add ${count} jobs took longer than ${ahead} ms`)
  return sink.waitFor(count, ahead + spreadMs + waitsMs)
}
