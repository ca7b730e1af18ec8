import t from 'tap'
import { cancel, claim, leaseMs } from '../../src/domain/lifecycle.ts'
import type { Schedule } from '../../src/domain/schedule.ts'
import { makeFiring } from '../../src/usecases/fire.ts'
import { makeSlots } from '../../src/usecases/slots.ts'
import { makeSweep, sweepEveryMs, sweepGraceMs } from '../../src/usecases/sweep.ts'
import { makeManualClock, makeMemoryStore, makeRecordingTrigger, makeScriptedOwner } from '../support/fakes.ts'
import { makeRecordingObserver } from '../support/observer.ts'
import { newSchedule } from '../support/schedules.ts'

const start = 1_800_000_000_000
const retentionMs = 86_400_000

interface Options {
  /** Places for deliveries. */
  readonly limit?: number
  readonly capacities?: ReadonlyMap<string, number>
  readonly random?: number
}

function setUp({ limit = 100, capacities = new Map([['blog', 10]]), random = 0.5 }: Options = {}) {
  const clock = makeManualClock(start)
  const store = makeMemoryStore()
  const owner = makeScriptedOwner(clock)
  const observer = makeRecordingObserver()
  const slots = makeSlots(() => limit)
  const makeReplica = () => {
    const firing = makeFiring({
      store,
      trigger: makeRecordingTrigger(),
      owner,
      clock,
      slots,
      observer,
      random: () => 0.5,
      retentionMs,
      claimLeadMs: 15,
      letGo: () => undefined,
    })
    const sweep = makeSweep({ store, clock, observer, fire: firing.fire, random: () => random, capacities: () => capacities })
    return { firing, sweep }
  }
  const { firing, sweep } = makeReplica()
  const add = async (fields: Parameters<typeof newSchedule>[0] = {}): Promise<Schedule> => {
    const schedule = newSchedule({ now: start, at: start, ...fields })
    await store.insert(schedule)
    return schedule
  }
  const pass = (): Promise<void> => clock.set(clock.now() + sweepEveryMs)
  return { clock, store, owner, observer, firing, sweep, makeReplica, add, pass }
}

await t.test('what is overdue by more than the grace is delivered, and told; what is not is left alone', async (t) => {
  const { owner, observer, sweep, add, pass } = setUp()
  const overdue = await add({ at: start + sweepEveryMs - sweepGraceMs })
  await add({ at: start + sweepEveryMs - sweepGraceMs + 1 })
  sweep.start()
  await pass()
  t.match(
    owner.calls.map(({ id }) => id),
    [overdue.id],
  )
  t.match(observer.rescues, [{ application: 'blog', name: overdue.name, id: overdue.id, dueAt: overdue.at }])
  await sweep.stop()
})

await t.test('where every wake-up comes, it finds nothing', async (t) => {
  const { clock, owner, observer, firing, sweep, add } = setUp()
  sweep.start()
  for (let round = 0; round < 5; round++) {
    const schedule = await add({ at: clock.now() + 1000 })
    await firing.fire(schedule)
    await clock.set(schedule.at)
    await owner.answer()
    await clock.set(clock.now() + sweepEveryMs)
  }
  t.equal(owner.calls.length, 5)
  t.same(observer.rescues, [])
  await sweep.stop()
})

await t.test('what waits for a place in this process is not taken twice, and not told as found', async (t) => {
  const { clock, owner, observer, firing, sweep, add, pass } = setUp({ limit: 1 })
  const schedules = [await add(), await add(), await add()]
  for (const schedule of schedules) await firing.fire(schedule)
  sweep.start()
  await clock.set(start + 1000)
  for (let round = 0; round < 3; round++) await pass()
  t.equal(owner.calls.length, 1)
  t.same(observer.rescues, [])
  for (let each = 0; each < 3; each++) await owner.answer()
  t.equal(owner.calls.length, 3)
  await sweep.stop()
})

await t.test('an expired lease is taken over, a live one is not', async (t) => {
  const { clock, store, owner, sweep, add, pass } = setUp()
  const schedule = await add()
  await store.replace(schedule, claim(schedule, start))
  sweep.start()
  await pass()
  t.equal(owner.calls.length, 0)
  await clock.set(start + leaseMs + sweepGraceMs + sweepEveryMs)
  t.match(owner.calls, [{ id: schedule.id, attempt: 2 }])
  await sweep.stop()
})

await t.test('however many there are, all are delivered, with no more in hand than the capacity', async (t) => {
  const { owner, sweep, add, pass, observer } = setUp()
  for (let index = 0; index < 95; index++) await add()
  sweep.start()
  await pass()
  t.equal(owner.calls.length, 10)
  while (owner.calls.length < 95) {
    const before = owner.calls.length
    for (let each = 0; each < 10; each++) await owner.answer()
    if (owner.calls.length === before) await pass()
  }
  t.equal(new Set(owner.calls.map(({ id }) => id)).size, 95)
  t.equal(observer.rescues.length, 95)
  await sweep.stop()
})

