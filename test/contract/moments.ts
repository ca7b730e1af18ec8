import type { Test } from 'tap'
import { callerOf, isProblem } from '../support/caller.ts'
import type { Composed } from '../support/composed.ts'
import type { ObedientOwner } from '../support/obedientOwner.ts'

/** What callers see of local times, expiry, and names that are in use, whichever engine is behind it. */
export async function momentsContract(t: Test, { app }: Composed, owner: ObedientOwner): Promise<void> {
  const { ask, post, newName, waitForStatus } = callerOf(app)
  const to = (path: string): object => ({ url: owner.origin + path })
  const target = to('/ok')

  await t.test('POST /schedules 201: a local time in a zone, shown as the instant and as the local time', async (t) => {
    const name = newName()
    const response = await post({ name, at: '2030-12-01T09:00:00', timeZone: 'asia/kolkata', target })
    t.equal(response.statusCode, 201)
    const understood = { at: '2030-12-01T03:30:00.000Z', timeZone: 'Asia/Kolkata', localTime: '2030-12-01T09:00:00.000+05:30' }
    t.match(response.json(), understood)
    t.match((await ask({ path: `/schedules/${name}` })).json(), understood)
    // Moved to an instant, it is no local time any more.
    const moved = await ask({ method: 'PATCH', path: `/schedules/${name}`, body: { at: '2030-12-01T09:00:00Z' } })
    t.match(moved.json(), { at: '2030-12-01T09:00:00.000Z', timeZone: undefined, localTime: undefined })
    const local = { at: '2031-07-01T09:00:00', timeZone: 'Europe/Berlin' }
    t.match((await ask({ method: 'PATCH', path: `/schedules/${name}`, body: local })).json(), {
      at: '2031-07-01T07:00:00.000Z',
      localTime: '2031-07-01T09:00:00.000+02:00',
    })
  })

  await t.test('POST /schedules 201: a local time that comes twice, or not at all, as the caller means it', async (t) => {
    for (const [at, disambiguation, instant, localTime] of [
      ['2031-03-30T02:30:00', 'earlier', '2031-03-30T00:30:00.000Z', '2031-03-30T01:30:00.000+01:00'],
      ['2031-03-30T02:30:00', 'later', '2031-03-30T01:30:00.000Z', '2031-03-30T03:30:00.000+02:00'],
      ['2031-10-26T02:30:00', 'earlier', '2031-10-26T00:30:00.000Z', '2031-10-26T02:30:00.000+02:00'],
      ['2031-10-26T02:30:00', 'later', '2031-10-26T01:30:00.000Z', '2031-10-26T02:30:00.000+01:00'],
    ]) {
      const response = await post({ at, timeZone: 'Europe/Berlin', disambiguation, target })
      t.equal(response.statusCode, 201)
      t.match(response.json(), { at: instant, localTime })
    }
  })

  await t.test('POST /schedules 422: a local time that is unclear, with what it could mean', async (t) => {
    const twice = await post({ at: '2031-10-26T02:30:00', timeZone: 'Europe/Berlin', target })
    isProblem(t, twice, 422, 'invalid_request', '/at')
    t.match(twice.json().detail, /comes twice .*2031-10-26T02:30:00\.000\+02:00.*2031-10-26T02:30:00\.000\+01:00/)
    const never = await post({ at: '2031-03-30T02:30:00', timeZone: 'Europe/Berlin', target })
    isProblem(t, never, 422, 'invalid_request', '/at')
    t.match(never.json().detail, /does not exist/)
    for (const [when, pointer] of [
      [{ at: '2031-10-26T02:30:00', timeZone: 'Europe/Nowhere' }, '/timeZone'],
      [{ at: '2031-10-26T02:30:00', timeZone: '+05:30' }, '/timeZone'],
      [{ at: '2031-10-26T02:30:00', timeZone: '' }, '/timeZone'],
      [{ at: '2031-10-26T02:30:00+01:00', timeZone: 'Europe/Berlin' }, '/at'],
      [{ at: '2031-10-26T02:30:00Z', timeZone: 'Europe/Berlin' }, '/at'],
      [{ at: '2031-10-26', timeZone: 'Europe/Berlin' }, '/at'],
      [{ at: '2031-02-30T02:30:00', timeZone: 'Europe/Berlin' }, '/at'],
      [{ at: '2020-02-20T02:30:00', timeZone: 'Europe/Berlin' }, '/at'],
      [{ delaySeconds: 7, timeZone: 'Europe/Berlin' }, '/timeZone'],
      [{ at: '2031-10-26T02:30:00Z', disambiguation: 'later' }, '/disambiguation'],
      [{ at: '2031-10-26T02:30:00', timeZone: 'Europe/Berlin', disambiguation: 'compatible' }, '/disambiguation'],
    ] as const)
      isProblem(t, await post({ ...when, target }), 422, 'invalid_request', pointer)
  })

  await t.test('POST /schedules 201: what could not be delivered before it expires is expired', async (t) => {
    const name = newName()
    const body = { name, delaySeconds: 0, target: to('/busy'), retry: { initialDelaySeconds: 60 }, expiresAfterSeconds: 1 }
    const { at, expiresAt } = (await post(body)).json()
    t.equal(Date.parse(expiresAt) - Date.parse(at), 1000)
    const expired = await waitForStatus(name, 'expired')
    t.match(expired, { status: 'expired', expiresAt, finishedAt: /Z$/, nextAttemptAt: undefined, attempts: [{ outcome: 'retry' }] })
    t.ok(Date.parse(expired.finishedAt) >= Date.parse(expiresAt))
    t.equal(owner.callsOf(name).length, 1)
    t.match((await ask({ path: '/schedules?status=expired' })).json().items, [{ status: 'expired' }])
  })

  await t.test('POST /schedules 422: what would expire before it could be delivered', async (t) => {
    const at = new Date(Date.now() - 30_000).toISOString()
    isProblem(t, await post({ at, expiresAfterSeconds: 10, target }), 422, 'invalid_request', '/expiresAfterSeconds')
    isProblem(t, await post({ delaySeconds: 1, expiresAfterSeconds: 0, target }), 422, 'invalid_request', '/expiresAfterSeconds')
  })

  await t.test('POST /schedules 201: ifExists replace: the newest wins, under a new id, however often', async (t) => {
    const body = { name: newName(), delaySeconds: 3600, target, ifExists: 'replace', payload: 1 }
    const first = (await post(body)).json()
    const second = await post({ ...body, payload: 2, delaySeconds: 0.3 })
    t.equal(second.statusCode, 201)
    t.not(second.json().id, first.id)
    const third = await post({ ...body, payload: 3, delaySeconds: 0.5 })
    const delivered = await waitForStatus(body.name, 'delivered')
    t.equal(delivered.id, third.json().id)
    t.same(
      owner.callsOf(body.name).map(({ body }) => body),
      ['3'],
    )
    t.equal((await post(body)).statusCode, 201, 'the same request asks for a new one, too')
  })

  await t.test('POST /schedules 409: ifExists replace, while the other one is being delivered', async (t) => {
    const body = { name: newName(), delaySeconds: 0, target: to('/hold'), ifExists: 'replace' }
    await post(body)
    await waitForStatus(body.name, 'delivering')
    const response = await post({ ...body, payload: 2 })
    isProblem(t, response, 409, 'being_delivered')
    t.equal(response.headers['retry-after'], '1')
    await owner.release(1)
    await waitForStatus(body.name, 'delivered')
  })

  await t.test('POST /schedules 200: ifExists keep: the one there is; a finished one is none', async (t) => {
    const body = { name: newName(), delaySeconds: 3600, target, ifExists: 'keep' }
    const first = (await post(body)).json()
    const second = await post({ ...body, payload: 'other' })
    t.equal(second.statusCode, 200)
    t.match(second.json(), { id: first.id, payload: undefined })
    await ask({ method: 'DELETE', path: `/schedules/${body.name}` })
    const third = await post({ ...body, payload: 'third' })
    t.equal(third.statusCode, 201)
    t.not(third.json().id, first.id)
  })
}
