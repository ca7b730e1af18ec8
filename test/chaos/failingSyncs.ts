import { join } from 'node:path'
import { makeRandom, type Random } from '../simulation/random.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import type { Proof } from '../support/proof.ts'
import { startService } from '../support/service.ts'
import { brokenOf, type Client, makeClient } from './promised.ts'
import { snapshotOf } from './snapshot.ts'
import { strace } from './strace.ts'

const seed = 20_261_124

/** What strace is to do about syncs, from one of them on. */
const faults = {
  'every sync fails from one on': (nth: number) => `error=EIO:when=${nth}+`,
  'one sync fails': (nth: number) => `error=EIO:when=${nth}`,
  'the process is killed at a sync': (nth: number) => `signal=KILL:when=${nth}`,
} as const

/** Nothing is acknowledged whose sync has failed; and what was acknowledged is there afterwards. */
export async function failingSyncs(scope: Scope, isShort: boolean): Promise<Proof> {
  const random = makeRandom(seed)
  const figures: string[] = []
  const violations: string[] = []
  for (const [what, fault] of Object.entries(faults)) {
    let promises = 0
    let refusals = 0
    const runs = isShort ? 1 : 10
    for (let run = 0; run < runs; run++) {
      const { client, broken } = await runWith(scope, random, fault(random.between(10, 60)), what === 'one sync fails')
      promises += client.promised.length
      refusals += client.statuses.filter((status) => status === 503).length
      violations.push(...broken.map((each) => `${what}: ${each}`))
    }
    figures.push(`${what}: ${promises} promises, ${refusals} refusals by 503, in ${runs} runs`)
  }
  return { figures, violations }
}

async function runWith(scope: Scope, random: Random, fault: string, isPassing: boolean): Promise<{ client: Client; broken: string[] }> {
  const directory = emptyDirectory(scope)
  const dataDir = join(directory, 'data')
  const inject = ['-e', `inject=fsync,fdatasync:${fault}`, '-o', '/dev/null']
  const service = await startService({ dataDir, env: { LOG_LEVEL: 'warn' }, under: strace(dataDir, ...inject) })
  scope.teardown(() => service.end('SIGKILL'))
  const client = makeClient(service.url, random)
  for (let count = 0; count < 100; count++) await client.goOn()
  const broken = fault.startsWith('error') ? await judgeWhileFailing(service, client, isPassing) : []
  await service.end('SIGKILL')
  const { records } = await snapshotOf(dataDir)
  return { client, broken: [...broken, ...brokenOf(client.promised, records)] }
}

async function judgeWhileFailing(service: { url: string; output(): string }, client: Client, isPassing: boolean): Promise<string[]> {
  const broken: string[] = []
  const others = client.statuses.filter((status) => status !== 503 && status >= 400)
  if (others.length > 0) broken.push(`answered ${others.join(', ')}`)
  if (!client.statuses.includes(503)) broken.push('no sync has failed')
  const first = client.statuses.indexOf(503)
  if (!isPassing && client.statuses.slice(first).some((status) => status < 300)) broken.push('acknowledged, although every sync fails')
  if (client.statuses.at(-1) === 503 && isPassing) broken.push('it does not recover')
  const ready = (await fetch(`${service.url}/health/ready`)).status
  if (ready !== (isPassing ? 200 : 503)) broken.push(`readiness is ${ready}`)
  if (!/"level":"error".*(?:disk I\/O error|I\/O)/.test(service.output())) broken.push('the log says nothing of it')
  return broken
}