await t.test('live leases at the head of the index do not hide what comes behind them', async (t) => {
  const { store, owner, sweep, add, pass } = setUp()
  for (let index = 0; index < 250; index++) {
    const leased = await add({ at: start - 20_000 })
    await store.replace(leased, claim(leased, start))
  }
  const behind = await add()
  sweep.start()
  await pass()
  t.match(owner.calls, [{ id: behind.id }])
  t.equal(owner.calls.length, 1)
  await sweep.stop()
})

await t.test('a lease that ends while a backlog drains is taken over when its time has come, not after the backlog', async (t) => {
  const { clock, store, owner, sweep, add, pass } = setUp()
  const leased = await add({ at: start - 1000 })
  await store.replace(leased, claim(leased, start))
  for (let index = 0; index < 1000; index++) await add()
  sweep.start()
  await pass()
  const takenOver = (): boolean => owner.calls.some(({ id }) => id === leased.id)
  while (clock.now() < start + leaseMs + sweepGraceMs + sweepEveryMs) {
    await pass()
    for (let each = 0; each < 10; each++) await owner.answer()
  }
  t.ok(takenOver())
  t.ok(owner.calls.length < 500, 'long before the backlog is drained')
  for (let each = 0; each < 20; each++) await owner.answer()
  await sweep.stop()
})

await t.test('where there was no room for the rest, it goes on as soon as there is, without waiting for the next round', async (t) => {
  const { owner, sweep, add, pass } = setUp()
  for (let index = 0; index < 40; index++) await add()
  sweep.start()
  await pass()
  t.equal(owner.calls.length, 10)
  for (let each = 0; each < 40; each++) await owner.answer()
  t.equal(owner.calls.length, 40)
  await sweep.stop()
})

await t.test('an application whose owner hangs does not hold up another', async (t) => {
  const capacities = new Map([
    ['hanging', 2],
    ['blog', 2],
  ])
  const { clock, owner, sweep, add, pass } = setUp({ capacities })
  for (let index = 0; index < 10; index++) await add({ application: 'hanging' })
  sweep.start()
  await pass()
  t.equal(owner.calls.length, 2)
  const mine = await add({ at: clock.now() })
  await pass()
  await pass()
  t.ok(owner.calls.some(({ id }) => id === mine.id))
  t.equal(owner.calls.filter(({ application }) => application === 'hanging').length, 2)
  for (let each = 0; each < 20; each++) await owner.answer()
  await sweep.stop()
})

await t.test('two replicas that sweep one store deliver once', async (t) => {
  const { owner, sweep, makeReplica, add, pass } = setUp()
  const other = makeReplica()
  for (let index = 0; index < 10; index++) await add()
  sweep.start()
  other.sweep.start()
  await pass()
  t.equal(owner.calls.length, 10)
  await Promise.all([sweep.stop(), other.sweep.stop()])
})

await t.test('what is canceled is not delivered by it', async (t) => {
  const { store, owner, sweep, add, pass } = setUp()
  const schedule = await add()
  const canceled = cancel(schedule, start, retentionMs)
  if (canceled.kind === 'moved') await store.replace(schedule, canceled.schedule)
  sweep.start()
  await pass()
  t.equal(owner.calls.length, 0)
  await sweep.stop()
})

await t.test('a store that fails is told, and looked at again', async (t) => {
  const { store, owner, observer, sweep, add, pass } = setUp()
  const schedule = await add()
  store.broken = true
  sweep.start()
  await pass()
  t.match(observer.failures, [{ what: /the sweep could not look/ }])
  store.broken = false
  await pass()
  t.match(owner.calls, [{ id: schedule.id }])
  await sweep.stop()
})

await t.test('replicas look at different moments: a quarter of the interval sooner or later', async (t) => {
  for (const [random, factor] of [
    [0, 0.75],
    [1, 1.25],
  ] as const) {
    const { clock, owner, sweep, add } = setUp({ random })
    await add()
    sweep.start()
    await clock.set(start + sweepEveryMs * factor - 1)
    t.equal(owner.calls.length, 0)
    await clock.set(start + sweepEveryMs * factor)
    t.equal(owner.calls.length, 1)
    await sweep.stop()
  }
})

await t.test('after the clock was set back, it sweeps as often as before', async (t) => {
  const { clock, owner, sweep, add, pass } = setUp()
  sweep.start()
  await clock.set(start - 3_600_000)
  const overdue = await add({ now: clock.now(), at: clock.now() })
  await pass()
  t.match(
    owner.calls.map(({ id }) => id),
    [overdue.id],
  )
  await sweep.stop()
})
