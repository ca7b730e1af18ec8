import type { LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { callerOf, isProblem } from '../support/caller.ts'
import { type Composed, keys } from '../support/composed.ts'
import type { ObedientOwner } from '../support/obedientOwner.ts'

/** What callers see who change, run and cancel schedules, whichever engine is behind it. */
export async function changingContract(t: Test, { app }: Composed, owner: ObedientOwner): Promise<void> {
  const { ask, post, newName, waitForStatus } = callerOf(app)
  const to = (path: string): object => ({ url: owner.origin + path })
  const target = to('/ok')
  const patch = (name: string, body: unknown, headers = {}): Promise<LightMyRequestResponse> =>
    ask({ method: 'PATCH', path: `/schedules/${name}`, body, headers })
  const run = (name: string, headers = {}): Promise<LightMyRequestResponse> =>
    ask({ method: 'POST', path: `/schedules/${name}/run`, headers })

  async function create(fields: object = {}): Promise<{ name: string; id: string; etag: string }> {
    const response = await post({ name: newName(), delaySeconds: 3600, target, ...fields })
    t.equal(response.statusCode, 201, response.payload)
    return { ...(response.json() as { name: string; id: string }), etag: String(response.headers.etag) }
  }

  async function finished(status: 'delivered' | 'failed' | 'canceled' | 'expired'): Promise<string> {
    if (status === 'canceled') {
      const { name } = await create()
      await ask({ method: 'DELETE', path: `/schedules/${name}` })
      return name
    }
    const how = {
      delivered: {},
      failed: { target: to('/gone') },
      // The owner says no, and its next attempt would come after that.
      expired: { target: to('/busy'), expiresAfterSeconds: 1, retry: { initialDelaySeconds: 60 } },
    }
    const { name } = await create({ delaySeconds: 0, ...how[status] })
    await waitForStatus(name, status)
    return name
  }

  await t.test('PATCH /schedules/{name} 200: another moment, target, payload, retry and expiry; the rest stays', async (t) => {
    const { name, id } = await create({ payload: { a: 1 }, retry: { maxAttempts: 2 }, expiresAfterSeconds: 60 })
    const moved = await patch(name, { at: '2031-01-01T00:00:00Z' })
    t.equal(moved.statusCode, 200)
    t.match(moved.json(), {
      name,
      id,
      status: 'scheduled',
      at: '2031-01-01T00:00:00.000Z',
      nextAttemptAt: '2031-01-01T00:00:00.000Z',
      expiresAt: '2031-01-01T00:01:00.000Z',
      payload: { a: 1 },
      retry: { maxAttempts: 2 },
    })
    t.match((await patch(name, { payload: 12.5, target: to('/other') })).json(), {
      at: '2031-01-01T00:00:00.000Z',
      payload: 12.5,
      target: { url: `${owner.origin}/other`, method: 'POST', headers: {} },
      retry: { maxAttempts: 2 },
    })
    t.equal((await patch(name, { payload: null })).json().payload, undefined)
    t.match((await patch(name, { retry: { maxDelaySeconds: 7 }, expiresAfterSeconds: 5 })).json(), {
      retry: { maxAttempts: 8, initialDelaySeconds: 5, maxDelaySeconds: 7 },
      expiresAt: '2031-01-01T00:00:05.000Z',
    })
    const last = await patch(name, { expiresAfterSeconds: null, delaySeconds: 7200 })
    t.equal(last.json().expiresAt, undefined)
    const read = await ask({ path: `/schedules/${name}` })
    t.same(read.json(), last.json())
    t.equal(read.headers.etag, last.headers.etag)
  })

  await t.test('PATCH /schedules/{name} 200: what was moved to now is delivered, once, with its new content', async () => {
    const { name, id } = await create({ payload: 'old' })
    await patch(name, { delaySeconds: 0, payload: 'new' })
    t.match(await waitForStatus(name, 'delivered'), { id, attempts: [{ number: 1, outcome: 'delivered' }] })
    t.match(
      owner.callsOf(name).map(({ body }) => body),
      ['"new"'],
    )
  })

  await t.test('PATCH /schedules/{name} 200: what is about to be delivered is moved, and not delivered before', async (t) => {
    const { name } = await create({ delaySeconds: 0.3 })
    const { at } = (await patch(name, { delaySeconds: 1.2 })).json()
    await waitForStatus(name, 'delivered')
    const calls = owner.callsOf(name)
    t.equal(calls.length, 1)
    t.ok((calls[0]?.receivedAt ?? 0) >= Date.parse(at))
  })

  await t.test('PATCH /schedules/{name} 200: between two attempts, which are kept', async (t) => {
    const { name } = await create({ delaySeconds: 0, target: to('/busy'), retry: { initialDelaySeconds: 3600 } })
    while ((await ask({ path: `/schedules/${name}` })).json().attempts.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    t.equal((await patch(name, { target, delaySeconds: 0 })).statusCode, 200)
    t.match((await waitForStatus(name, 'delivered')).attempts, [
      { outcome: 'retry', statusCode: 503 },
      { number: 2, outcome: 'delivered' },
    ])
  })

  await t.test('PATCH /schedules/{name} 400, 401, 413, 414, 415', async (t) => {
    const { name } = await create()
    const path = `/schedules/${name}`
    isProblem(t, await ask({ method: 'PATCH', path, text: '{' }), 400, 'malformed_json')
    isProblem(t, await ask({ method: 'PATCH', path, body: { delaySeconds: 1 }, key: '' }), 401, 'unauthorized')
    isProblem(t, await patch(name, { payload: 'x'.repeat(256 * 1024) }), 413, 'payload_too_large')
    isProblem(t, await patch('x'.repeat(1000), { delaySeconds: 1 }), 414, 'uri_too_long')
    isProblem(t, await patch(name, { delaySeconds: 1 }, { 'content-type': 'text/plain' }), 415, 'unsupported_media_type')
  })

  await t.test('PATCH /schedules/{name} 403: a target that the application may not call', async (t) => {
    const { name } = await create()
    isProblem(t, await patch(name, { target: { url: 'http://127.0.0.1:2/' } }), 403, 'target_not_allowed')
    t.match((await ask({ path: `/schedules/${name}` })).json(), { target })
  })

  await t.test("PATCH /schedules/{name} 404: unknown, or another application's", async (t) => {
    const { name } = await create()
    isProblem(t, await patch('never', { delaySeconds: 1 }), 404, 'not_found')
    const foreign = await ask({ method: 'PATCH', path: `/schedules/${name}`, body: { delaySeconds: 1 }, key: keys.shop })
    isProblem(t, foreign, 404, 'not_found')
  })

  await t.test('PATCH /schedules/{name} 409: finished, or being delivered', async (t) => {
    for (const status of ['delivered', 'failed', 'canceled', 'expired'] as const)
      isProblem(t, await patch(await finished(status), { delaySeconds: 1 }), 409, 'already_finished')
    const { name } = await create({ delaySeconds: 0, target: to('/hold') })
    await waitForStatus(name, 'delivering')
    isProblem(t, await patch(name, { delaySeconds: 1 }), 409, 'being_delivered')
    isProblem(t, await ask({ method: 'DELETE', path: `/schedules/${name}` }), 409, 'being_delivered')
    isProblem(t, await run(name), 409, 'being_delivered')
    await owner.release(1)
    await waitForStatus(name, 'delivered')
  })

  await t.test('PATCH /schedules/{name} 412: somebody else has changed it since', async (t) => {
    const { name, etag } = await create()
    const first = await patch(name, { delaySeconds: 7200 }, { 'if-match': etag })
    t.equal(first.statusCode, 200)
    t.not(first.headers.etag, etag)
    isProblem(t, await patch(name, { delaySeconds: 1 }, { 'if-match': etag }), 412, 'precondition_failed')
    isProblem(t, await patch(name, { delaySeconds: 1 }, { 'if-match': `W/${first.headers.etag}` }), 412, 'precondition_failed')
    t.equal((await patch(name, { delaySeconds: 3600 }, { 'if-match': `"x", ${first.headers.etag}` })).statusCode, 200)
    t.equal((await patch(name, { delaySeconds: 3600 }, { 'if-match': '*' })).statusCode, 200)
  })

  await t.test('PATCH /schedules/{name} 412: of many who change what they have read, one does', async (t) => {
    const { name, etag } = await create()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => patch(name, { delaySeconds: 7200 + index }, { 'if-match': etag })),
    )
    t.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 1)
    t.equal(answers.filter(({ statusCode }) => statusCode === 412).length, 19)
  })

  await t.test('PATCH /schedules/{name} 422: what is wrong, and where', async (t) => {
    const { name } = await create()
    for (const [body, pointer] of [
      [{}, ''],
      [[], ''],
      [{ at: '2031-01-01T00:00:00Z', delaySeconds: 1 }, '/delaySeconds'],
      [{ name: 'other' }, '/name'],
      [{ ifExists: 'keep' }, '/ifExists'],
      [{ at: '2020-01-01T00:00:00Z' }, '/at'],
      [{ at: '2031-01-01T00:00:00' }, '/at'],
      [{ delaySeconds: 253_402_300_799 }, '/delaySeconds'],
      [{ timeZone: 'Asia/Kolkata' }, '/timeZone'],
      [{ target: {} }, '/target/url'],
      [{ retry: { maxAttempts: 0 } }, '/retry/maxAttempts'],
      [{ expiresAfterSeconds: 0 }, '/expiresAfterSeconds'],
      [{ at: new Date(Date.now() - 30_000).toISOString(), expiresAfterSeconds: 10 }, '/expiresAfterSeconds'],
    ] as const)
      isProblem(t, await patch(name, body), 422, 'invalid_request', pointer)
  })

  await t.test('POST /schedules/{name}/run 202: delivered ahead of its time', async (t) => {
    const { name, id } = await create()
    const response = await run(name)
    t.equal(response.statusCode, 202)
    t.match(response.json(), { name, id, status: 'scheduled', nextAttemptAt: /Z$/ })
    t.match(await waitForStatus(name, 'delivered'), { id, attempts: [{ outcome: 'delivered' }] })
    t.equal(owner.callsOf(name).length, 1)
  })

  await t.test('POST /schedules/{name}/run 202: delivered again after it was delivered, failed or expired', async (t) => {
    const delivered = await finished('delivered')
    t.equal((await run(delivered)).statusCode, 202)
    t.match((await waitForStatus(delivered, 'delivered')).attempts, [{ number: 1 }, { number: 2 }])
    t.equal(new Set(owner.callsOf(delivered).map(({ headers }) => headers['webhook-id'])).size, 1)

    const failed = await finished('failed')
    t.match((await run(failed)).json(), { status: 'scheduled', finishedAt: undefined })
    t.match((await waitForStatus(failed, 'failed')).attempts, [{ outcome: 'failed' }, { number: 2, outcome: 'failed' }])

    const expired = await finished('expired')
    t.match((await run(expired)).json(), { status: 'scheduled', expiresAt: undefined })
    await owner.waitForCalls(2, expired)
  })

  await t.test('POST /schedules/{name}/run 400, 401, 413, 414, 415', async (t) => {
    const { name } = await create()
    const path = `/schedules/${name}/run`
    isProblem(t, await ask({ method: 'POST', path, text: '{' }), 400, 'malformed_json')
    isProblem(t, await ask({ method: 'POST', path, key: '' }), 401, 'unauthorized')
    isProblem(t, await ask({ method: 'POST', path, text: JSON.stringify('x'.repeat(1_000_000)) }), 413, 'payload_too_large')
    isProblem(t, await run('x'.repeat(1000)), 414, 'uri_too_long')
    isProblem(t, await ask({ method: 'POST', path, text: 'x', headers: { 'content-type': 'text/plain' } }), 415, 'unsupported_media_type')
  })

  await t.test("POST /schedules/{name}/run 404: unknown, or another application's", async (t) => {
    const { name } = await create()
    isProblem(t, await run('never'), 404, 'not_found')
    isProblem(t, await ask({ method: 'POST', path: `/schedules/${name}/run`, key: keys.shop }), 404, 'not_found')
  })

  await t.test('POST /schedules/{name}/run 409: what was canceled is never delivered', async (t) => {
    isProblem(t, await run(await finished('canceled')), 409, 'already_finished')
  })

  await t.test('POST /schedules/{name}/run 412, DELETE /schedules/{name} 412: somebody else has changed it since', async (t) => {
    const { name, etag } = await create()
    await patch(name, { delaySeconds: 7200 })
    isProblem(t, await run(name, { 'if-match': etag }), 412, 'precondition_failed')
    const cancel = await ask({ method: 'DELETE', path: `/schedules/${name}`, headers: { 'if-match': etag } })
    isProblem(t, cancel, 412, 'precondition_failed')
    t.match((await ask({ path: `/schedules/${name}` })).json(), { status: 'scheduled' })
  })

  await t.test('DELETE /schedules/{name} 409: finished already', async (t) => {
    for (const status of ['delivered', 'failed', 'expired'] as const)
      isProblem(t, await ask({ method: 'DELETE', path: `/schedules/${await finished(status)}` }), 409, 'already_finished')
  })

  await t.test('DELETE /schedules/{name} 400, 413, 414, 415', async (t) => {
    const { name } = await create()
    const path = `/schedules/${name}`
    isProblem(t, await ask({ method: 'DELETE', path, text: '{' }), 400, 'malformed_json')
    isProblem(t, await ask({ method: 'DELETE', path, text: JSON.stringify('x'.repeat(1_000_000)) }), 413, 'payload_too_large')
    isProblem(t, await ask({ method: 'DELETE', path: `/schedules/${'x'.repeat(1000)}` }), 414, 'uri_too_long')
    isProblem(t, await ask({ method: 'DELETE', path, text: 'x', headers: { 'content-type': 'text/plain' } }), 415, 'unsupported_media_type')
  })

  await t.test('GET /schedules/{name} 200, 304: an entity tag for what it is now', async (t) => {
    const { name, etag } = await create()
    const path = `/schedules/${name}`
    t.match(etag, /^"[\w.-]+"$/)
    const again = await ask({ path, headers: { 'if-none-match': etag } })
    t.equal(again.statusCode, 304)
    t.equal(again.payload, '')
    t.equal(again.headers.etag, etag)
    t.equal((await ask({ path, headers: { 'if-none-match': `"x", W/${etag}` } })).statusCode, 304)
    t.equal((await ask({ path, headers: { 'if-none-match': '*' } })).statusCode, 304)
    await patch(name, { payload: 1 })
    t.equal((await ask({ path, headers: { 'if-none-match': etag } })).statusCode, 200)
  })
}
