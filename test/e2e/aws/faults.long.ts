import t from 'tap'
import { deploy } from '../../support/aws/deployment.ts'

const later = (ms: number): string => new Date(Date.now() + ms).toISOString()

const { owner, scheduler, lambda, dynamo, replica } = await deploy(t)
const [one, two] = [await replica(), await replica()]

await t.test('it refuses to start without its table, and says so', async (t) => {
  await t.rejects(replica({ TABLE_NAME: 'nowhere' }), {
    message: /Punctual does not start:\n {2}The table nowhere cannot be used: ResourceNotFoundException/,
  })
})

await t.test('EventBridge refuses: 429 and 503 with Retry-After, and nothing is left of the schedule', async (t) => {
  const post = (): Promise<Response> =>
    fetch(`${one.url}/schedules`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer key-of-blog' },
      body: JSON.stringify({ name: 'refused', delaySeconds: 3600, target: { url: owner.origin } }),
    })
  scheduler.refuse('ThrottlingException', 4)
  const throttled = await post()
  t.equal(throttled.status, 429)
  t.equal(throttled.headers.get('retry-after'), '2')
  t.match(await throttled.json(), { code: 'too_many_requests' })
  t.equal(await one.api.read('refused'), undefined)
  scheduler.refuse('ServiceQuotaExceededException', 1)
  const full = await post()
  t.equal(full.status, 503)
  t.equal(full.headers.get('retry-after'), '60')
  t.equal(await one.api.read('refused'), undefined)
  t.equal((await post()).status, 201)
  t.equal(scheduler.schedules.size, 1)
})

await t.test('what stood under a name before is there again when its successor could not be created', async (t) => {
  const first = await one.api.create({ name: 'replaced', delaySeconds: 3600, target: { url: owner.origin } })
  await one.api.cancel('replaced')
  scheduler.refuse('ServiceQuotaExceededException', 1)
  await t.rejects(one.api.create({ name: 'replaced', delaySeconds: 7200, target: { url: owner.origin } }))
  t.match(await one.api.read('replaced'), { id: first.id, status: 'canceled' })
})

await t.test('answers that are lost on the way from EventBridge make nothing twice', async (t) => {
  const before = scheduler.schedules.size
  scheduler.loseAnswers(2)
  await one.api.create({ name: 'unheard', at: later(5500), target: { url: owner.origin } })
  t.equal(scheduler.schedules.size, before + 1)
  await owner.waitForCalls(1, 'unheard')
  await one.api.waitForStatus('unheard', 'delivered')
  t.equal(owner.callsOf('unheard').length, 1)
})

await t.test('answers that are lost on the way from DynamoDB make nothing twice, and lose nothing', async (t) => {
  const lost = dynamo.lost()
  dynamo.loseAnswers(1)
  await one.api.create({ name: 'unwritten', delaySeconds: 1, target: { url: owner.origin } })
  t.equal(dynamo.lost(), lost + 1)
  // The next one may be that of the read, the claim or the settlement: the SDK asks again in any case.
  dynamo.loseAnswers(1)
  await owner.waitForCalls(1, 'unwritten')
  await one.api.waitForStatus('unwritten', 'delivered')
  t.equal(owner.callsOf('unwritten').length, 1)
})

await t.test('wake-ups that come three times, over two replicas, deliver once', async (t) => {
  const before = lambda.invocations.length
  scheduler.fireTimes(3)
  await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      (index % 2 ? one : two).api.create({ name: `thrice-${index}`, at: later(5500 + index * 20), target: { url: owner.origin } }),
    ),
  )
  await owner.waitForCalls(50, 'thrice-')
  await lambda.idle()
  scheduler.fireTimes(1)
  for (let index = 0; index < 50; index++) await one.api.waitForStatus(`thrice-${index}`, 'delivered')
  t.equal(lambda.invocations.length - before, 150)
  t.equal(owner.callsOf('thrice-').length, 50)
})

await t.test('a canceled schedule is deleted at EventBridge; one that fires nevertheless is not delivered', async (t) => {
  const before = lambda.invocations.length
  const schedules = scheduler.schedules.size
  scheduler.fireDeleted()
  for (const name of ['post-42', 'post-43']) await one.api.create({ name, at: later(5500), target: { url: owner.origin } })
  t.equal(await one.api.cancel('post-42'), true)
  t.equal(scheduler.schedules.size, schedules + 1)
  // The name again, for another moment: the old schedule's wake-up is not for this one.
  await one.api.create({ name: 'post-42', at: later(6500), target: { url: owner.origin }, payload: 'second' })
  const calls = await owner.waitForCalls(2, 'post-')
  await lambda.idle()
  await one.api.waitForStatus('post-42', 'delivered')
  const invocations = lambda.invocations.slice(before)
  t.equal(invocations.length, 3)
  t.notOk(
    invocations.some(({ error }) => error !== undefined),
    'nothing to do is no error',
  )
  t.same(new Set(calls.map(({ headers }) => headers['schedule-name'])), new Set(['post-42', 'post-43']))
  t.equal(calls.find(({ headers }) => headers['schedule-name'] === 'post-42')?.body, '"second"')
  t.equal(owner.callsOf('post-').length, 2)
})
