import t from 'tap'
import { deploy, latenesses } from '../../support/aws/deployment.ts'

const later = (ms: number): string => new Date(Date.now() + ms).toISOString()

/** The sweep delivers what nothing else has woken within this. */
const sweptWithinMs = 15_000

const { owner, scheduler, replica } = await deploy(t, {
  // An owner that hangs once.
  answer: ({ headers }, response) => {
    if (headers['schedule-name'] !== 'interrupted' || headers['schedule-attempt'] !== '1') response.end('ok')
  },
})
const survivor = await replica()

await t.test('a replica that is stopped hands over what it holds: another delivers on the instant', async (t) => {
  const one = await replica()
  await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      one.api.create({ name: `stopped-${index}`, delaySeconds: 3.5, target: { url: owner.origin } }),
    ),
  )
  t.equal(await one.end('SIGTERM'), 0)
  const calls = await owner.waitForCalls(50, 'stopped-')
  const late = latenesses(calls)
  t.ok((late[0] ?? -1) >= 0)
  t.ok((late.at(-1) ?? 0) < 1000, `${late.at(-1)} ms`)
  t.notOk(one.output().includes('"level":"error"'), one.output())
  for (let index = 0; index < 50; index++) await survivor.api.waitForStatus(`stopped-${index}`, 'delivered')
  t.equal(owner.callsOf('stopped-').length, 50)
})

await t.test('a replica that holds jobs is killed: another delivers them', async (t) => {
  const one = await replica()
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => one.api.create({ name: `killed-${index}`, delaySeconds: 3, target: { url: owner.origin } })),
  )
  await one.end('SIGKILL')
  await owner.waitForCalls(50, 'killed-')
  for (let index = 0; index < 50; index++) await survivor.api.waitForStatus(`killed-${index}`, 'delivered')
  const calls = owner.callsOf('killed-')
  t.equal(calls.length, 50)
  t.ok((latenesses(calls).at(-1) ?? 0) < sweptWithinMs)
})

await t.test('a replica dies between the record and the wake-up, and while it delivers', async (t) => {
  const one = await replica()
  const { id } = await one.api.create({ name: 'interrupted', delaySeconds: 0, target: { url: owner.origin } })
  await owner.waitForCalls(1, 'interrupted')
  scheduler.stall(2)
  const before = scheduler.schedules.size
  const asked = scheduler.requests.filter((operation) => operation === 'CreateSchedule').length
  const [repeated, forgotten] = ['repeated', 'forgotten'].map((name) => ({ name, at: later(7000), target: { url: owner.origin } }))
  const lost = [repeated, forgotten].map((body) => one.api.create(body ?? {}).catch(() => 'broken'))
  await scheduler.waitForRequests('CreateSchedule', asked + 2)
  await one.end('SIGKILL')
  t.same(await Promise.all(lost), ['broken', 'broken'])
  t.equal(scheduler.schedules.size, before)

  await t.test('the request is repeated: that asks for the wake-up that was missing, and it is on time', async (t) => {
    t.match(await survivor.api.create(repeated ?? {}), { name: 'repeated', status: 'scheduled' })
    t.equal(scheduler.schedules.size, before + 1)
    const calls = await owner.waitForCalls(1, 'repeated')
    t.ok((latenesses(calls)[0] ?? 0) < 1000)
    await survivor.api.waitForStatus('repeated', 'delivered')
    t.equal(owner.callsOf('repeated').length, 1)
  })

  await t.test('the request is not repeated: the sweep delivers', async (t) => {
    const calls = await owner.waitForCalls(1, 'forgotten')
    t.ok((latenesses(calls)[0] ?? 0) < sweptWithinMs)
    await survivor.api.waitForStatus('forgotten', 'delivered')
  })

  await t.test('it was delivering: its lease ends, and the attempt is made again with the same id', async (t) => {
    const calls = await owner.waitForCalls(2, 'interrupted')
    t.match(await survivor.api.waitForStatus('interrupted', 'delivered'), {
      attempts: [{ outcome: 'interrupted' }, { outcome: 'delivered' }],
    })
    t.same(
      calls.map(({ headers }) => headers['webhook-id']),
      [id, id],
    )
  })
})
