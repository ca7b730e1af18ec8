import { inWords, type Measurement } from './measurement.ts'
import { startSink } from './sink.ts'
import { percentile } from './statistics.ts'

export interface BurstSizes {
  readonly count: number
}

/** To add them all before they are due, in milliseconds: once, and for each. */
const leadMs = 2000
const leadMsEach = 1
const waitsMs = 300_000

/** Many jobs that are due at one instant, for whoever has only just been started, and once more. */
export function burst({ count }: BurstSizes): Measurement {
  return {
    name: 'burst',
    title: `${inWords(count)} jobs due at one instant: ms from then until they were called`,
    columns: { firstMs: 'the first', p50Ms: 'half', lastMs: 'the last', againLastMs: 'the last, again' },
    async measure(contender, scope) {
      const sink = await startSink(scope)
      const client = await (await contender.open(scope, sink.origin)).openClient()
      const ahead = leadMs + (contender.looksAheadMs ?? 0) + count * leadMsEach
      const once = async (): Promise<readonly number[]> => {
        const from = Date.now() + ahead
        await client.call('schedule', { origin: sink.origin, from, spreadMs: 0, total: count })
        if (Date.now() > from) throw new Error(`to add ${count} jobs took longer than ${ahead} ms`)
        return sink.waitFor(count, ahead + waitsMs)
      }
      const first = await once()
      const again = await once()
      return {
        firstMs: percentile(first, 0),
        p50Ms: percentile(first, 0.5),
        lastMs: percentile(first, 1),
        againLastMs: percentile(again, 1),
      }
    },
  }
}
