import t, { type Test } from 'tap'
import { callerOf, isProblem } from '../support/caller.ts'
import { application, type Composed, composeService } from '../support/composed.ts'
import { type ObedientOwner, startObedientOwner } from '../support/obedientOwner.ts'
import { startOwner } from '../support/owner.ts'

const dayMs = 24 * 3600_000

interface Turned extends ReturnType<typeof callerOf> {
  readonly service: Composed
  now(): Promise<number>
  /** Turns the clock, and answers what it shows then. */
  advance(body: object): Promise<number>
}

async function turned(t: Test, origin: string): Promise<Turned> {
  const service = await composeService(t, { applications: [application('blog', { allowedOrigins: [origin] })], clock: 'manual' })
  service.start()
  const caller = callerOf(service.app)
  return {
    ...caller,
    service,
    now: async () => Date.parse((await caller.ask({ path: '/clock', key: '' })).json().now),
    async advance(body) {
      const response = await caller.post(body, { path: '/clock/advance', key: '' })
      t.equal(response.statusCode, 200, response.payload)
      return Date.parse(response.json().now)
    },
  }
}

async function opened(t: Test): Promise<Turned & { owner: ObedientOwner }> {
  const owner = await startObedientOwner(t)
  return { ...(await turned(t, owner.origin)), owner }
}

await t.test(
  'POST /clock/advance 200: what is due in thirty days is delivered at once, on its instant, and what is due later is not',
  async (t) => {
    const { owner, post, ask, now, advance } = await opened(t)
    const begun = await now()
    const target = { url: `${owner.origin}/ok` }
    await post({ name: 'reminder', delaySeconds: 30 * 86_400, target, payload: { hello: 'there' } })
    await post({ name: 'later', delaySeconds: 30 * 86_400 + 0.001, target })
    t.equal(await advance({ bySeconds: 30 * 86_400 }), begun + 30 * dayMs)
    t.equal(await now(), begun + 30 * dayMs)
    t.same(
      owner.calls.map(({ headers, body }) => [headers['schedule-name'], body]),
      [['reminder', '{"hello":"there"}']],
    )
    const { status, attempts } = (await ask({ path: '/schedules/reminder' })).json()
    t.equal(status, 'delivered')
    t.match(attempts, [{ startedAt: new Date(begun + 30 * dayMs).toISOString(), latenessMs: 0, statusCode: 200 }])
    t.match((await ask({ path: '/schedules/later' })).json(), { status: 'scheduled' })
  },
)

await t.test('what falls due comes in the order of time, each at its own moment, however it was created', async (t) => {
  const { owner, post, ask, advance } = await opened(t)
  const target = { url: `${owner.origin}/ok` }
  const delays = [500, 3, 86_400, 3.001, 7, 100_000, 0.5]
  await Promise.all(delays.map((delaySeconds) => post({ name: `after-${delaySeconds}`, delaySeconds, target })))
  await advance({ bySeconds: 100_000 })
  t.same(
    owner.calls.map(({ headers }) => headers['schedule-name']),
    delays.toSorted((a, b) => a - b).map((seconds) => `after-${seconds}`),
  )
  const { items } = (await ask({ path: '/schedules' })).json()
  t.ok(items.every((item: { attempts: { latenessMs: number }[] }) => item.attempts[0]?.latenessMs === 0))
})

await t.test('retries come in their time, too, until they are used up', async (t) => {
  const { owner, post, ask, advance } = await opened(t)
  const retry = { maxAttempts: 4, initialDelaySeconds: 60, maxDelaySeconds: 3600 }
  await post({ name: 'busy', delaySeconds: 1, target: { url: `${owner.origin}/busy` }, retry })
  await advance({ bySeconds: 1 })
  t.match((await ask({ path: '/schedules/busy' })).json(), { status: 'scheduled', attempts: [{ outcome: 'retry' }] })
  await advance({ bySeconds: 86_400 })
  const { status, attempts } = (await ask({ path: '/schedules/busy' })).json()
  t.equal(status, 'failed')
  t.equal(attempts.length, 4)
  t.equal(owner.calls.length, 4)
})

await t.test('what the owner schedules while it is called is delivered in the same turn, if it is due by then', async (t) => {
  const owner = await startOwner((call, response) => {
    const left = Number(call.body) - 1
    const next = { name: `chain-${left}`, delaySeconds: 3600, target: { url: `${owner.origin}/` }, payload: left }
    void post(next).then(() => response.end('ok'))
  })
  t.teardown(() => owner.close())
  const { post, ask, advance } = await turned(t, owner.origin)
  await post({ name: 'chain-5', delaySeconds: 3600, target: { url: `${owner.origin}/` }, payload: 5 })
  await advance({ bySeconds: 4 * 3600 })
  t.same(
    owner.calls.map(({ body }) => body),
    ['5', '4', '3', '2'],
  )
  t.match((await ask({ path: '/schedules/chain-1' })).json(), { status: 'scheduled' })
})

