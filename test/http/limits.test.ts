import t from 'tap'
import { callerOf, isProblem } from '../support/caller.ts'
import { application, composeService, keys } from '../support/composed.ts'

const target = { url: 'http://127.0.0.1:1/' }

/** One request to each route that callers use. */
const requests = {
  'POST /schedules': { method: 'POST', body: { delaySeconds: 3600, target } },
  'GET /schedules': {},
  'DELETE /schedules': { method: 'DELETE', path: '/schedules?namePrefix=x' },
  'POST /schedules/batch': { method: 'POST', path: '/schedules/batch', body: { items: [{ delaySeconds: 3600, target }] } },
  'GET /schedules/{name}': { path: '/schedules/a' },
  'PATCH /schedules/{name}': { method: 'PATCH', path: '/schedules/a', body: { delaySeconds: 1 } },
  'DELETE /schedules/{name}': { method: 'DELETE', path: '/schedules/a' },
  'POST /schedules/{name}/run': { method: 'POST', path: '/schedules/a/run' },
} as const

await t.test('any route 429: more requests in a second than the application may make', async (t) => {
  const applications = [application('blog', { maxRequestsPerSecond: 3 }), application('shop')]
  const { app, reconfigure, logged } = await composeService(t, { applications })
  const { ask } = callerOf(app)
  for (const [route, request] of Object.entries(requests)) {
    // The second may end in between, and another begin.
    let refused: Awaited<ReturnType<typeof ask>> | undefined
    for (let count = 1; refused === undefined && count <= 12; count++) {
      const response = await ask(request)
      t.equal(response.headers['ratelimit-limit'], '3')
      t.match(response.headers['ratelimit-remaining'], /^[0-3]$/)
      if (response.statusCode === 429) refused = response
    }
    if (refused === undefined) throw new Error(`${route}: nothing was refused`)
    isProblem(t, refused, 429, 'too_many_requests')
    t.equal(refused.headers['retry-after'], '1')
    t.equal(refused.headers['ratelimit-remaining'], '0')
    const other = await ask({ ...request, key: keys.shop })
    t.not(other.statusCode, 429, "another application's requests are not counted")
    t.equal(other.headers['ratelimit-limit'], undefined)
  }
  t.equal((await ask({ path: '/health/live', key: '' })).statusCode, 200)
  isProblem(t, await ask({ key: 'wrong' }), 401, 'unauthorized')
  reconfigure([application('blog')])
  t.equal((await ask({})).statusCode, 200, 'a limit can be taken away while the service runs')
  t.notOk(logged.some((line) => line.includes('"level":50')))
})

await t.test('POST /schedules 429, POST /schedules/batch 429: more unfinished schedules than the application may have', async (t) => {
  const { app } = await composeService(t, { applications: [application('blog', { maxPendingSchedules: 5 }), application('shop')] })
  const { ask, post } = callerOf(app)
  const body = (name: string): object => ({ name, delaySeconds: 3600, target })
  const items = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(body)
  const { results } = (await post({ items }, { path: '/schedules/batch' })).json()
  t.same(
    results.map(({ status }: { status: number }) => status),
    [201, 201, 201, 201, 201, 429, 429],
  )
  t.match(results[6], { problem: { code: 'too_many_pending' } })
  const refused = await post(body('h'))
  isProblem(t, refused, 429, 'too_many_pending')
  t.equal(refused.headers['retry-after'], '60')
  t.equal((await post(body('a'))).statusCode, 200, 'a repeated request adds nothing')
  t.equal((await post({ ...body('a'), payload: 1, ifExists: 'replace' })).statusCode, 201, 'nor does one that takes the place of another')
  t.equal((await post({ ...body('b'), payload: 1, ifExists: 'keep' })).statusCode, 200)
  isProblem(t, await post({ ...body('b'), payload: 1 }), 409, 'name_in_use')
  t.equal((await post(body('a'), { key: keys.shop })).statusCode, 201)
  await ask({ method: 'DELETE', path: '/schedules/c' })
  t.equal((await post(body('h'))).statusCode, 201, 'what is finished makes room')
  t.equal((await post(body('i'))).statusCode, 429)
})

await t.test('one stall of two seconds, as at the start on a busy machine, is no overload', async (t) => {
  const { app } = await composeService(t, { applications: [application('blog')] })
  const { ask } = callerOf(app)
  for (const until = Date.now() + 2000; Date.now() < until; );
  // For longer than a sample.
  for (const until = Date.now() + 4000; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const { statusCode } = await ask({})
    if (statusCode !== 200) t.equal(statusCode, 200)
  }
})

await t.test('any route 503: under overload callers are told so at once, while health and wake-ups stay reachable', async (t) => {
  const { app } = await composeService(t, { applications: [application('blog')] })
  const { ask } = callerOf(app)
  let response = await ask({})
  for (const give = Date.now() + 20_000; response.statusCode !== 503 && Date.now() < give; response = await ask({})) {
    // So busy that nothing else gets a turn for longer than a sample.
    for (const until = Date.now() + 1500; Date.now() < until; );
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  isProblem(t, response, 503, 'unavailable')
  t.equal(response.headers['retry-after'], '3')
  t.equal((await ask({ path: '/health/live', key: '' })).statusCode, 200)
  t.equal((await ask({ path: '/health/ready', key: '' })).statusCode, 200)
  t.equal((await ask({ path: '/metrics', key: '' })).statusCode, 200)
  const wakeUp = await ask({ method: 'POST', path: '/callbacks/blog/a', body: { id: 'x' }, headers: { authorization: 'Bearer x' } })
  t.equal(wakeUp.statusCode, 401)
  while ((await ask({})).statusCode === 503) await new Promise((resolve) => setTimeout(resolve, 50))
})
