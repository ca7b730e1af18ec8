import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Deployment, deploy, key } from '../../support/aws/deployment.ts'
import { emptyDirectory, type Scope } from '../../support/directory.ts'
import { startService } from '../../support/service.ts'
import { startChild } from '../beside/child.ts'
import { createMany } from '../createMany.ts'
import { timeByPackage } from './callTree.ts'
import type { SdkCommands } from './sdkAlone.ts'
import { cpuOfThreads, cpuPerOperation } from './threads.ts'

const count = 3000
const due = { afterMs: 12_000, perSecond: 250 }
const payload = { postId: 42, text: 'hello, this is the text of a post that is to be published later' }

/**
 * What a schedule costs a replica, from its creation to its result: on stand-ins for AWS in other processes, beside what
 * the calls of AWS cost that are made for it, by themselves.
 */
export async function profileAws(scope: Scope): Promise<string[]> {
  const deployment = await deploy(scope, { maxConcurrentDeliveries: 128 })
  const alone = await startChild<SdkCommands>(scope, new URL('./sdkAlone.ts', import.meta.url).href, deployment.env)
  const sdk = await alone.call('measure', count)
  await alone.end()
  const plain = await load(scope, deployment, [])
  const profiles = join(emptyDirectory(scope), 'profiles')
  mkdirSync(profiles)
  await load(scope, deployment, ['env', `NODE_OPTIONS=--cpu-prof --cpu-prof-dir=${profiles}`])
  return [
    'CPU for each schedule, by thread, without a profiler:',
    ...plain,
    `${sdk.toFixed(1).padStart(8)} µs  the same calls of AWS, by themselves in a process that does nothing else`,
    'the main thread, from its start to its end, by whose code it was:',
    ...timeByPackage(profiles),
  ]
}

/** One replica's life: twice so many schedules, of which the second half counts. */
async function load(scope: Scope, { owner, balancer, env }: Deployment, under: readonly string[]): Promise<string[]> {
  const service = await startService({ dataDir: emptyDirectory(scope), env: { ...env, LOG_LEVEL: 'warn' }, under })
  scope.teardown(() => service.end('SIGKILL'))
  balancer.targets.push(service.url)
  await deliver(service.url, owner)
  const before = cpuOfThreads(service.pid)
  await deliver(service.url, owner)
  const used = cpuPerOperation(before, cpuOfThreads(service.pid), count)
  balancer.targets.length = 0
  await service.end('SIGTERM')
  return used
}

async function deliver(url: string, owner: Deployment['owner']): Promise<void> {
  const begin = Date.now() + due.afterMs
  const calls = owner.calls.length
  await createMany(
    url,
    count,
    (index) => ({
      at: new Date(begin + (index * 1000) / due.perSecond).toISOString(),
      target: { url: `${owner.origin}/hook` },
      payload,
    }),
    key,
  )
  await owner.waitForCalls(calls + count)
  // Until the last result is written down.
  await sleep(1000)
}
