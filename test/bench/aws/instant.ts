import { setTimeout as sleep } from 'node:timers/promises'
import { deploy, latenesses } from '../../support/aws/deployment.ts'
import type { Scope } from '../../support/directory.ts'
import { createMany } from '../createMany.ts'
import { summary } from '../summary.ts'

const count = 1000
const spreadMs = 10_000

/** Beyond this, or with a single one early, the run fails. */
const promisedP99Ms = 50

/** As it is deployed: a whole minute, and the default lead. */
export async function instant(scope: Scope): Promise<string[]> {
  const { owner, scheduler, lambda, replica } = await deploy(scope, { minuteMs: 60_000, wakeLeadSeconds: 75 })
  const [one, two] = [await replica(), await replica()]
  const start = Date.now() + 90_000
  const body = (index: number) => ({
    at: new Date(start + Math.floor((index * spreadMs) / count)).toISOString(),
    target: { url: `${owner.origin}/hook` },
    payload: { index },
  })
  await Promise.all([one, two].map(({ url }, half) => createMany(url, count / 2, (index) => body(index * 2 + half), 'key-of-blog')))
  const asked = scheduler.schedules.size
  await owner.waitForCalls(count)
  await sleep(1000)
  const late = latenesses(owner.calls)
  if ((late[0] ?? -1) < 0 || (late[Math.floor(count * 0.99)] ?? Number.POSITIVE_INFINITY) > promisedP99Ms) process.exitCode = 1
  // Whoever is called by EventBridge itself is late by as much as it is.
  const plain = [...scheduler.firedAfterMs]
  return [
    `Punctual             ${summary(late)}`,
    `EventBridge by itself ${summary(plain.map(Math.round))}`,
    `${asked} schedules at EventBridge, ${lambda.invocations.length} wake-ups, ${owner.calls.length} calls`,
  ]
}
