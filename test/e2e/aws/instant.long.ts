import t from 'tap'
import { deploy, latenesses } from '../../support/aws/deployment.ts'

const later = (ms: number): string => new Date(Date.now() + ms).toISOString()

const { owner, scheduler, lambda, dynamo, replica } = await deploy(t, { minuteMs: 3000, wakeLeadSeconds: 4 })
const [one, two] = [await replica(), await replica()]

await t.test('EventBridge fires anywhere in its minute; the owner is called on the instant, once', async (t) => {
  const created = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      (index % 2 ? one : two).api.create({ name: `far-${index}`, at: later(11_000 + index * 10), target: { url: owner.origin } }),
    ),
  )
  t.equal(scheduler.schedules.size, 200)
  const calls = await owner.waitForCalls(200)
  await lambda.idle()
  const late = latenesses(calls)
  t.ok((late[0] ?? -1) >= 0, `earliest ${late[0]} ms`)
  // Plain EventBridge would be late by up to its whole minute, which is three seconds here. The benchmark says how late we are.
  t.ok((late[198] ?? 0) < 1000, `p99 ${late[198]} ms`)
  t.equal(new Set(calls.map(({ headers }) => headers['webhook-id'])).size, 200)
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

await t.test('what is due within the lead is held by the replica that created it, and on time', async (t) => {
  const before = lambda.invocations.length
  await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      one.api.create({ name: `near-${index}`, delaySeconds: 1 + (index % 20) / 10, target: { url: owner.origin } }),
    ),
  )
  const late = latenesses(await owner.waitForCalls(100, 'near-'))
  t.ok((late[0] ?? -1) >= 0)
  t.ok((late[98] ?? 0) < 1000, `p99 ${late[98]} ms`)
  t.equal(scheduler.schedules.size, 100, 'EventBridge stands by as the safety net')
  t.equal(lambda.invocations.length, before)
})

await t.test('a schedule costs one put, a claim, a settle, one read and one CreateSchedule', async (t) => {
  for (let index = 0; index < 100; index++) await one.api.waitForStatus(`near-${index}`, 'delivered')
  const begun = Date.now()
  const requestsBefore = scheduler.requests.length
  const before = dynamo.requestsBy('x-amz-target')
  const countOf = (operation: string): number => {
    const target = `DynamoDB_20120810.${operation}`
    return (dynamo.requestsBy('x-amz-target').get(target) ?? 0) - (before.get(target) ?? 0)
  }
  for (let index = 0; index < 20; index++)
    await one.api.create({ name: `counted-${index}`, at: later(8000 + index * 50), target: { url: owner.origin }, payload: { index } })
  await owner.waitForCalls(20, 'counted-')
  await lambda.idle()
  // Settling is all that is left to do.
  const settled = (): number =>
    [one, two]
      .map((each) => each.output())
      .join('')
      .match(/"schedule":"counted-\d+".*"msg":"attempt"/g)?.length ?? 0
  while (settled() < 20) await new Promise((resolve) => setTimeout(resolve, 20))
  // Once a second at most, each replica writes down how many there are.
  const tallies = 2 * Math.ceil((Date.now() - begun) / 1000 + 1)
  t.equal(countOf('PutItem'), 20)
  t.ok(countOf('UpdateItem') >= 40 && countOf('UpdateItem') <= 40 + tallies, `${countOf('UpdateItem')} updates`)
  t.equal(countOf('GetItem'), 20)
  t.equal(countOf('BatchGetItem') + countOf('DeleteItem'), 0)
  t.same(
    scheduler.requests.slice(requestsBefore),
    Array.from({ length: 20 }, () => 'CreateSchedule'),
  )
})

await t.test('a cancel that is confirmed holds, however close to the moment it comes, and through whichever replica', async (t) => {
  const start = Date.now() + 5000
  const schedules = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      one.api.create({ name: `race-${index}`, at: new Date(start + index * 10).toISOString(), target: { url: owner.origin } }),
    ),
  )
  const confirmed = await Promise.all(
    schedules.map(async ({ name, at }, index) => {
      // From 150 ms before the moment, which is well before the claim, to 50 ms after it.
      await new Promise((resolve) => setTimeout(resolve, Date.parse(at) - 150 + (index % 21) * 10 - Date.now()))
      return (await (index % 2 ? one : two).api.cancel(name)) ? name : undefined
    }),
  )
  const canceled = new Set(confirmed.filter((name) => name !== undefined))
  const delivered = schedules.filter(({ name }) => !canceled.has(name))
  for (const { name } of delivered) await two.api.waitForStatus(name, 'delivered')
  const called = owner.callsOf('race-').map(({ headers }) => headers['schedule-name'] ?? '')
  t.same(new Set(called), new Set(delivered.map(({ name }) => name)), 'each is delivered or canceled, and none is both')
  t.equal(called.length, delivered.length)
  t.ok(canceled.size > 0 && delivered.length > 0, `${canceled.size} canceled, ${delivered.length} delivered`)
})

await t.test('a failed try comes again after its backoff, held by the replica that made it', async (t) => {
  await owner.close()
  const { name } = await one.api.create({
    delaySeconds: 0,
    target: { url: owner.origin },
    retry: { maxAttempts: 3, initialDelaySeconds: 0.5, maxDelaySeconds: 1 },
  })
  const failed = await two.api.waitForStatus(name, 'failed')
  t.match(failed.attempts, [{ outcome: 'retry' }, { outcome: 'retry' }, { outcome: 'failed' }])
  for (const { latenessMs } of failed.attempts) t.ok(latenessMs >= 0 && latenessMs < 1000, `${latenessMs} ms`)
})
