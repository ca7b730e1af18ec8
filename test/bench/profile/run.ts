// npm run bench:profile -- create | burst | aws: where the service's time and memory go, by thread and by function.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeApplications } from '../../support/applications.ts'
import { emptyDirectory, type Scope } from '../../support/directory.ts'
import { machine, withScope } from '../../support/proof.ts'
import { type RunningService, startService } from '../../support/service.ts'
import { type Sink, startSink } from '../beside/sink.ts'
import { scheduleBody } from '../creates.ts'
import { post } from '../wrk.ts'
import { profileAws } from './aws.ts'
import { allocationsByFunction, timeByFunction } from './callTree.ts'
import { cpuOfThreads, cpuPerOperation } from './threads.ts'

const shownFunctions = 40
const seconds = 8
const burstCount = 10_000
const placesForCalls = 128
const key = 'key-of-blog'

/** Loads the service, and tells how many operations that were. */
type Load = (service: RunningService, sink: Sink, measure: Measure) => Promise<number>
type Measure = (work: () => Promise<number>) => Promise<number>

const loads: Readonly<Record<string, Load>> = {
  async create({ url }, { origin }, measure) {
    const body = JSON.stringify({ ...JSON.parse(scheduleBody), target: { url: origin } })
    const headers = { authorization: `Bearer ${key}` }
    const { failed } = await post(`${url}/schedules`, body, 2, headers)
    if (failed > 0) throw new Error(`${failed} requests failed`)
    return measure(async () => (await post(`${url}/schedules`, body, seconds, headers)).perSecond * seconds)
  },

  async burst({ url }, { origin, waitFor }, measure) {
    const at = Date.now() + 5000
    const { payload } = JSON.parse(scheduleBody) as { payload: unknown }
    for (let first = 0; first < burstCount; first += 1000) {
      const items = Array.from({ length: 1000 }, (_, index) => ({
        at: new Date(at).toISOString(),
        target: { url: `${origin}/${at}/${first + index}` },
        payload,
      }))
      const headers = { 'content-type': 'application/json', prefer: 'return=minimal', authorization: `Bearer ${key}` }
      const response = await fetch(`${url}/schedules/batch`, { method: 'POST', headers, body: JSON.stringify({ items }) })
      if (response.status !== 200) throw new Error(await response.text())
      await response.arrayBuffer()
    }
    await sleep(at - 200 - Date.now())
    return measure(async () => {
      await waitFor(burstCount, 60_000)
      return burstCount
    })
  },
}

/** Whoever reads the metrics starts the next period: median and 99th percentile of this one, in milliseconds. */
async function eventLoopDelay(url: string): Promise<string[]> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return ['p50', 'p99'].map((share) => {
    const seconds = new RegExp(`^nodejs_eventloop_lag_${share}_seconds (\\S+)$`, 'm').exec(text)?.[1]
    return `${share} ${(Number(seconds) * 1000).toFixed(1)} ms`
  })
}

async function profile(scope: Scope, load: Load): Promise<string[]> {
  const directory = emptyDirectory(scope)
  const profiles = join(directory, 'profiles')
  mkdirSync(profiles)
  const sink = await startSink(scope)
  const file = join(directory, 'applications.json')
  writeApplications(file, { blog: { key, origin: sink.origin, maxConcurrentDeliveries: placesForCalls } })
  const options = `--cpu-prof --heap-prof --cpu-prof-dir=${profiles} --heap-prof-dir=${profiles}`
  const service = await startService({
    dataDir: join(directory, 'data'),
    env: { LOG_LEVEL: 'warn', APPLICATIONS_FILE: file },
    under: ['env', `NODE_OPTIONS=${options}`],
  })
  scope.teardown(() => service.end('SIGKILL'))
  let cpu: string[] = []
  let delay: string[] = []
  await load(service, sink, async (work) => {
    await eventLoopDelay(service.url)
    const before = cpuOfThreads(service.pid)
    const operations = await work()
    cpu = cpuPerOperation(before, cpuOfThreads(service.pid), operations)
    delay = await eventLoopDelay(service.url)
    return operations
  })
  await service.end('SIGTERM')
  return [
    'CPU for each, by thread (the profiler included):',
    ...cpu,
    `event-loop delay (10 ms is none): ${delay.join(', ')}`,
    'the main thread, from its start to its end, by function:',
    ...timeByFunction(profiles, shownFunctions),
    'what it had allocated and not yet let go of, by function:',
    ...allocationsByFunction(profiles, shownFunctions / 2),
  ]
}

const name = process.argv[2] ?? ''
const load = loads[name]
if (load === undefined && name !== 'aws') throw new Error(`say which of ${Object.keys(loads).join(', ')}, aws`)
const lines = await withScope((scope) => (load === undefined ? profileAws(scope) : profile(scope, load)))
process.stdout.write(`${machine()}\n${lines.join('\n')}\n`)
process.exit(0)
