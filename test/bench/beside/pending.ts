import { setTimeout as sleep } from 'node:timers/promises'
import type { Running } from '../contender.ts'
import { farAhead } from './job.ts'
import { inWords, type Measurement } from './measurement.ts'
import { type Sink, startSink } from './sink.ts'

export interface PendingSizes {
  readonly count: number
  /** After all that happened, before memory and disk are looked at. */
  readonly settlesMs: number
  /** So much time there is to stop everything before a job falls due. */
  readonly stopsWithinMs: number
}

const waitsMs = 300_000
const megabyte = 1024 * 1024

/** What many pending jobs cost: memory of servers and worker, after they were added and after a restart; disk; and the start. */
export function pending({ count, settlesMs, stopsWithinMs }: PendingSizes): Measurement {
  return {
    name: 'pending',
    title: `${inWords(count)} jobs pending: MB of servers and worker, and on disk; ms from a start to the call of a job that fell due meanwhile`,
    columns: { memoryMb: 'MB', restartedMb: 'MB, restarted', diskMb: 'MB on disk', startMs: 'start ms' },
    async measure(contender, scope) {
      const sink = await startSink(scope)
      const running = await contender.open(scope, sink.origin)
      const client = await running.openClient()
      await client.call('schedule', farAhead(sink.origin, count))
      await client.end()
      await sleep(settlesMs)
      const memoryMb = (await running.memoryBytes()) / megabyte
      const diskMb = (await running.diskBytes()) / megabyte
      const startMs = await restart(running, sink, stopsWithinMs)
      await sleep(settlesMs)
      return { memoryMb, restartedMb: (await running.memoryBytes()) / megabyte, diskMb, startMs }
    },
  }
}

/**
 * Stops everything, lets a job fall due, and starts everything again.
 *
 * @returns from then to that job's call, in milliseconds: by what it does, rather than by what it says of itself
 */
async function restart(running: Running, sink: Sink, stopsWithinMs: number): Promise<number> {
  const client = await running.openClient()
  const due = Date.now() + stopsWithinMs
  await client.call('schedule', { origin: sink.origin, from: due, spreadMs: 0, total: 1 })
  await client.end()
  await running.stop()
  if (Date.now() >= due) throw new Error(`to stop took longer than ${stopsWithinMs} ms`)
  await sleep(due - Date.now())
  const begun = Date.now()
  await running.start()
  const [late] = await sink.waitFor(1, waitsMs)
  return due + (late ?? Number.NaN) - begun
}
