import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { makeCallbackTokens } from '../../src/adapters/system/callbackTokens.ts'
import { cancel, claim } from '../../src/domain/lifecycle.ts'
import type { Schedule, WakeUp } from '../../src/domain/schedule.ts'
import { holdMs, makeFiring } from '../../src/usecases/fire.ts'
import { makeSlots } from '../../src/usecases/slots.ts'
import { makeManualClock, makeMemoryStore, makeRecordingTrigger, makeScriptedOwner, settle } from '../support/fakes.ts'
import { httpApp } from '../support/http.ts'
import { makeRecordingObserver } from '../support/observer.ts'
import { newSchedule } from '../support/schedules.ts'

const start = 1_800_000_000_000
const tokens = makeCallbackTokens('a secret of at least thirty-two bytes')

async function setUp() {
  const clock = makeManualClock(start)
  const store = makeMemoryStore()
  const owner = makeScriptedOwner(clock)
  const firing = makeFiring({
    store,
    trigger: makeRecordingTrigger(),
    owner,
    clock,
    slots: makeSlots(() => 10),
    observer: makeRecordingObserver(),
    random: () => 0.5,
    retentionMs: 1000,
    claimLeadMs: 15,
    letGo: () => undefined,
  })
  const unused = async (): Promise<never> => {
    throw new Error('not part of this test')
  }
  const { app, logged } = await httpApp({ otherwise: unused, callbacks: { tokens, fire: firing.fire } })
  const add = async (fields: Parameters<typeof newSchedule>[0] = {}): Promise<Schedule> => {
    const schedule = newSchedule({ now: start, at: start + 60_000, ...fields })
    await store.insert(schedule)
    return schedule
  }
  /** A wake-up as the function sends it. */
  const wake = ({ application, name, id }: WakeUp, token = tokens.tokenOf({ application, name, id })): Promise<LightMyRequestResponse> =>
    app.inject({
      method: 'POST',
      url: `/callbacks/${application}/${name}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      payload: JSON.stringify({ id }),
    })
  return { app, clock, store, owner, logged, add, wake, stop: firing.stop }
}

await t.test('POST /callbacks/{application}/{name} 202: an early wake-up is held until the schedule is due', async (t) => {
  const { clock, owner, add, wake } = await setUp()
  const schedule = await add()
  const response = await wake(schedule)
  t.equal(response.statusCode, 202)
  t.same(response.json(), { result: 'taken' })
  await clock.set(schedule.at - 1)
  t.equal(owner.calls.length, 0)
  await clock.set(schedule.at)
  t.match(owner.calls, [{ id: schedule.id }])
})

await t.test('POST /callbacks/{application}/{name} 202: however often it comes, it is delivered once', async (t) => {
  const { clock, owner, add, wake } = await setUp()
  const schedule = await add()
  for (let time = 0; time < 5; time++) t.equal((await wake(schedule)).statusCode, 202)
  await clock.set(schedule.at)
  t.equal(owner.calls.length, 1)
  await owner.answer()
  t.same((await wake(schedule)).json(), { result: 'finished' })
})

await t.test('POST /callbacks/{application}/{name} 200: nothing to do', async (t) => {
  const { clock, store, owner, add, wake } = await setUp()
  const canceled = await add()
  const done = cancel(canceled, start, 1000)
  if (done.kind === 'moved') await store.replace(canceled, done.schedule)
  const running = await add({ at: start })
  await store.replace(running, claim(running, start))
  const far = await add({ at: start + holdMs + 1 })
  const current = await add({ name: 'post-42' })
  const old = { ...current, id: 'an-earlier-incarnation' }
  for (const [wakeUp, result] of [
    [canceled, 'finished'],
    [running, 'being_delivered'],
    [far, 'too_early'],
    [old, 'replaced'],
  ] as const) {
    const response = await wake(wakeUp)
    t.equal(response.statusCode, 200)
    t.same(response.json(), { result })
  }
  await clock.set(start + 1000)
  t.equal(owner.calls.length, 0)
})

await t.test("POST /callbacks/{application}/{name} 401: without this job's own token", async (t) => {
  const { app, clock, owner, add, wake, logged } = await setUp()
  const schedule = await add({ name: 'post-42' })
  const others = [
    { ...schedule, name: 'post-43' },
    { ...schedule, application: 'shop' },
    { ...schedule, id: 'another' },
    // The same letters, divided otherwise.
    { ...schedule, application: 'blogp', name: 'ost-42' },
  ]
  const token = tokens.tokenOf(schedule)
  const wrong = [...others.map(tokens.tokenOf), makeCallbackTokens('x'.repeat(32)).tokenOf(schedule), token.slice(1), `${token}x`, 'x']
  for (const each of wrong) {
    const response = await wake(schedule, each)
    t.equal(response.statusCode, 401, each)
    t.match(response.json(), { code: 'unauthorized' })
  }
  for (const other of others) t.equal((await wake(other, token)).statusCode, 401)
  for (const authorization of [undefined, '', 'Bearer', 'Basic x', token]) {
    const response = await app.inject({
      method: 'POST',
      url: '/callbacks/blog/post-42',
      headers: authorization === undefined ? {} : { authorization },
      payload: { id: schedule.id },
    })
    t.equal(response.statusCode, 401, String(authorization))
    t.equal(response.headers['www-authenticate'], 'Bearer')
  }
  await clock.set(schedule.at)
  await settle()
  t.equal(owner.calls.length, 0)
  t.notMatch(logged.join(''), token)
})

await t.test('POST /callbacks/{application}/{name} 404: a schedule that is not there', async (t) => {
  const { wake } = await setUp()
  const response = await wake({ application: 'blog', name: 'nothing', id: 'id' })
  t.equal(response.statusCode, 404)
  t.match(response.json(), { code: 'not_found' })
})

await t.test('POST /callbacks/{application}/{name} 400, 413, 414, 415, 422: what no function sends', async (t) => {
  const { app, add } = await setUp()
  const schedule = await add({ name: 'post-42' })
  const post = (payload: string, type = 'application/json'): Promise<LightMyRequestResponse> =>
    app.inject({
      method: 'POST',
      url: '/callbacks/blog/post-42',
      headers: { authorization: `Bearer ${tokens.tokenOf(schedule)}`, 'content-type': type },
      payload,
    })
  t.equal((await post('{')).statusCode, 400)
  t.equal((await post(JSON.stringify({ id: 'x'.repeat(5000) }))).statusCode, 413)
  t.equal((await app.inject({ method: 'POST', url: `/callbacks/blog/${'x'.repeat(1000)}`, payload: {} })).statusCode, 414)
  t.equal((await post('id=x', 'text/plain')).statusCode, 415)
  for (const body of [{}, { id: 1 }, { id: '' }, { id: 'x'.repeat(65) }, { id: schedule.id, more: 1 }, []])
    t.equal((await post(JSON.stringify(body))).statusCode, 422, JSON.stringify(body))
})

await t.test('POST /callbacks/{application}/{name} 503: a process that is stopping takes nothing up', async (t) => {
  const { add, wake, stop } = await setUp()
  const schedule = await add()
  await stop()
  const response = await wake(schedule)
  t.equal(response.statusCode, 503)
  t.equal(response.headers['retry-after'], '1')
  t.match(response.json(), { code: 'unavailable' })
})

await t.test('tokens do not depend on the process that makes them, only on the secret', async (t) => {
  const wakeUp = { application: 'blog', name: 'post-42', id: '0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10' }
  const again = makeCallbackTokens('a secret of at least thirty-two bytes')
  t.equal(again.tokenOf(wakeUp), tokens.tokenOf(wakeUp))
  t.equal(again.isTokenOf(wakeUp, tokens.tokenOf(wakeUp)), true)
})
