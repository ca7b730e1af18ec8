import t from 'tap'
import { cancel, claim, deliveryDeadlineMs, leaseMs } from '../../src/domain/lifecycle.ts'
import type { Schedule, WakeUp } from '../../src/domain/schedule.ts'
import { holdMs, makeFiring } from '../../src/usecases/fire.ts'
import { makeSlots } from '../../src/usecases/slots.ts'
import { makeManualClock, makeMemoryStore, makeRecordingTrigger, makeScriptedOwner, settle } from '../support/fakes.ts'
import { makeRecordingObserver } from '../support/observer.ts'
import { newSchedule } from '../support/schedules.ts'

const start = 1_800_000_000_000
const retentionMs = 86_400_000

function setUp(limit = 10) {
  const clock = makeManualClock(start)
  const store = makeMemoryStore()
  const trigger = makeRecordingTrigger()
  const owner = makeScriptedOwner(clock)
  const observer = makeRecordingObserver()
  const letGo: WakeUp[] = []
  const make = () =>
    makeFiring({
      store,
      trigger,
      owner,
      clock,
      slots: makeSlots(() => limit),
      observer,
      random: () => 0.5,
      retentionMs,
      claimLeadMs: 15,
      letGo: (wakeUp) => letGo.push(wakeUp),
    })
  const add = async (fields: Parameters<typeof newSchedule>[0] = {}): Promise<Schedule> => {
    const schedule = newSchedule({ now: start, at: start + 10_000, ...fields })
    await store.insert(schedule)
    return schedule
  }
  const now = (schedule: Schedule): Schedule | undefined => store.records.get(`${schedule.application}/${schedule.name}`)
  return { clock, store, trigger, owner, observer, letGo, add, now, make, ...make() }
}

await t.test('a record that is passed on need not be read; where it has changed since, nothing is done by it', async (t) => {
  const { store, owner, add, clock, fire, now } = setUp()
  const [schedule, changed] = [await add(), await add()]
  const newer = { ...changed, version: 2 }
  await store.replace(changed, newer)
  const { get } = store
  store.get = () => Promise.reject(new Error('it is not read'))
  for (const record of [schedule, changed]) t.match(await fire({ ...record, record }), { kind: 'taken' })
  await clock.set(schedule.at)
  t.match(owner.calls, [{ name: schedule.name }])
  t.same(now(changed), newer)
  store.get = get
  await owner.answer()
  t.match(now(schedule), { status: 'delivered' })
})

await t.test('an early wake-up is held, and the owner is called on the instant', async (t) => {
  const { clock, owner, add, now, fire, observer } = setUp()
  const schedule = await add()
  t.match(await fire(schedule), { kind: 'taken' })
  await clock.set(schedule.at - 1)
  t.equal(owner.calls.length, 0)
  t.equal(now(schedule)?.status, 'delivering', 'claimed ahead')
  await clock.set(schedule.at)
  t.match(owner.calls, [
    { application: 'blog', name: schedule.name, id: schedule.id, attempt: 1, dueAt: schedule.at, content: schedule.content },
  ])
  await owner.answer()
  t.match(now(schedule), {
    status: 'delivered',
    attempts: [{ number: 1, dueAt: schedule.at, startedAt: schedule.at, outcome: 'delivered' }],
  })
  t.match(observer.attempts, [{ schedule: { status: 'delivered' }, attempt: { number: 1 } }])
  t.same(observer.failures, [])
})

await t.test('however many wake-ups come at once, in however many processes, one delivers', async (t) => {
  const { clock, owner, add, fire, make } = setUp()
  const other = make()
  const schedule = await add()
  await Promise.all([fire(schedule), other.fire(schedule), fire(schedule), other.fire(schedule)])
  await clock.set(schedule.at)
  await Promise.all([fire(schedule), other.fire(schedule)])
  await settle()
  t.equal(owner.calls.length, 1)
})

