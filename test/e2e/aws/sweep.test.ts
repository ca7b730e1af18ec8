import t from 'tap'
import { deploy, latenesses } from '../../support/aws/deployment.ts'

// Each waits more than it works.
t.jobs = 3

const later = (ms: number): string => new Date(Date.now() + ms).toISOString()

/** The sweep delivers what nothing else has woken within this. */
const sweptWithinMs = 15_000

void t.test(
  'EventBridge never fires: the sweep delivers everything within 15 seconds of its time, once',
  { timeout: 60_000 },
  async (t) => {
    const { owner, scheduler, lambda, replica } = await deploy(t)
    const [one, two] = [await replica(), await replica()]
    scheduler.fireTimes(0)
    await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        (index % 2 ? one : two).api.create({ name: `dead-${index}`, at: later(8000 + index * 5), target: { url: owner.origin } }),
      ),
    )
    await owner.waitForCalls(300)
    for (let index = 0; index < 300; index++) await one.api.waitForStatus(`dead-${index}`, 'delivered')
    t.equal(owner.calls.length, 300)
    t.equal(lambda.invocations.length, 0)
    const late = latenesses(owner)
    t.ok((late[0] ?? -1) >= 0)
    t.ok((late.at(-1) ?? 0) < sweptWithinMs, `${late.at(-1)} ms`)
    t.ok(
      [one, two].some((each) => each.output().includes('found by the sweep alone')),
      'and it is told',
    )
    const texts = await Promise.all([one, two].map(async ({ url }) => (await fetch(`${url}/metrics`)).text()))
    const rescued = texts.map((text) => Number(/^punctual_sweep_rescued_total\{application="blog"\} (\d+)$/m.exec(text)?.[1]))
    t.ok(rescued.reduce((sum, each) => sum + each, 0) >= 250, `${rescued.join(' and ')} found by the sweep`)
  },
)

void t.test('the function cannot reach the service: its failures are kept, and the sweep delivers', { timeout: 60_000 }, async (t) => {
  const { owner, lambda, balancer, replica } = await deploy(t)
  const { api } = await replica()
  await balancer.close()
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => api.create({ name: `cut-off-${index}`, at: later(7000), target: { url: owner.origin } })),
  )
  await owner.waitForCalls(20)
  await lambda.idle()
  t.equal(lambda.failed.length, 20)
  t.equal(lambda.invocations.length, 60, 'tried three times each')
  t.match(lambda.invocations[0]?.error?.message, /callbacks\/blog\/cut-off-\d+ gave no answer: .*ECONNREFUSED/)
  t.ok((latenesses(owner).at(-1) ?? 0) < sweptWithinMs)
})

void t.test('a replica that holds jobs is killed: another delivers them', { timeout: 60_000 }, async (t) => {
  const { owner, replica } = await deploy(t)
  const [one, two] = [await replica(), await replica()]
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => one.api.create({ name: `held-${index}`, delaySeconds: 4, target: { url: owner.origin } })),
  )
  await one.end('SIGKILL')
  await owner.waitForCalls(50)
  for (let index = 0; index < 50; index++) await two.api.waitForStatus(`held-${index}`, 'delivered')
  t.equal(owner.calls.length, 50)
  t.ok((latenesses(owner).at(-1) ?? 0) < sweptWithinMs)
})

void t.test('a replica that is stopped hands over what it holds: another delivers on the instant', { timeout: 60_000 }, async (t) => {
  const { owner, replica } = await deploy(t)
  const [one, two] = [await replica(), await replica()]
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => one.api.create({ name: `held-${index}`, delaySeconds: 5, target: { url: owner.origin } })),
  )
  t.equal(await one.end('SIGTERM'), 0)
  await owner.waitForCalls(50)
  for (let index = 0; index < 50; index++) await two.api.waitForStatus(`held-${index}`, 'delivered')
  t.equal(owner.calls.length, 50)
  const late = latenesses(owner)
  t.ok((late[0] ?? -1) >= 0)
  t.ok((late.at(-1) ?? 0) < 1000, `${late.at(-1)} ms`)
  t.notOk(one.output().includes('"level":"error"'), one.output())
})

void t.test(
  'a replica dies between the record and the wake-up: another delivers, and the request may be repeated',
  { timeout: 60_000 },
  async (t) => {
    const { owner, scheduler, replica } = await deploy(t)
    const [one, two] = [await replica(), await replica()]
    scheduler.stall(1)
    const body = { name: 'post-42', at: later(7000), target: { url: owner.origin } }
    const lost = one.api.create(body).catch(() => 'broken')
    await scheduler.waitForRequests('CreateSchedule', 1)
    await one.end('SIGKILL')
    t.equal(await lost, 'broken')
    t.equal(scheduler.schedules.size, 0)
    t.match(await two.api.create(body), { name: 'post-42', status: 'scheduled' })
    t.equal(scheduler.schedules.size, 1, 'the repeated request has asked for the wake-up that was missing')
    await owner.waitForCalls(1)
    await two.api.waitForStatus('post-42', 'delivered')
    t.equal(owner.calls.length, 1)
    t.ok((latenesses(owner)[0] ?? 0) < 500, 'so that it is on time')
  },
)

void t.test('the same without the request being repeated: the sweep finds it', { timeout: 60_000 }, async (t) => {
  const { owner, scheduler, replica } = await deploy(t)
  const [one, two] = [await replica(), await replica()]
  scheduler.stall(1)
  const lost = one.api.create({ name: 'post-42', at: later(7000), target: { url: owner.origin } }).catch(() => 'broken')
  await scheduler.waitForRequests('CreateSchedule', 1)
  await one.end('SIGKILL')
  t.equal(await lost, 'broken')
  await owner.waitForCalls(1)
  await two.api.waitForStatus('post-42', 'delivered')
  t.ok((latenesses(owner)[0] ?? 0) < sweptWithinMs)
})

void t.test(
  'a replica dies while it delivers: its lease ends, and another makes the attempt again with the same id',
  { timeout: 60_000 },
  async (t) => {
    const { owner, replica } = await deploy(t, {
      answer: (call, response) => (call.headers['schedule-attempt'] === '1' ? undefined : response.end('ok')),
    })
    const [one, two] = [await replica(), await replica()]
    const { id } = await one.api.create({ name: 'post-42', delaySeconds: 1, target: { url: owner.origin } })
    await owner.waitForCalls(1)
    await one.end('SIGKILL')
    await owner.waitForCalls(2)
    t.match(await two.api.waitForStatus('post-42', 'delivered'), { attempts: [{ outcome: 'interrupted' }, { outcome: 'delivered' }] })
    t.same(
      owner.calls.map(({ headers }) => headers['webhook-id']),
      [id, id],
    )
  },
)