await t.test('more than are fired at once, due at one moment, are all delivered', async (t) => {
  const { owner, post, advance } = await opened(t)
  const items = Array.from({ length: 1000 }, (_, index) => ({ delaySeconds: 60, target: { url: `${owner.origin}/ok/${index}` } }))
  for (let batch = 0; batch < 2; batch++) await post({ items }, { path: '/schedules/batch' })
  await advance({ bySeconds: 60 })
  t.equal(owner.calls.length, 2000)
})

await t.test('what is due already needs no turning, and a canceled schedule is never delivered', async (t) => {
  const { owner, post, ask, advance, waitForStatus } = await opened(t)
  const target = { url: `${owner.origin}/ok` }
  await post({ name: 'now', delaySeconds: 0, target })
  await waitForStatus('now', 'delivered')
  await post({ name: 'never', delaySeconds: 60, target })
  await ask({ method: 'DELETE', path: '/schedules/never' })
  await post({ name: 'soon', delaySeconds: 0.02, target })
  t.equal((await ask({ method: 'DELETE', path: '/schedules/soon' })).statusCode, 200, 'nothing is claimed ahead while time stands still')
  await advance({ bySeconds: 86_400 })
  t.equal(owner.calls.length, 1)
})

await t.test('a large payload, and what expires, follow the clock as well', async (t) => {
  const { owner, post, ask, advance } = await opened(t)
  const payload = 'x'.repeat(200_000)
  await post({ name: 'large', delaySeconds: 60, target: { url: `${owner.origin}/ok` }, payload })
  const retry = { maxAttempts: 50, initialDelaySeconds: 30, maxDelaySeconds: 30 }
  await post({ name: 'expiring', delaySeconds: 60, target: { url: `${owner.origin}/busy` }, retry, expiresAfterSeconds: 70 })
  await advance({ bySeconds: 3600 })
  t.match((await ask({ path: '/schedules/large' })).json(), { status: 'delivered', attempts: [{ latenessMs: 0 }] })
  t.match((await ask({ path: '/schedules/expiring' })).json(), { status: 'expired' })
})

await t.test('as many seconds as something was put off by are as many to turn, also where no double has them exactly', async (t) => {
  const { owner, post, advance } = await opened(t)
  await post({ delaySeconds: 16.1, target: { url: `${owner.origin}/ok` } })
  await advance({ bySeconds: 16.1 })
  t.equal(owner.calls.length, 1)
})

await t.test('two who turn it at once take turns', async (t) => {
  const { owner, post, now, advance } = await opened(t)
  const begun = await now()
  await post({ name: 'a', delaySeconds: 15, target: { url: `${owner.origin}/ok` } })
  const shown = await Promise.all([advance({ bySeconds: 10 }), advance({ bySeconds: 10 })])
  t.same(shown, [begun + 10_000, begun + 20_000])
  t.equal(owner.calls.length, 1)
})

await t.test("the signature's time is the owner's own, so that its library takes it for fresh", async (t) => {
  const { owner, post, advance } = await opened(t)
  await post({ delaySeconds: 365 * 86_400, target: { url: `${owner.origin}/ok` } })
  await advance({ bySeconds: 365 * 86_400 })
  t.ok(Math.abs(Number(owner.calls[0]?.headers['webhook-timestamp']) - Date.now() / 1000) < 60)
})

await t.test('POST /clock/advance 400, 415, 422', async (t) => {
  const { ask, post, now, advance } = await opened(t)
  const begun = await now()
  t.equal(await advance({ to: new Date(begun).toISOString() }), begun)
  const path = '/clock/advance'
  isProblem(t, await ask({ method: 'POST', path, text: '{' }), 400, 'malformed_json')
  isProblem(t, await ask({ method: 'POST', path, text: '{}', headers: { 'content-type': 'text/plain' } }), 415, 'unsupported_media_type')
  const wrong = [
    [{}, ''],
    [{ to: new Date(begun).toISOString(), bySeconds: 1 }, ''],
    [{ to: new Date(begun - 1).toISOString() }, '/to'],
    [{ to: 'tomorrow' }, '/to'],
    [{ bySeconds: -1 }, '/bySeconds'],
    [{ bySeconds: '1' }, '/bySeconds'],
    [{ bySeconds: 253_402_300_799 }, '/bySeconds'],
    [{ byDays: 1 }, '/byDays'],
  ] as const
  for (const [body, pointer] of wrong) isProblem(t, await post(body, { path }), 422, 'invalid_request', pointer)
  t.equal(await now(), begun)
})

await t.test('a service with a clock that runs has none to turn', async (t) => {
  const { app } = await composeService(t, { applications: [application('blog')] })
  const { ask, post } = callerOf(app)
  isProblem(t, await ask({ path: '/clock' }), 404, 'not_found')
  isProblem(t, await post({ bySeconds: 1 }, { path: '/clock/advance' }), 404, 'not_found')
})