await t.test('a wake-up for what is unknown, replaced, finished, in delivery or far ahead does nothing', async (t) => {
  const { clock, store, owner, add, fire } = setUp()
  const schedule = await add()
  t.match(await fire({ ...schedule, name: 'unknown' }), { kind: 'nothing', reason: 'unknown' })
  t.match(await fire({ ...schedule, application: 'shop' }), { kind: 'nothing', reason: 'unknown' })
  t.match(await fire({ ...schedule, id: 'another' }), { kind: 'nothing', reason: 'replaced' })
  const far = await add({ at: start + holdMs + 1 })
  t.match(await fire(far), { kind: 'nothing', reason: 'too_early' })
  await clock.set(schedule.at)
  const claimed = claim(schedule, schedule.at)
  await store.replace(schedule, claimed)
  t.match(await fire(schedule), { kind: 'nothing', reason: 'being_delivered' })
  const done = await add({ at: start + 100 })
  const canceled = cancel(done, start, retentionMs)
  if (canceled.kind === 'moved') await store.replace(done, canceled.schedule)
  t.match(await fire(done), { kind: 'nothing', reason: 'finished' })
  t.equal(owner.calls.length, 0)
})

await t.test('what is canceled while it is held is not delivered', async (t) => {
  const { clock, store, owner, add, fire } = setUp()
  const schedule = await add()
  const fired = await fire(schedule)
  const canceled = cancel(schedule, start, retentionMs)
  if (canceled.kind === 'moved') await store.replace(schedule, canceled.schedule)
  await clock.set(schedule.at + 1000)
  if (fired.kind === 'taken') await fired.done
  t.equal(owner.calls.length, 0)
})

await t.test('a cancel that gets ahead of the claim wins', async (t) => {
  const { clock, store, owner, add, fire, now } = setUp()
  const schedule = await add()
  await fire(schedule)
  store.beforeReplace = async () => {
    const canceled = cancel(schedule, start, retentionMs)
    if (canceled.kind === 'moved') await store.replace(schedule, canceled.schedule)
  }
  await clock.set(schedule.at)
  t.equal(owner.calls.length, 0)
  t.equal(now(schedule)?.status, 'canceled')
})

await t.test('a failed try is armed again for after the backoff', async (t) => {
  const { clock, owner, trigger, add, fire, now } = setUp()
  const schedule = await add()
  await fire(schedule)
  await clock.set(schedule.at)
  await owner.answer({ verdict: 'retry', statusCode: 500, error: 'the owner answered 500' })
  t.match(now(schedule), { status: 'scheduled', dueAt: schedule.at + 5000 })
  t.match(trigger.armed, [{ id: schedule.id, dueAt: schedule.at + 5000, arming: 2 }])
})

await t.test('a retry that cannot be armed is reported, and still due', async (t) => {
  const { clock, owner, trigger, add, fire, now, observer } = setUp()
  const schedule = await add()
  await fire(schedule)
  await clock.set(schedule.at)
  trigger.failWith = new Error('throttled')
  await owner.answer({ verdict: 'retry' })
  t.match(now(schedule), { status: 'scheduled' })
  t.match(observer.failures, [{ error: { message: 'throttled' } }])
})

await t.test('the work of a dead process is made again when its lease has ended, with the same id', async (t) => {
  const { clock, store, owner, add, fire, now } = setUp()
  const schedule = await add()
  await store.replace(schedule, claim(schedule, schedule.at))
  await clock.set(schedule.at + leaseMs)
  await fire(schedule)
  await settle()
  t.match(owner.calls, [{ id: schedule.id, attempt: 2 }])
  await owner.answer()
  t.match(now(schedule), {
    status: 'delivered',
    attempts: [
      { number: 1, outcome: 'interrupted' },
      { number: 2, outcome: 'delivered' },
    ],
  })
})

await t.test('a process that was suspended past its lease does not send any more', async (t) => {
  const { clock, owner, add, fire } = setUp()
  const schedule = await add()
  await fire(schedule)
  await clock.set(schedule.at - 1)
  await clock.set(schedule.at + leaseMs - deliveryDeadlineMs + 1)
  t.equal(owner.calls.length, 0)
})

await t.test('a result that comes after the lease has been taken over is not written', async (t) => {
  const { clock, store, owner, add, fire, now, observer } = setUp()
  const schedule = await add()
  await fire(schedule)
  await clock.set(schedule.at)
  const claimed = now(schedule)
  await clock.set(schedule.at + leaseMs)
  if (claimed !== undefined) await store.replace(claimed, claim(claimed, clock.now()))
  await owner.answer()
  t.match(now(schedule), { status: 'delivering', delivery: { number: 2 } })
  t.match(observer.failures, [{ what: /outlived its lease/ }])
})

