import t from 'tap'
import { deploy, latenesses } from '../../support/aws/deployment.ts'

const later = (ms: number): string => new Date(Date.now() + ms).toISOString()

await t.test('EventBridge fires anywhere in its minute; the owner is called on the instant, once', { timeout: 60_000 }, async (t) => {
  const { owner, lambda, scheduler, replica } = await deploy(t, { minuteMs: 3000, wakeLeadSeconds: 4 })
  const [one, two] = [await replica(), await replica()]
  const created = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      (index % 2 ? one : two).api.create({ name: `far-${index}`, at: later(11_000 + index * 10), target: { url: owner.origin } }),
    ),
  )
  t.equal(scheduler.schedules.size, 200)
  await owner.waitForCalls(200)
  await lambda.idle()
  const late = latenesses(owner)
  t.ok((late[0] ?? -1) >= 0, `earliest ${late[0]} ms`)
  // Plain EventBridge would be late by up to its whole minute, which is three seconds here. The benchmark says how late we are.
  t.ok((late[198] ?? 0) < 1000, `p99 ${late[198]} ms`)
  t.equal(new Set(owner.calls.map(({ headers }) => headers['webhook-id'])).size, 200)
  t.equal(lambda.invocations.length, 200, 'the function woke each of them')
  t.notOk(lambda.invocations.some(({ error }) => error !== undefined))
  for (const schedule of created) await one.api.waitForStatus(schedule.name, 'delivered')
  t.equal(owner.calls.length, 200)
  for (const { url } of [one, two])
    t.match(
      await (await fetch(`${url}/metrics`)).text(),
      'punctual_sweep_rescued_total{application="blog"} 0',
      'the sweep has found nothing',
    )
})

await t.test('what is due within the lead is held by the replica that created it, and on time', { timeout: 60_000 }, async (t) => {
  const { owner, scheduler, lambda, replica } = await deploy(t)
  const { api } = await replica()
  await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      api.create({ name: `near-${index}`, delaySeconds: (index % 20) / 10, target: { url: owner.origin } }),
    ),
  )
  await owner.waitForCalls(100)
  const late = latenesses(owner)
  t.ok((late[0] ?? -1) >= 0)
  t.ok((late[98] ?? 0) < 1000, `p99 ${late[98]} ms`)
  t.equal(scheduler.schedules.size, 100, 'EventBridge stands by as the safety net')
  t.equal(lambda.invocations.length, 0)
})

await t.test('a schedule costs one put, a claim, a settle, one read and one CreateSchedule', { timeout: 60_000 }, async (t) => {
  const { owner, scheduler, lambda, dynamo, replica } = await deploy(t)
  const { api } = await replica()
  const before = new Map(dynamo.requestsBy('x-amz-target'))
  for (let index = 0; index < 20; index++)
    await api.create({ name: `counted-${index}`, at: later(5500 + index * 50), target: { url: owner.origin }, payload: { index } })
  await owner.waitForCalls(20)
  await lambda.idle()
  // Settling is all that is left to do.
  const after = (): number => dynamo.requestsBy('x-amz-target').get('DynamoDB_20120810.UpdateItem') ?? 0
  while (after() - (before.get('DynamoDB_20120810.UpdateItem') ?? 0) < 40) await new Promise((resolve) => setTimeout(resolve, 20))
  const counts = [...dynamo.requestsBy('x-amz-target')].map(([target, count]) => [target.split('.')[1], count - (before.get(target) ?? 0)])
  const { Query, ...perSchedule } = Object.fromEntries(counts) as Record<string, number>
  t.same(perSchedule, { PutItem: 20, UpdateItem: 40, GetItem: 20 })
  t.same(
    scheduler.requests,
    Array.from({ length: 20 }, () => 'CreateSchedule'),
  )
  // The sweep's looks do not depend on how many schedules there are.
  t.ok((Query ?? 0) <= 50, `${Query} queries`)
})

await t.test('a failed try comes again after its backoff, held by the replica that made it', { timeout: 60_000 }, async (t) => {
  const { owner, replica } = await deploy(t)
  const { api } = await replica()
  await owner.close()
  const { name } = await api.create({
    delaySeconds: 0,
    target: { url: owner.origin },
    retry: { maxAttempts: 3, initialDelaySeconds: 0.5, maxDelaySeconds: 1 },
  })
  const failed = await api.waitForStatus(name, 'failed')
  t.match(failed.attempts, [{ outcome: 'retry' }, { outcome: 'retry' }, { outcome: 'failed' }])
  for (const { latenessMs } of failed.attempts) t.ok(latenessMs >= 0 && latenessMs < 1000, `${latenessMs} ms`)
})
