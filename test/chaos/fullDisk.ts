import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeRandom } from '../simulation/random.ts'
import { apiOf } from '../support/api.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import { startOwner } from '../support/owner.ts'
import type { Proof } from '../support/proof.ts'
import { startService } from '../support/service.ts'
import { brokenOf, makeClient } from './promised.ts'
import { snapshotOf } from './snapshot.ts'

/** Room for the log, which may have 64 MiB before it begins anew, and for what is in it once more. */
const diskMib = 192
const ballastMib = 96

/** A small disk fills up, has room again, and fills up once more, while schedules fall due. */
export async function fullDisk(scope: Scope): Promise<Proof> {
  const disk = emptyDirectory(scope)
  // Needs root.
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMib}m`, 'punctual-full-disk', disk])
  scope.teardown(() => execFileSync('umount', ['--lazy', disk]))
  const ballast = join(disk, 'ballast')
  writeFileSync(ballast, Buffer.alloc(ballastMib * 1024 * 1024))
  const dataDir = join(disk, 'data')
  const owner = await startOwner()
  const service = await startService({ dataDir, env: { LOG_LEVEL: 'warn' } })
  scope.teardown(async () => {
    await service.end('SIGKILL')
    await owner.close()
  })
  const client = makeClient(service.url, makeRandom(1), 200_000)
  const violations: string[] = []

  async function fill(): Promise<void> {
    const before = client.statuses.filter((status) => status === 503).length
    const isFull = (): boolean => client.statuses.filter((status) => status === 503).length >= before + 20
    while (!isFull()) await Promise.all(Array.from({ length: 8 }, () => client.goOn()))
  }

  await apiOf(service.url).create({ name: 'due', delaySeconds: 3, target: { url: owner.origin } })
  await fill()
  const refusals = client.statuses.filter((status) => status >= 400 && status !== 503)
  if (refusals.length > 0) violations.push(`answered ${refusals.join(', ')}`)
  if ((await fetch(`${service.url}/health/live`)).status !== 200) violations.push('not alive')
  if (!/"level":"error".*full/.test(service.output())) violations.push('the log says nothing of a full disk')
  violations.push(
    ...(await missing(
      service.url,
      client.promised.map(({ name }) => name),
    )),
  )

  rmSync(ballast)
  const [call] = await owner.waitForCalls(1)
  const lateMs = (call?.receivedAt ?? 0) - Date.parse(call?.headers['schedule-due-at'] ?? '')
  if (lateMs < 0) violations.push('early')
  const promisedBefore = client.promised.length
  await fill()
  if (client.promised.length === promisedBefore) violations.push('it does not recover when there is room again')
  await service.end('SIGKILL')

  // A full disk must not keep what is there from being read, nor is room needed for the start.
  const copy = join(emptyDirectory(scope), 'copy')
  execFileSync('cp', ['-r', dataDir, copy])
  const { records } = await snapshotOf(copy)
  violations.push(...brokenOf(client.promised, records))
  const full = client.statuses.filter((status) => status === 503).length
  return { figures: [`${client.promised.length} promises, ${full} refusals by 503; what fell due was delivered`], violations }
}

/** What was acknowledged is answered all the same. */
async function missing(url: string, names: readonly string[]): Promise<string[]> {
  const api = apiOf(url)
  const found = await Promise.all(names.map((name) => api.read(name)))
  return names.filter((_, index) => found[index] === undefined).map((name) => `${name} cannot be read`)
}
