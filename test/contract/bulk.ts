import type { LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { callerOf, isProblem } from '../support/caller.ts'
import { type Composed, keys } from '../support/composed.ts'
import type { ObedientOwner } from '../support/obedientOwner.ts'

/**
 * What callers see who create and cancel many at once, whichever engine is behind it.
 *
 * @param many how many that is
 */
export async function bulkContract(t: Test, { app }: Composed, owner: ObedientOwner, many: number): Promise<void> {
  const { ask, post, newName, waitForStatus } = callerOf(app)
  const target = { url: `${owner.origin}/ok` }
  const batch = (items: unknown, more = {}): Promise<LightMyRequestResponse> => post({ items }, { path: '/schedules/batch', ...more })
  const cancelAll = (prefix: string, key = keys.blog): Promise<LightMyRequestResponse> =>
    ask({ method: 'DELETE', path: `/schedules?namePrefix=${prefix}`, key })

  await t.test('POST /schedules/batch 200: one result for each item, in order; a bad one spoils no other', async (t) => {
    const [name, taken] = [newName(), newName()]
    await post({ name: taken, delaySeconds: 3600, target })
    const response = await batch([
      { name, delaySeconds: 3600, target, payload: { id: 12345678901234567890n.toString() } },
      { delaySeconds: 3600, target: { url: 'http://127.0.0.1:2/' } },
      { name: '!', delaySeconds: -1 },
      'text',
      null,
      { name, delaySeconds: 3600, target, payload: { id: '12345678901234567890' } },
      { name: taken, delaySeconds: 7200, target },
      { at: '2020-01-01T00:00:00Z', target },
      { at: '2031-10-26T02:30:00', timeZone: 'Europe/Berlin', target },
      { delaySeconds: 3600, target, payload: 'x'.repeat(256 * 1024) },
      { delaySeconds: 3600, target, payload: JSON.parse('{"a":[{"__proto__":1}]}') },
      { delaySeconds: 3600, target },
    ])
    t.equal(response.statusCode, 200)
    const { results } = response.json()
    t.same(
      results.map(({ status, problem, schedule }: { status: number; problem?: { code: string }; schedule?: object }) =>
        schedule === undefined ? [status, problem?.code] : [status],
      ),
      [
        [201],
        [403, 'target_not_allowed'],
        [422, 'invalid_request'],
        [422, 'invalid_request'],
        [422, 'invalid_request'],
        [200],
        [409, 'name_in_use'],
        [422, 'invalid_request'],
        [422, 'invalid_request'],
        [413, 'payload_too_large'],
        [422, 'invalid_request'],
        [201],
      ],
    )
    const pointers = results[2].problem.errors.map(({ pointer }: { pointer: string }) => pointer)
    t.same(pointers.toSorted(), ['/delaySeconds', '/name', '/target'])
    t.equal(results[5].schedule.id, results[0].schedule.id)
    t.same((await ask({ path: `/schedules/${name}` })).json(), results[0].schedule)
  })

  await t.test('POST /schedules/batch 200: many, each delivered, in the bytes that it was written in', async (t) => {
    const prefix = `${newName()}-`
    const items = Array.from(
      { length: many },
      (_, index) =>
        `{ "name": "${prefix}${index}", "delaySeconds": 0.2, "target": ${JSON.stringify(target)}, "payload": { "n" : ${index}.0 } }`,
    )
    const response = await ask({ method: 'POST', path: '/schedules/batch', text: `{ "items" : [ ${items.join(' , ')} ] }` })
    t.equal(response.statusCode, 200)
    t.ok(response.json().results.every(({ status }: { status: number }) => status === 201))
    await owner.waitForCalls(many, prefix)
    const calls = owner.callsOf(prefix)
    t.equal(calls.length, many)
    t.ok(calls.every(({ headers, body }) => body === `{ "n" : ${headers['schedule-name']?.slice(prefix.length)}.0 }`))
  })

  await t.test('POST /schedules/batch 200: with Prefer: return=minimal, names and ids alone', async (t) => {
    const name = newName()
    const response = await batch([{ name, delaySeconds: 3600, target }, { name: '!' }], {
      headers: { prefer: 'respond-async, return=minimal' },
    })
    t.equal(response.headers['preference-applied'], 'return=minimal')
    const { id } = (await ask({ path: `/schedules/${name}` })).json()
    const [first, second] = response.json().results
    t.same(first, { status: 201, name, id })
    t.match(second, { status: 422, problem: { code: 'invalid_request' } })
  })

  await t.test('POST /schedules/batch 200: sent again, it creates nothing twice', async (t) => {
    const items = [
      { name: newName(), delaySeconds: 3600, target },
      { name: newName(), delaySeconds: 3600, target },
    ]
    const [first, second] = [(await batch(items)).json(), (await batch(items)).json()]
    t.match(second.results, [{ status: 200 }, { status: 200 }])
    t.same(
      second.results.map(({ schedule }: { schedule: { id: string } }) => schedule.id),
      first.results.map(({ schedule }: { schedule: { id: string } }) => schedule.id),
    )
  })

  await t.test('POST /schedules/batch 400, 401, 413, 415, 422', async (t) => {
    const path = '/schedules/batch'
    isProblem(t, await ask({ method: 'POST', path, text: '{"items":[' }), 400, 'malformed_json')
    isProblem(t, await batch([], { key: '' }), 401, 'unauthorized')
    isProblem(t, await batch(['x'.repeat(8 * 1024 * 1024)]), 413, 'payload_too_large')
    isProblem(t, await batch([], { headers: { 'content-type': 'text/plain' } }), 415, 'unsupported_media_type')
    isProblem(t, await batch([]), 422, 'invalid_request', '/items')
    isProblem(t, await batch({}), 422, 'invalid_request', '/items')
    isProblem(t, await batch(Array.from({ length: 1001 }, () => 1)), 422, 'invalid_request', '/items')
    isProblem(t, await post({ items: [1], more: 1 }, { path }), 422, 'invalid_request', '/more')
    isProblem(t, await post([{ delaySeconds: 1, target }], { path }), 422, 'invalid_request', '')
  })

  await t.test('a schedule may be named like a route', async (t) => {
    const created = await post({ name: 'batch', delaySeconds: 3600, target })
    t.equal(created.statusCode, 201)
    t.same((await ask({ path: '/schedules/batch' })).json(), created.json())
    t.equal((await ask({ method: 'PATCH', path: '/schedules/batch', body: { payload: 1 } })).statusCode, 200)
    t.equal((await ask({ method: 'DELETE', path: '/schedules/batch' })).statusCode, 200)
    const refused = await ask({ method: 'PUT', path: '/schedules/batch' })
    isProblem(t, refused, 405, 'method_not_allowed')
    t.equal(refused.headers.allow, 'DELETE, GET, HEAD, PATCH, POST')
  })

  await t.test('DELETE /schedules 200: all that are scheduled with the prefix, and no others', async (t) => {
    const prefix = newName()
    const names = Array.from({ length: 7 }, (_, index) => `${prefix}.${index}`)
    await batch(names.map((name) => ({ name, delaySeconds: 3600, target })))
    await batch([{ name: `${prefix}.0`, delaySeconds: 3600, target }], { key: keys.shop })
    await post({ name: `${prefix}.done`, delaySeconds: 0, target })
    await waitForStatus(`${prefix}.done`, 'delivered')
    await post({ name: `${prefix}-other`, delaySeconds: 3600, target })
    const response = await cancelAll(`${prefix}.`)
    t.equal(response.statusCode, 200)
    t.same(response.json(), { canceled: 7, skipped: 1 })
    for (const name of names) t.match((await ask({ path: `/schedules/${name}` })).json(), { status: 'canceled' })
    t.match((await ask({ path: `/schedules/${prefix}-other` })).json(), { status: 'scheduled' })
    t.match((await ask({ path: `/schedules/${prefix}.0`, key: keys.shop })).json(), { status: 'scheduled' })
    t.same((await cancelAll(`${prefix}.`)).json(), { canceled: 0, skipped: 8 })
    t.same((await cancelAll('nothing-of-this')).json(), { canceled: 0, skipped: 0 })
  })

  await t.test('DELETE /schedules 200: many of them', async (t) => {
    const prefix = `${newName()}.`
    await batch(Array.from({ length: many }, (_, index) => ({ name: prefix + index, delaySeconds: 3600, target })))
    t.same((await cancelAll(prefix)).json(), { canceled: many, skipped: 0 })
    t.same((await ask({ path: `/schedules?namePrefix=${prefix}&status=scheduled&limit=1000` })).json().items, [])
  })

  await t.test('DELETE /schedules 400, 401, 413, 415, 422', async (t) => {
    isProblem(t, await ask({ method: 'DELETE', path: '/schedules?namePrefix=a', text: '{' }), 400, 'malformed_json')
    isProblem(t, await cancelAll('a', ''), 401, 'unauthorized')
    const path = '/schedules?namePrefix=a'
    isProblem(t, await ask({ method: 'DELETE', path, text: JSON.stringify('x'.repeat(1_000_000)) }), 413, 'payload_too_large')
    isProblem(t, await ask({ method: 'DELETE', path, text: 'x', headers: { 'content-type': 'text/plain' } }), 415, 'unsupported_media_type')
    isProblem(t, await ask({ method: 'DELETE', path: '/schedules' }), 422, 'invalid_request', '/namePrefix')
    isProblem(t, await cancelAll(''), 422, 'invalid_request', '/namePrefix')
    isProblem(t, await ask({ method: 'DELETE', path: '/schedules?namePrefix=a&status=failed' }), 422, 'invalid_request', '/status')
  })
}
