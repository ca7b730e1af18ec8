import t from 'tap'
import { deploy, latenesses } from '../../support/aws/deployment.ts'

const later = (ms: number): string => new Date(Date.now() + ms).toISOString()

/** The sweep delivers what nothing else has woken within this. */
const sweptWithinMs = 15_000

const { owner, scheduler, lambda, balancer, replica } = await deploy(t)
const [one, two] = [await replica(), await replica()]
let three = one

await t.test('EventBridge never fires: the sweep delivers everything within 15 seconds of its time, once', async (t) => {
  scheduler.fireTimes(0)
  await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      (index % 2 ? one : two).api.create({ name: `dead-${index}`, at: later(8000 + index * 5), target: { url: owner.origin } }),
    ),
  )
  await owner.waitForCalls(300, 'dead-')
  for (let index = 0; index < 300; index++) await one.api.waitForStatus(`dead-${index}`, 'delivered')
  scheduler.fireTimes(1)
  const calls = owner.callsOf('dead-')
  t.equal(calls.length, 300)
  t.equal(lambda.invocations.length, 0)
  const late = latenesses(calls)
  t.ok((late[0] ?? -1) >= 0)
  t.ok((late.at(-1) ?? 0) < sweptWithinMs, `${late.at(-1)} ms`)
  t.ok(
    [one, two].some((each) => each.output().includes('found by the sweep alone')),
    'and it is told',
  )
  const texts = await Promise.all([one, two].map(async ({ url }) => (await fetch(`${url}/metrics`)).text()))
  const rescued = texts.map((text) => Number(/^punctual_sweep_rescued_total\{application="blog"\} (\d+)$/m.exec(text)?.[1]))
  t.ok(rescued.reduce((sum, each) => sum + each, 0) >= 250, `${rescued.join(' and ')} found by the sweep`)
})

await t.test('CALLBACK_SECRET is changed: the tokens of what is pending are wrong, and the sweep delivers', async (t) => {
  for (let index = 0; index < 10; index++) await one.api.create({ name: `secret-${index}`, at: later(7000), target: { url: owner.origin } })
  await Promise.all([one.end('SIGTERM'), two.end('SIGTERM')])
  balancer.targets.length = 0
  three = await replica({ CALLBACK_SECRET: 'another secret of at least thirty-two bytes' })
  const calls = await owner.waitForCalls(10, 'secret-')
  for (let index = 0; index < 10; index++) await three.api.waitForStatus(`secret-${index}`, 'delivered')
  t.equal(owner.callsOf('secret-').length, 10)
  t.match(lambda.invocations.at(-1)?.error?.message, 'answered 401')
  t.ok((latenesses(calls).at(-1) ?? 0) < sweptWithinMs)
})

await t.test('the function cannot reach the service: its failures are kept, and the sweep delivers', async (t) => {
  await balancer.close()
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      three.api.create({ name: `cut-off-${index}`, at: later(6000), target: { url: owner.origin } }),
    ),
  )
  const calls = await owner.waitForCalls(20, 'cut-off-')
  await lambda.idle()
  const invocations = lambda.invocations.filter(({ event }) => event.url.includes('cut-off'))
  t.equal(lambda.failed.filter(({ url }) => url.includes('cut-off')).length, 20)
  t.equal(invocations.length, 60, 'tried three times each')
  t.match(invocations[0]?.error?.message, /callbacks\/blog\/cut-off-\d+ gave no answer: .*ECONNREFUSED/)
  t.ok((latenesses(calls).at(-1) ?? 0) < sweptWithinMs)
})
