// npm run bench:soak [-- MINUTES]: half of what the service can create, for half an hour: memory, lateness and the log stay as
// they are. Too short for the first record to be removed, and for the daily look at the whole store.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { storeFile } from '../../src/adapters/embedded/database.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import { machine, withScope } from '../support/proof.ts'
import { startService } from '../support/service.ts'
import { startChild } from './beside/child.ts'
import type { LoadCommands } from './beside/loads.ts'
import { memoryOf } from './beside/resources.ts'
import { startSink } from './beside/sink.ts'
import { median, percentile } from './beside/statistics.ts'

const minutes = Number(process.argv[2] ?? 30)
if (!Number.isInteger(minutes) || minutes < 4) throw new Error('say how many minutes, at least 4')

/** What is not done at its pace takes longer than its minute, in seconds. */
const longestMinute = 66
/** Each is created so long before it is due. */
const dueInMs = 2000
const unboundedPerSecond = 1_000_000
const maximumTakesMs = 15_000
const drainsMs = 20_000
const megabyte = 1024 * 1024

/** The store promises 64 MiB of log, and needs some more while a checkpoint runs. */
const maxLogMb = 128

interface Minute {
  readonly seconds: number
  readonly early: number
  readonly memoryMb: number
  readonly p99Ms: number
  readonly logMb: number
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

async function soak(scope: Scope): Promise<string[]> {
  const dataDir = emptyDirectory(scope)
  const sink = await startSink(scope)
  const service = await startService({ dataDir, env: { LOG_LEVEL: 'warn' } })
  scope.teardown(() => service.end('SIGKILL'))
  const clientOf = new URL('./beside/punctualClient.ts', import.meta.url).href
  const client = await startChild<LoadCommands>(scope, './clientProcess.ts', clientOf, { url: service.url })

  await client.call('beginPaced', { origin: sink.origin, perSecond: unboundedPerSecond, dueInMs })
  await sleep(maximumTakesMs)
  const maximum = await client.call('endPaced', null)
  await sleep(drainsMs)
  // What has come until now is none of the minutes'.
  await sink.waitFor(1, drainsMs)

  const perSecond = Math.floor(maximum / 2)
  process.stdout.write(`created: ${Math.round(maximum)} a second at most; now ${perSecond} a second\n`)
  await client.call('beginPaced', { origin: sink.origin, perSecond, dueInMs })
  const seen: Minute[] = []
  for (let minute = 1; minute <= minutes; minute++) {
    const begun = performance.now()
    const late = await sink.waitFor(perSecond * 60, 180_000)
    const now = {
      seconds: (performance.now() - begun) / 1000,
      early: late.filter((each) => each < 0).length,
      memoryMb: (await memoryOf([service.pid])) / megabyte,
      p99Ms: percentile(late, 0.99),
      logMb: sizeOf(join(dataDir, `${storeFile}-wal`)) / megabyte,
    }
    seen.push(now)
    const figures = [
      `minute ${minute}`,
      `lateness p50 ${percentile(late, 0.5)} ms, p99 ${now.p99Ms} ms, max ${percentile(late, 1)} ms, early ${now.early}`,
      `memory ${now.memoryMb.toFixed(0)} MB`,
      `log ${now.logMb.toFixed(0)} MB`,
      `store ${(sizeOf(join(dataDir, storeFile)) / megabyte).toFixed(0)} MB`,
    ]
    process.stdout.write(`${figures.join('   ')}\n`)
  }
  await client.call('endPaced', null)
  await sleep(drainsMs)
  const metrics = await (await fetch(`${service.url}/metrics`)).text()
  const left = [...metrics.matchAll(/^punctual_schedules\{.*status="(.+)"\} ([1-9]\d*)$/gm)].filter(([, status]) => status !== 'delivered')
  return [...growthOf(seen), ...left.map(([, status, count]) => `${count} are ${status} in the end`)]
}

/** What has grown, of the second half of the minutes against the first. */
function growthOf(seen: readonly Minute[]): string[] {
  const half = Math.floor(seen.length / 2)
  const [first, second] = [seen.slice(0, half), seen.slice(half)]
  const grew = (key: keyof Minute, factor: number, margin: number): boolean =>
    median(second.map((minute) => minute[key])) > median(first.map((minute) => minute[key])) * factor + margin
  return [
    ...(seen.some(({ seconds }) => seconds > longestMinute) ? ['the pace was not kept'] : []),
    ...(seen.some(({ early }) => early > 0) ? ['calls came early'] : []),
    ...(grew('memoryMb', 1.1, 20) ? ['memory has grown'] : []),
    ...(grew('p99Ms', 1.5, 5) ? ['lateness has grown'] : []),
    ...(seen.some(({ logMb }) => logMb > maxLogMb) ? [`the log was longer than ${maxLogMb} MB`] : []),
  ]
}

process.stdout.write(`${machine()}\n`)
const grown = await withScope(soak)
process.stdout.write(grown.length === 0 ? 'all of it flat\n' : `${grown.join('; ')}\n`)
process.exit(grown.length === 0 ? 0 : 1)
