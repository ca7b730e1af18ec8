import t from 'tap'
import { deploy } from '../../support/aws/deployment.ts'

// Each waits more than it works.
t.jobs = 2

const later = (ms: number): string => new Date(Date.now() + ms).toISOString()

void t.test('EventBridge refuses: 429 and 503 with Retry-After, and nothing is left of the schedule', { timeout: 60_000 }, async (t) => {
  const { owner, scheduler, replica } = await deploy(t)
  const { url, api } = await replica()
  const post = (name: string): Promise<Response> =>
    fetch(`${url}/schedules`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer key-of-blog' },
      body: JSON.stringify({ name, delaySeconds: 3600, target: { url: owner.origin } }),
    })
  scheduler.refuse('ThrottlingException', 4)
  const throttled = await post('post-42')
  t.equal(throttled.status, 429)
  t.equal(throttled.headers.get('retry-after'), '2')
  t.match(await throttled.json(), { code: 'too_many_requests' })
  t.equal(await api.read('post-42'), undefined)
  scheduler.refuse('ServiceQuotaExceededException', 1)
  const full = await post('post-42')
  t.equal(full.status, 503)
  t.equal(full.headers.get('retry-after'), '60')
  t.equal(await api.read('post-42'), undefined)
  t.equal((await post('post-42')).status, 201)
  t.equal(scheduler.schedules.size, 1)
})

void t.test('what stood under a name before is there again when its successor could not be created', { timeout: 60_000 }, async (t) => {
  const { owner, scheduler, replica } = await deploy(t)
  const { api } = await replica()
  const first = await api.create({ name: 'post-42', delaySeconds: 3600, target: { url: owner.origin } })
  await api.cancel('post-42')
  scheduler.refuse('ServiceQuotaExceededException', 1)
  await t.rejects(api.create({ name: 'post-42', delaySeconds: 7200, target: { url: owner.origin } }))
  t.match(await api.read('post-42'), { id: first.id, status: 'canceled' })
})

void t.test('it refuses to start without its table, and says so', { timeout: 60_000 }, async (t) => {
  const { replica } = await deploy(t)
  await t.rejects(replica({ TABLE_NAME: 'nowhere' }), {
    message: /Punctual does not start:\n {2}The table nowhere cannot be used: ResourceNotFoundException/,
  })
})

void t.test('answers that are lost on the way from EventBridge make nothing twice', { timeout: 60_000 }, async (t) => {
  const { owner, scheduler, replica } = await deploy(t)
  const { api } = await replica()
  scheduler.loseAnswers(2)
  await api.create({ name: 'far', at: later(5500), target: { url: owner.origin } })
  t.equal(scheduler.schedules.size, 1)
  await owner.waitForCalls(1)
  await api.waitForStatus('far', 'delivered')
  t.equal(owner.calls.length, 1)
})

void t.test('wake-ups that come three times, over two replicas, deliver once', { timeout: 60_000 }, async (t) => {
  const { owner, scheduler, lambda, replica } = await deploy(t)
  const [one, two] = [await replica(), await replica()]
  scheduler.fireTimes(3)
  await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      (index % 2 ? one : two).api.create({ name: `thrice-${index}`, at: later(5500 + index * 20), target: { url: owner.origin } }),
    ),
  )
  await owner.waitForCalls(50)
  await lambda.idle()
  for (let index = 0; index < 50; index++) await one.api.waitForStatus(`thrice-${index}`, 'delivered')
  t.equal(lambda.invocations.length, 150)
  t.equal(owner.calls.length, 50)
})

void t.test(
  'a canceled schedule is deleted at EventBridge; one that fires nevertheless is not delivered',
  { timeout: 60_000 },
  async (t) => {
    const { owner, scheduler, lambda, replica } = await deploy(t)
    const { api } = await replica()
    scheduler.fireDeleted()
    for (const name of ['post-42', 'post-43']) await api.create({ name, at: later(5500), target: { url: owner.origin } })
    t.equal(await api.cancel('post-42'), true)
    t.same([...scheduler.schedules.keys()].length, 1)
    // The name again, for another moment: the old schedule's wake-up is not for this one.
    await api.create({ name: 'post-42', at: later(6500), target: { url: owner.origin }, payload: 'second' })
    const calls = await owner.waitForCalls(2)
    await lambda.idle()
    await api.waitForStatus('post-42', 'delivered')
    t.equal(lambda.invocations.length, 3)
    t.notOk(
      lambda.invocations.some(({ error }) => error !== undefined),
      'nothing to do is no error',
    )
    t.same(new Set(calls.map(({ headers }) => headers['schedule-name'])), new Set(['post-42', 'post-43']))
    t.equal(calls.find(({ headers }) => headers['schedule-name'] === 'post-42')?.body, '"second"')
    t.equal(owner.calls.length, 2)
  },
)
