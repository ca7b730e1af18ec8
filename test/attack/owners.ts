import { join } from 'node:path'
import { percentile } from '../bench/beside/statistics.ts'
import { summary } from '../bench/summary.ts'
import { apiOf } from '../support/api.ts'
import { writeApplications } from '../support/applications.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import { startOwner, type TestOwner } from '../support/owner.ts'
import type { Part } from '../support/proof.ts'
import { type RunningService, startService } from '../support/service.ts'
import { measureGoodOwner } from './goodOwner.ts'
import { type HostileOwner, startHostileOwners } from './hostile/servers.ts'
import { judgeWave, lay, untilEnded, type Wave } from './hostile/siege.ts'
import { type MemoryWatch, watchMemory } from './residentMemory.ts'
import { serviceProblems } from './serviceProblems.ts'

const forms = {
  short: { waves: 1, calls: 8, spreadMs: 5000, aloneMs: 2000 },
  long: { waves: 2, calls: 64, spreadMs: 24_000, aloneMs: 6000 },
}
/** From the last call of a wave: its deadline, and what it takes to write down what came of it. */
const endsWithinMs = 18_000

/** Owners that do everything wrong, each an application of its own, beside one that does everything right. */
export const owners: Part = async (scope, isShort) => {
  const { waves, aloneMs, ...form } = isShort ? forms.short : forms.long
  const [good, victim] = [await startOwner(), await startOwner()]
  scope.teardown(() => Promise.all([good.close(), victim.close()]))
  const { owners: hostile, bytesSaid } = await startHostileOwners(scope, victim.origin)
  const { service, keyOf } = await startTenants(scope, good, hostile)
  const memory = watchMemory(scope, service.pid)
  const besieged: Besieged = { url: service.url, keyOf, hostile, good, memory }
  await measureGoodOwner(apiOf(service.url, keyOf(good)), good, 'warm', Date.now() + 500, 1000)
  const before = await measureGoodOwner(apiOf(service.url, keyOf(good)), good, 'before', Date.now() + 500, aloneMs)
  const peakAlone = memory.peak()
  const fought: Fought[] = []
  for (let number = 1; number <= waves; number++) fought.push(await fight(besieged, { ...form, number, start: Date.now() + 2000 }))
  // Before and after: how busy the machine is besides changes from one minute to the next.
  const after = await measureGoodOwner(apiOf(service.url, keyOf(good)), good, 'after', Date.now() + 500, aloneMs)
  const alone = [...before, ...after].toSorted((a, b) => a - b)
  const siege = fought.flatMap(({ late }) => late).toSorted((a, b) => a - b)
  const peaks = fought.map(({ peak }) => peak)
  const violations = [...fought.flatMap(({ problems }) => problems), ...(await serviceProblems(service))]
  if (victim.connections() > 0) violations.push(`${victim.connections()} connections to where redirects lead`)
  return {
    figures: [
      `${hostile.length} behaviours × ${form.calls} calls × ${waves} waves; the owners said ${Math.round((await bytesSaid()) / 1e6)} MB`,
      `lateness of the good owner, before      ${summary(before)}`,
      `the same, after                         ${summary(after)}`,
      `the same, besieged                      ${summary(siege)}`,
      `resident memory: alone ${peakAlone} MB; at most, in each wave, ${peaks.join(', ')} MB`,
    ],
    violations: [...violations, ...latenessProblems(alone, siege), ...memoryProblems(peakAlone, peaks, form.calls * hostile.length)],
  }
}

interface Besieged {
  readonly url: string
  readonly keyOf: (owner: object) => string
  readonly hostile: readonly HostileOwner[]
  readonly good: TestOwner
  readonly memory: MemoryWatch
}

interface Fought {
  readonly late: readonly number[]
  readonly peak: number
  readonly problems: readonly string[]
}

async function fight({ url, keyOf, hostile, good, memory }: Besieged, wave: Wave): Promise<Fought> {
  await Promise.all(hostile.map((owner) => lay(url, keyOf(owner), owner, wave)))
  const end = wave.start + wave.spreadMs + 15_000
  const late = await measureGoodOwner(apiOf(url, keyOf(good)), good, `wave-${wave.number}`, wave.start, end - wave.start)
  await untilEnded(url, wave.number * wave.calls * hostile.length, wave.start + wave.spreadMs + endsWithinMs)
  const peak = memory.peak()
  const problems: string[] = []
  for (const owner of hostile) problems.push(...(await judgeWave(url, keyOf(owner), owner, wave)))
  return { late, peak, problems }
}

interface Tenants {
  readonly service: RunningService
  /** The API key of an owner's application. */
  readonly keyOf: (owner: object) => string
}

async function startTenants(scope: Scope, good: TestOwner, hostile: readonly HostileOwner[]): Promise<Tenants> {
  const directory = emptyDirectory(scope)
  const names = new Map<object, string>([[good, 'good'], ...hostile.map((owner, index) => [owner, `hostile-${index}`] as const)])
  const keyOf = (owner: object): string => `confidential-key-of-${names.get(owner)}`
  const file = join(directory, 'applications.json')
  writeApplications(
    file,
    Object.fromEntries([good, ...hostile].map((owner) => [names.get(owner), { key: keyOf(owner), origin: owner.origin }])),
  )
  const service = await startService({ dataDir: join(directory, 'data'), env: { APPLICATIONS_FILE: file } })
  scope.teardown(() => service.end('SIGKILL'))
  return { service, keyOf }
}

/**
 * How late the good owner may be at p99, in milliseconds. The siege costs time on the very cores that everything runs on;
 * how busy these are besides, the lateness alone tells. A service that listens to whoever talks is late by seconds.
 */
function latenessBound(alone: number): number {
  return 50 + 10 * alone
}

function latenessProblems(alone: readonly number[], siege: readonly number[]): string[] {
  const [before, during] = [percentile(alone, 0.99), percentile(siege, 0.99)]
  const isDelayed = during > latenessBound(before)
  const problems = isDelayed ? [`p99 of the good owner's lateness is ${during} ms besieged, and ${before} ms alone`] : []
  if ((siege[0] ?? 0) < 0) problems.push(`a call was ${siege[0]} ms early`)
  return problems
}

/** What a garbage collector leaves lying for a while, in MB; and for each call of a wave as much as one read from a socket takes. */
const [garbageMb, perCallMb] = [150, 1 / 16]

/** Waves come one after the other, so that what stays of each call would add up; what owners have said is many times as much. */
function memoryProblems(alone: number, peaks: readonly number[], callsOfWave: number): string[] {
  const [peak, bound] = [Math.max(...peaks), Math.round(alone + garbageMb + callsOfWave * perCallMb)]
  return peak > bound ? [`resident memory grew from ${alone} MB to ${peak} MB, beyond ${bound} MB`] : []
}