await t.test('while the store fails, the result is kept and written down as soon as it works again', async (t) => {
  const { clock, store, owner, add, fire, now, observer } = setUp()
  const schedule = await add()
  await fire(schedule)
  await clock.set(schedule.at)
  store.broken = true
  await owner.answer()
  await clock.set(schedule.at + 600)
  t.match(observer.failures, [{ what: /could not be written down/ }, { what: /could not be written down/ }])
  store.broken = false
  await clock.set(schedule.at + 1200)
  t.equal(now(schedule)?.status, 'delivered')
})

await t.test('nothing is sent where the clock is set back between the alarm and the call', async (t) => {
  const { clock, owner, add, fire } = setUp()
  const schedule = await add()
  const { sleepUntil } = clock
  let set: Promise<void> | undefined
  clock.sleepUntil = async (instant, signal) => {
    await sleepUntil(instant, signal)
    if (instant === schedule.at) set ??= clock.set(schedule.at - 3_600_000)
  }
  await fire(schedule)
  // Claimed.
  await clock.set(schedule.at - 10)
  await clock.set(schedule.at)
  await set
  t.equal(owner.calls.length, 0)
  await clock.set(schedule.at)
  t.equal(owner.calls.length, 1)
})

await t.test('a result that waits for the store waits no longer where the clock is set back', async (t) => {
  const { clock, store, owner, add, fire, now } = setUp()
  const schedule = await add()
  await fire(schedule)
  await clock.set(schedule.at)
  store.broken = true
  await owner.answer()
  store.broken = false
  await clock.set(schedule.at - 3_600_000)
  await clock.set(schedule.at - 3_600_000 + 600)
  t.equal(now(schedule)?.status, 'delivered')
})

await t.test('a store that fails at the claim delivers nothing, and says so', async (t) => {
  const { clock, store, owner, add, fire, observer } = setUp()
  const schedule = await add()
  await fire(schedule)
  await clock.set(schedule.at - 200)
  store.broken = true
  await clock.set(schedule.at)
  t.equal(owner.calls.length, 0)
  t.match(observer.failures, [{ what: /broken off/ }])
  await t.rejects(fire(schedule))
})

await t.test('no more are under way than there are places; no lease runs while waiting for one', async (t) => {
  const { clock, owner, add, fire, now } = setUp(2)
  const schedules = [await add(), await add(), await add()]
  for (const schedule of schedules) await fire(schedule)
  await clock.set(start + 10_000)
  t.equal(owner.calls.length, 2)
  const third = schedules[2]
  t.equal(third && now(third)?.status, 'scheduled')
  await owner.answer()
  t.equal(owner.calls.length, 3)
})

await t.test('stopping waits for what is under way, and lets go of what is only held, for another process to take', async (t) => {
  const { clock, owner, add, fire, now, stop, observer, letGo } = setUp()
  const [sent, held] = [await add(), await add({ at: start + 60_000 })]
  await fire(sent)
  await fire(held)
  await clock.set(sent.at)
  let stopped = false
  const stopping = stop().finally(() => {
    stopped = true
  })
  await settle()
  t.notOk(stopped)
  t.match(letGo, [{ application: held.application, name: held.name, id: held.id }])
  await t.rejects(fire(held), { code: 'unavailable' }, 'nothing is taken up any more')
  await owner.answer()
  await stopping
  t.equal(now(sent)?.status, 'delivered')
  t.equal(now(held)?.status, 'scheduled')
  t.same(observer.failures, [])
})

await t.test('a clock that is set back while a place is waited for makes nothing early, and nothing fails', async (t) => {
  const { clock, owner, observer, add, fire } = setUp(1)
  const [first, second] = [await add(), await add()]
  await fire(first)
  await fire(second)
  await clock.set(first.at)
  t.equal(owner.calls.length, 1, 'the other one waits for the only place')
  await clock.set(first.at - 5000)
  await owner.answer()
  t.equal(owner.calls.length, 1)
  t.same(observer.failures, [])
  await clock.set(second.at)
  t.equal(owner.calls.length, 2)
})
