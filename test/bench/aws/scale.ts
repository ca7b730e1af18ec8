import { setTimeout as sleep } from 'node:timers/promises'
import { deploy, latenesses } from '../../support/aws/deployment.ts'
import type { Scope } from '../../support/directory.ts'
import { createMany } from '../createMany.ts'
import { summary } from '../summary.ts'

/** What dynalite can take beside everything else on two cores, a second: three requests for each delivery. */
const createdASecond = 500
const dueASecond = 250

/** Until then all are created, before the first wake-up comes. */
const reserveMs = 90_000

/** What has not come by then is lost. */
const patienceMs = 60_000

/** Many schedules through two replicas: none may be lost, and none delivered twice. */
export async function scale(scope: Scope, count: number): Promise<string[]> {
  const { owner, lambda, replica } = await deploy(scope, { minuteMs: 60_000, wakeLeadSeconds: 75 })
  const [one, two] = [await replica(), await replica()]
  const begun = Date.now()
  const start = begun + (count / createdASecond) * 1000 + reserveMs
  const body = (name: string, index: number) => ({
    name,
    at: new Date(start + (index * 1000) / dueASecond).toISOString(),
    target: { url: `${owner.origin}/hook` },
    payload: { index },
  })
  const refusals = await Promise.all(
    [one, two].map(({ url }, half) => createMany(url, count / 2, (index) => body(`${half}-${index}`, index * 2 + half), 'key-of-blog')),
  )
  const createdIn = (Date.now() - begun) / 1000
  await Promise.race([owner.waitForCalls(count), sleep(start + (count / dueASecond) * 1000 + patienceMs - Date.now())])
  // What would come twice would come now: a lease is 20 s long.
  await sleep(30_000)
  const delivered = await one.api.list('status=delivered')
  const ids = new Set(owner.calls.map(({ headers }) => headers['webhook-id']))
  if (ids.size < count || owner.calls.length > ids.size || delivered.length < count) process.exitCode = 1
  const rescued = [one, two].map((each) => each.output().split('by the sweep alone').length - 1)
  return [
    `created ${Math.round(count / createdIn)} a second; ${refusals.join(' and ')} requests refused with 503 and repeated`,
    `lost ${count - ids.size}   doubled ${owner.calls.length - ids.size}   recorded as delivered ${delivered.length}`,
    `wake-ups by the function ${lambda.invocations.length}, of which ${lambda.invocations.filter(({ error }) => error !== undefined).length} failed`,
    `found by the sweep alone ${rescued.join(' and ')}`,
    `lateness ${summary(latenesses(owner.calls))}`,
  ]
}
