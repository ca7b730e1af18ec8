import fc from 'fast-check'
import type { LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { callerOf, isProblem } from '../support/caller.ts'
import { type Composed, keys } from '../support/composed.ts'

/** Made once, and early: it takes a second of the event loop, which a running service would take for overload. */
const webUrl = fc.webUrl()

/** What callers see, whichever engine is behind it. The service has the applications blog and shop. */
export async function apiContract(t: Test, { app, logged }: Composed): Promise<void> {
  const { ask, post, newName } = callerOf(app)
  const target = { url: 'http://127.0.0.1:1/hook' }

  await t.test('POST /schedules 201: a new schedule, and where it is', async (t) => {
    const name = newName()
    const response = await post({
      name,
      at: '2030-12-01T09:00:00+05:30',
      target: { url: 'http://127.0.0.1:1/hooks/publish', headers: { 'X-Tenant': '7' } },
      payload: { postId: 42 },
      retry: { maxAttempts: 3 },
    })
    t.equal(response.statusCode, 201)
    t.equal(response.headers.location, `/schedules/${name}`)
    const created = response.json()
    t.match(created, {
      name,
      id: /^[0-9a-f-]{36}$/,
      application: 'blog',
      status: 'scheduled',
      at: '2030-12-01T03:30:00.000Z',
      nextAttemptAt: '2030-12-01T03:30:00.000Z',
      target: { url: 'http://127.0.0.1:1/hooks/publish', method: 'POST', headers: { 'x-tenant': '7' } },
      payload: { postId: 42 },
      retry: { maxAttempts: 3, initialDelaySeconds: 5, maxDelaySeconds: 3600 },
      attempts: [],
    })
    t.same((await ask({ path: `/schedules/${name}` })).json(), created)
  })

  await t.test('POST /schedules 201: delaySeconds counts from now, a name is made up', async (t) => {
    const before = Date.now()
    const response = await post({ delaySeconds: 3600.5, target })
    t.equal(response.statusCode, 201)
    const { at, name, payload } = response.json()
    t.ok(Date.parse(at) >= before + 3_600_500 && Date.parse(at) <= Date.now() + 3_600_500)
    t.match(name, /^[0-9a-f-]{36}$/)
    t.equal(payload, undefined)
    t.not((await post({ delaySeconds: 3600.5, target })).json().name, name)
  })

  await t.test('POST /schedules 201: a moment up to a minute ago, and one in the year 9999', async (t) => {
    for (const at of [new Date(Date.now() - 59_000).toISOString(), '9999-12-31T23:59:59Z'])
      t.equal((await post({ at, target })).statusCode, 201, at)
  })

  await t.test('POST /schedules 201: numbers that a double cannot hold are shown as they were written', async (t) => {
    const name = newName()
    const response = await ask({
      method: 'POST',
      text: `{"name":"${name}","delaySeconds":3600,"target":{"url":"${target.url}"},"payload":{"id":12345678901234567890,"x":1.0}}`,
    })
    t.match(response.payload, '"payload":{"id":12345678901234567890,"x":1.0}')
    t.match((await ask({ path: `/schedules/${name}` })).payload, '"id":12345678901234567890')
  })

  await t.test('POST /schedules 200: the same request again answers with the schedule that is there', async (t) => {
    const body = { name: newName(), delaySeconds: 3600, target }
    const first = await post(body)
    const second = await post(body)
    t.equal(second.statusCode, 200)
    t.equal(second.headers.location, undefined)
    t.same(second.json(), first.json())
  })

  await t.test('POST /schedules 200: also when it has been canceled meanwhile', async (t) => {
    const body = { name: newName(), delaySeconds: 3600, target }
    const { id } = (await post(body)).json()
    await ask({ method: 'DELETE', path: `/schedules/${body.name}` })
    const again = await post(body)
    t.equal(again.statusCode, 200)
    t.match(again.json(), { id, status: 'canceled' })
  })

  await t.test('POST /schedules 201: the name of a finished schedule can be used again, under a new id', async (t) => {
    const name = newName()
    const first = (await post({ name, delaySeconds: 3600, target })).json()
    await ask({ method: 'DELETE', path: `/schedules/${name}` })
    const second = await post({ name, delaySeconds: 7200, target })
    t.equal(second.statusCode, 201)
    t.match(second.json(), { name, status: 'scheduled' })
    t.not(second.json().id, first.id)
  })

  await t.test('POST /schedules 400: malformed JSON', async (t) => {
    for (const text of ['{', '{"a":1,}', 'null x', '\u{feff}', '{"a":"\n"}', "{'a':1}"])
      isProblem(t, await ask({ method: 'POST', text }), 400, 'malformed_json')
    isProblem(t, await ask({ method: 'POST', text: Buffer.from([0x22, 0xff, 0x22]) }), 400, 'malformed_json')
  })

  await t.test('POST /schedules 422: keys that pollute prototypes', async (t) => {
    for (const text of ['{"__proto__":{"a":1}}', '{"payload":{"constructor":{"prototype":{}}}}']) {
      isProblem(t, await ask({ method: 'POST', text }), 422, 'invalid_request')
    }
  })

  await t.test('POST /schedules 401: without a valid key, before the body is looked at', async (t) => {
    for (const key of ['', 'wrong', `${keys.blog}x`]) {
      const response = await ask({ method: 'POST', text: '{', key })
      isProblem(t, response, 401, 'unauthorized')
      t.equal(response.headers['www-authenticate'], 'Bearer')
    }
    for (const authorization of ['Basic eDp5', keys.blog, 'Bearer', `Bearer ${keys.blog} ${keys.blog}`]) {
      isProblem(t, await ask({ key: '', headers: { authorization } }), 401, 'unauthorized')
    }
    t.equal((await ask({ key: '', headers: { authorization: `bearer ${keys.blog}` } })).statusCode, 200)
  })

  await t.test('POST /schedules 403: a target that the application may not call', async (t) => {
    for (const url of ['http://127.0.0.1:2/', 'https://127.0.0.1:1/', 'http://169.254.169.254/', 'http://127.0.0.1.evil.test:1/']) {
      isProblem(t, await post({ delaySeconds: 1, target: { url } }), 403, 'target_not_allowed')
    }
  })

  await t.test('POST /schedules 409: a name that is in use with other content', async (t) => {
    const name = newName()
    await post({ name, delaySeconds: 3600, target })
    isProblem(t, await post({ name, delaySeconds: 3601, target }), 409, 'name_in_use')
  })

  await t.test('POST /schedules 413: a payload of more than 256 KiB, or a body beyond all', async (t) => {
    const largest = 'x'.repeat(256 * 1024 - 2)
    t.equal((await post({ delaySeconds: 3600, target, payload: largest })).statusCode, 201)
    isProblem(t, await post({ delaySeconds: 3600, target, payload: `${largest}x` }), 413, 'payload_too_large')
    isProblem(t, await post({ delaySeconds: 3600, target, payload: 'x'.repeat(1024 * 1024) }), 413, 'payload_too_large')
  })

  await t.test('POST /schedules 415: what is not JSON, or is compressed', async (t) => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml']) {
      isProblem(t, await post({}, { headers: { 'content-type': type } }), 415, 'unsupported_media_type')
    }
    isProblem(t, await post({}, { headers: { 'content-encoding': 'gzip' } }), 415, 'unsupported_media_type')
  })

  await t.test('POST /schedules 422: what is wrong, and where', async (t) => {
    const good = { delaySeconds: 3600, target }
    const cases: [body: unknown, pointer: string][] = [
      [{ target }, ''],
      [{ ...good, at: '2030-12-01T09:00:00Z' }, ''],
      [{ delaySeconds: 1 }, '/target'],
      [[], ''],
      ['text', ''],
      [7, ''],
      [{ ...good, name: '' }, '/name'],
      [{ ...good, name: '-a' }, '/name'],
      [{ ...good, name: 'a b' }, '/name'],
      [{ ...good, name: 'a/../b' }, '/name'],
      [{ ...good, name: 'ä' }, '/name'],
      [{ ...good, name: 'a\n' }, '/name'],
      [{ ...good, name: 'a'.repeat(129) }, '/name'],
      [{ ...good, name: 7 }, '/name'],
      [{ ...good, unknown: 1 }, '/unknown'],
      [{ ...good, application: 'shop' }, '/application'],
      [{ ...good, delaySeconds: '7' }, '/delaySeconds'],
      [{ ...good, delaySeconds: -1 }, '/delaySeconds'],
      [{ ...good, delaySeconds: 1e300 }, '/delaySeconds'],
      [{ ...good, delaySeconds: 253_402_300_799 }, '/delaySeconds'],
      [{ at: 'tomorrow', target }, '/at'],
      [{ at: '2030-12-01T09:00:00', target }, '/at'],
      [{ at: '2030-02-30T09:00:00Z', target }, '/at'],
      [{ at: '2020-01-01T00:00:00Z', target }, '/at'],
      [{ at: new Date(Date.now() - 65_000).toISOString(), target }, '/at'],
      [{ at: 1_900_000_000, target }, '/at'],
      [{ ...good, target: {} }, '/target/url'],
      [{ ...good, target: 'http://127.0.0.1:1/' }, '/target'],
      [{ ...good, target: { url: '/hook' } }, '/target/url'],
      [{ ...good, target: { url: 'ftp://127.0.0.1:1/' } }, '/target/url'],
      [{ ...good, target: { url: 'http://' } }, '/target/url'],
      [{ ...good, target: { url: 'http://127.0.0.1:99999/' } }, '/target/url'],
      [{ ...good, target: { url: 'http://127.0.0.1:1/a\r\nx: y' } }, '/target/url'],
      [{ ...good, target: { url: 'http://u:p@127.0.0.1:1/' } }, '/target/url'],
      [{ ...good, target: { url: 'http://127.0.0.1:1/#part' } }, '/target/url'],
      [{ ...good, target: { url: `http://127.0.0.1:1/${'x'.repeat(2048)}` } }, '/target/url'],
      [{ ...good, target: { ...target, method: 'HEAD' } }, '/target/method'],
      [{ ...good, target: { ...target, method: 'post' } }, '/target/method'],
      [{ ...good, target: { ...target, extra: 1 } }, '/target/extra'],
      [{ ...good, target: { ...target, headers: { 'x-a': 7 } } }, '/target/headers/x-a'],
      [{ ...good, target: { ...target, headers: { 'x-a': 'a\r\nx-b: c' } } }, '/target/headers/x-a'],
      [{ ...good, target: { ...target, headers: { 'x-a': '🕰' } } }, '/target/headers/x-a'],
      [
        { ...good, target: { ...target, headers: { 'x-a': 'x'.repeat(4000), 'x-b': 'x'.repeat(4000), 'x-c': 'x'.repeat(4000) } } },
        '/target/headers',
      ],
      [{ ...good, target: { ...target, headers: { 'x-a': '1', 'X-A': '2' } } }, '/target/headers/X-A'],
      [{ ...good, retry: { maxAttempts: 0 } }, '/retry/maxAttempts'],
      [{ ...good, retry: { maxAttempts: 1.5 } }, '/retry/maxAttempts'],
      [{ ...good, retry: { other: 1 } }, '/retry/other'],
    ]
    for (const [body, pointer] of cases) isProblem(t, await post(body), 422, 'invalid_request', pointer)
    for (const header of [
      'webhook-id',
      'Webhook-Signature',
      'schedule-name',
      'traceparent',
      'Host',
      'content-length',
      'connection',
      'transfer-encoding',
      'te',
      'upgrade',
    ]) {
      isProblem(
        t,
        await post({ ...good, target: { ...target, headers: { [header]: 'x' } } }),
        422,
        'invalid_request',
        `/target/headers/${header}`,
      )
    }
    isProblem(t, await post({ ...good, target: { ...target, headers: { 'a b': 'x' } } }), 422, 'invalid_request', '/target/headers')
    isProblem(t, await ask({ method: 'POST' }), 422, 'invalid_request', '')
  })

  await t.test('POST /schedules 422: everything that is wrong is told at once', async (t) => {
    const { errors } = (await post({ name: '!', delaySeconds: -1, target: { url: 'x' }, extra: 1 })).json()
    t.same(errors.map(({ pointer }: { pointer: string }) => pointer).toSorted(), ['/delaySeconds', '/extra', '/name', '/target/url'])
  })

  await t.test('POST /schedules 422: a body that nests too deep', async (t) => {
    const nested = (depth: number): string =>
      `{"delaySeconds":3600,"target":{"url":"${target.url}"},"payload":${'['.repeat(depth)}${']'.repeat(depth)}}`
    t.equal((await ask({ method: 'POST', text: nested(99) })).statusCode, 201)
    isProblem(t, await ask({ method: 'POST', text: nested(100) }), 422, 'invalid_request')
    isProblem(t, await ask({ method: 'POST', text: nested(100_000) }), 422, 'invalid_request')
  })

  await t.test('GET /schedules 200: page by page, soonest first, filtered', async (t) => {
    const at = (minute: number): string => new Date(Date.UTC(2031, 0, 1, 0, minute)).toISOString()
    const between = `from=${at(0)}&to=${at(59)}`
    for (const minute of [3, 1, 2, 5, 4]) await post({ name: `list-${minute}`, at: at(minute), target }, { key: keys.shop })
    await ask({ method: 'DELETE', path: '/schedules/list-2', key: keys.shop })
    const collected: string[] = []
    let cursor: string | null = ''
    for (let pages = 1; cursor !== null; pages++) {
      const response: LightMyRequestResponse = await ask({
        path: `/schedules?${between}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
        key: keys.shop,
      })
      const page = response.json()
      t.ok(page.items.length <= 2 && pages <= 3)
      collected.push(...page.items.map(({ name }: { name: string }) => name))
      cursor = page.nextCursor
    }
    t.same(collected, ['list-1', 'list-2', 'list-3', 'list-4', 'list-5'])
    const canceled = (await ask({ path: `/schedules?${between}&status=canceled`, key: keys.shop })).json()
    t.match(canceled, { items: [{ name: 'list-2' }], nextCursor: null })
    const some = (await ask({ path: `/schedules?from=${at(3)}&to=${at(5)}`, key: keys.shop })).json()
    t.same(some.items.length, 2)
    const offset = (
      await ask({ path: `/schedules?from=${encodeURIComponent('2031-01-01T05:35:00+05:30')}&to=${at(59)}`, key: keys.shop })
    ).json()
    t.same(offset.items.length, 1)
  })

  await t.test('GET /schedules 401, 422', async (t) => {
    isProblem(t, await ask({ key: '' }), 401, 'unauthorized')
    for (const [query, pointer] of [
      ['limit=0', '/limit'],
      ['limit=1001', '/limit'],
      ['limit=x', '/limit'],
      ['limit=1.5', '/limit'],
      ['status=lost', '/status'],
      ['from=yesterday', '/from'],
      ['to=2030-01-01', '/to'],
      ['cursor=!!', '/cursor'],
      [`cursor=${Buffer.from('1.x').toString('base64url')}`, '/cursor'],
      ['unknown=1', '/unknown'],
      ['status=scheduled&status=failed', '/status'],
    ] as const) {
      isProblem(t, await ask({ path: `/schedules?${query}` }), 422, 'invalid_request', pointer)
    }
  })

  await t.test("GET /schedules/{name} 404: another application's is as unknown as one that never was", async (t) => {
    const name = newName()
    await post({ name, delaySeconds: 3600, target })
    const [foreign, unknown] = [
      await ask({ path: `/schedules/${name}`, key: keys.shop }),
      await ask({ path: '/schedules/never', key: keys.shop }),
    ]
    isProblem(t, foreign, 404, 'not_found')
    t.equal(foreign.payload, unknown.payload)
    for (const path of [
      '/schedules/%00',
      '/schedules/..',
      '/schedules/%2e%2e%2f',
      `/schedules/${'x'.repeat(200)}`,
      '/schedules/__proto__',
      '/schedules/constructor',
    ]) {
      isProblem(t, await ask({ path }), 404, 'not_found')
    }
  })

  await t.test('GET /schedules/{name} 401, 414', async (t) => {
    isProblem(t, await ask({ path: '/schedules/a', key: '' }), 401, 'unauthorized')
    isProblem(t, await ask({ path: `/schedules/${'x'.repeat(1000)}` }), 414, 'uri_too_long')
  })

  await t.test('GET /timeline 200: how many there are in each interval, by status', async (t) => {
    const day = '2031-05-04T'
    for (const at of ['00:00:00Z', '09:59:59.999Z', '10:00:00+00:00', '23:59:59Z']) await post({ name: newName(), at: day + at, target })
    const canceled = newName()
    await post({ name: canceled, at: `${day}12:00:00Z`, target })
    await ask({ method: 'DELETE', path: `/schedules/${canceled}` })
    const range = `from=${day}00:00:00Z&to=2031-05-05T00:00:00Z`
    const counts = async (query: string): Promise<unknown> => {
      const response = await ask({ path: `/timeline?${range}&${query}` })
      t.equal(response.statusCode, 200, response.payload)
      return response.json().buckets.map((bucket: { counts: object }) => bucket.counts)
    }
    t.same(await counts('buckets=1'), [{ scheduled: 4, delivered: 0, failed: 0, canceled: 1, expired: 0 }])
    t.same(await counts('buckets=2&status=scheduled'), [{ scheduled: 3 }, { scheduled: 1 }])
    t.same(await counts('buckets=2&status=scheduled&status=canceled'), [
      { scheduled: 3, canceled: 0 },
      { scheduled: 1, canceled: 1 },
    ])
    const { countedUpTo, buckets } = (await ask({ path: `/timeline?${range}` })).json()
    t.equal(countedUpTo, 1000)
    t.equal(buckets.length, 60)
    t.match(buckets[25], { from: '2031-05-04T10:00:00.000Z', to: '2031-05-04T10:24:00.000Z', counts: { scheduled: 1 } })
  })

  await t.test('GET /timeline 401, 422', async (t) => {
    const range = 'from=2031-05-04T00:00:00Z&to=2031-05-05T00:00:00Z'
    isProblem(t, await ask({ path: `/timeline?${range}`, key: '' }), 401, 'unauthorized')
    const wrong = [
      ['from=2031-05-04T00:00:00Z', '/to'],
      ['from=2031-05-04T00:00:00Z&to=2031-05-04T00:00:00Z', '/to'],
      ['from=2031-05-04T00:00:00Z&to=2031-05-04T00:00:00.059Z', '/to'],
      ['from=2031-05-04&to=2031-05-05T00:00:00Z', '/from'],
      [`${range}&buckets=0`, '/buckets'],
      [`${range}&buckets=121`, '/buckets'],
      [`${range}&status=delivering`, '/status/0'],
      [`${range}&status=failed&status=failed`, '/status'],
      [`${range}&application=shop`, '/application'],
    ] as const
    for (const [query, pointer] of wrong) isProblem(t, await ask({ path: `/timeline?${query}` }), 422, 'invalid_request', pointer)
  })

  await t.test('DELETE /schedules/{name} 200: canceled, and again 200', async (t) => {
    const name = newName()
    await post({ name, delaySeconds: 3600, target })
    const first = await ask({ method: 'DELETE', path: `/schedules/${name}` })
    t.equal(first.statusCode, 200)
    t.match(first.json(), { name, status: 'canceled', finishedAt: /Z$/ })
    t.equal(first.json().nextAttemptAt, undefined)
    const second = await ask({ method: 'DELETE', path: `/schedules/${name}`, headers: { 'content-type': 'application/json' } })
    t.equal(second.statusCode, 200)
    t.same(second.json(), first.json())
  })

  await t.test('DELETE /schedules/{name} 401, 404', async (t) => {
    const name = newName()
    await post({ name, delaySeconds: 3600, target })
    isProblem(t, await ask({ method: 'DELETE', path: `/schedules/${name}`, key: '' }), 401, 'unauthorized')
    isProblem(t, await ask({ method: 'DELETE', path: `/schedules/${name}`, key: keys.shop }), 404, 'not_found')
    isProblem(t, await ask({ method: 'DELETE', path: '/schedules/never' }), 404, 'not_found')
    t.match((await ask({ path: `/schedules/${name}` })).json(), { status: 'scheduled' })
  })

  await t.test('any route 400, 404, 405: a URL that is none, a path that leads nowhere, a method that is not possible there', async (t) => {
    isProblem(t, await ask({ path: '/nothing' }), 404, 'not_found')
    isProblem(t, await ask({ method: 'POST', path: '/nothing', text: '{' }), 404, 'not_found')
    for (const [method, path, allow] of [
      ['PUT', '/schedules', 'DELETE, GET, HEAD, POST'],
      ['PATCH', '/schedules', 'DELETE, GET, HEAD, POST'],
      ['OPTIONS', '/schedules', 'DELETE, GET, HEAD, POST'],
      ['POST', '/schedules/a', 'DELETE, GET, HEAD, PATCH'],
      ['GET', '/schedules/a/run', 'POST'],
      ['POST', '/health/live', 'GET, HEAD'],
      ['POST', '/openapi.json', 'GET, HEAD'],
    ] as const) {
      const response = await ask({ method, path, key: '', ...(method === 'POST' || method === 'PUT' ? { text: '{' } : {}) })
      isProblem(t, response, 405, 'method_not_allowed')
      t.equal(response.headers.allow, allow)
    }
    isProblem(t, await ask({ path: '/schedules/%ff' }), 400, 'malformed_request')
  })

  await t.test('GET /health/live 200, GET /health/ready 200', async (t) => {
    for (const path of ['/health/live', '/health/ready']) t.same((await ask({ path, key: '' })).json(), { status: 'ok' })
  })

  await t.test('no JSON text whatsoever is an error of ours', async (t) => {
    const field = fc.constantFrom('name', 'at', 'delaySeconds', 'target', 'payload', 'retry', 'toString', '')
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(target, '2030-01-01T00:00:00Z', 1e308, -0),
      fc.record({ url: fc.oneof(fc.string(), webUrl) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.dictionary(field, value), async (body) => {
        const response = await post(body)
        if (response.statusCode >= 500) throw new Error(response.payload)
        return response.statusCode < 300 || response.headers['content-type'] === 'application/problem+json; charset=utf-8'
      }),
      { numRuns: 500 },
    )
    t.notOk(logged.some((line) => line.includes('"level":50')))
  })

  await t.test('no key, secret, header or payload reaches the log, at any level', async (t) => {
    await post({ delaySeconds: 3600, target: { ...target, headers: { 'x-secret': 'header-secret-1' } }, payload: 'payload-secret-2' })
    await ask({ method: 'POST', text: '{"payload-secret-2"' })
    const all = logged.join('')
    for (const secret of ['header-secret-1', 'payload-secret-2', keys.blog, keys.shop, 'whsec_']) t.notOk(all.includes(secret), secret)
  })

  await t.test('POST /schedules 201: delays finer than a millisecond are rounded', async (t) => {
    const response = await post({ delaySeconds: 3600, target, retry: { initialDelaySeconds: 1e-200, maxDelaySeconds: 0.12349 } })
    t.equal(response.statusCode, 201)
    t.match(response.json(), { retry: { initialDelaySeconds: 0, maxDelaySeconds: 0.123 } })
  })

  await t.test('GET /metrics 200: what Prometheus reads', async (t) => {
    const response = await app.inject('/metrics')
    t.equal(response.statusCode, 200)
    t.match(response.headers['content-type'], /^text\/plain; version=0\.0\.4/)
    t.match(response.payload, 'punctual_sweep_rescued_total{application="blog"} 0\n')
    t.match(response.payload, '# TYPE punctual_lateness_seconds histogram\n')
  })

  await t.test('GET /schedules?namePrefix= 200: those whose names begin so, by name', async (t) => {
    for (const name of ['prefix-b', 'prefix-a', 'prefix', 'other']) await post({ name, delaySeconds: 3600, target }, { key: keys.shop })
    const first = await ask({ path: '/schedules?namePrefix=prefix&limit=2', key: keys.shop })
    t.match(first.json(), { items: [{ name: 'prefix' }, { name: 'prefix-a' }], nextCursor: /./ })
    const second = await ask({ path: `/schedules?namePrefix=prefix&limit=2&cursor=${first.json().nextCursor}`, key: keys.shop })
    t.match(second.json(), { items: [{ name: 'prefix-b' }], nextCursor: null })
    isProblem(t, await ask({ path: '/schedules?namePrefix=%2A' }), 422, 'invalid_request', '/namePrefix')
    isProblem(t, await ask({ path: '/schedules?namePrefix=' }), 422, 'invalid_request', '/namePrefix')
  })
}
