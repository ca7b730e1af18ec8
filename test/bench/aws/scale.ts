import { setTimeout as sleep } from 'node:timers/promises'
import { deploy, latenesses } from '../../support/aws/deployment.ts'
import type { Scope } from '../../support/directory.ts'
import { createMany } from '../createMany.ts'
import { summary } from '../summary.ts'

/** So far ahead that EventBridge is asked for each. */
const delaySeconds = 150

/** Many schedules through two replicas: none may be lost, and none delivered twice. */
export async function scale(scope: Scope, count: number): Promise<string[]> {
  const { owner, lambda, replica } = await deploy(scope, { minuteMs: 60_000, wakeLeadSeconds: 75, maxConcurrentDeliveries: 128 })
  const replicas = [await replica(), await replica()]
  const begun = performance.now()
  await Promise.all(
    replicas.map(({ url }, half) =>
      createMany(
        url,
        count / 2,
        (index) => ({ name: `${half}-${index}`, delaySeconds, target: { url: `${owner.origin}/hook` }, payload: { index } }),
        'key-of-blog',
      ),
    ),
  )
  const createdIn = (performance.now() - begun) / 1000
  await owner.waitForCalls(count)
  // What would come twice would come now: a lease is 20 s long.
  await sleep(30_000)
  const delivered = await replicas[0]?.api.list('status=delivered')
  const ids = new Set(owner.calls.map(({ headers }) => headers['webhook-id']))
  const rescued = replicas.map((each) => each.output().split('by the sweep alone').length - 1).reduce((sum, each) => sum + each, 0)
  return [
    `created ${Math.round(count / createdIn)} a second, while those before were being delivered`,
    `lost ${count - ids.size}   doubled ${owner.calls.length - ids.size}   recorded as delivered ${delivered?.length}`,
    `wake-ups by the function ${lambda.invocations.length}, of which ${lambda.invocations.filter(({ error }) => error !== undefined).length} failed; by the sweep alone ${rescued}`,
    `lateness ${summary(latenesses(owner))}`,
  ]
}
