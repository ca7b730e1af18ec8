import { EventEmitter, once } from 'node:events'
import t, { type Test } from 'tap'
import { type EmbeddedStore, openEmbeddedStore } from '../../../src/adapters/embedded/store.ts'
import { makeTimer } from '../../../src/adapters/embedded/timer.ts'
import { makeSystemClock } from '../../../src/adapters/system/clock.ts'
import { claim, reschedule } from '../../../src/domain/lifecycle.ts'
import type { Due, Hint } from '../../../src/domain/ports.ts'
import type { Schedule, WakeUp } from '../../../src/domain/schedule.ts'
import { type OpenTrigger, triggerContract } from '../../contract/trigger.ts'
import { emptyDirectory } from '../../support/directory.ts'
import { makeManualClock, settle } from '../../support/fakes.ts'
import { makeRecordingObserver } from '../../support/observer.ts'
import { newSchedule } from '../../support/schedules.ts'

interface Opened extends OpenTrigger {
  readonly store: EmbeddedStore
  start(): void
}

/** A timer over a real store; `see` says when what it has woken has been seen to. */
async function openTimer(t: Test, capacities = new Map([['blog', 100]]), see?: (wakeUp: WakeUp) => Promise<void>): Promise<Opened> {
  const clock = makeSystemClock()
  const observer = makeRecordingObserver()
  const store = await openEmbeddedStore(emptyDirectory(t), clock, observer)
  const wakeUps: WakeUp[] = []
  const times = new Map<string, number>()
  const events = new EventEmitter().setMaxListeners(0)
  const timer = makeTimer({
    store,
    clock,
    observer,
    capacities: () => capacities,
    wake: async (wakeUp) => {
      wakeUps.push(wakeUp)
      times.set(wakeUp.id, Date.now())
      events.emit('wakeUp')
      if (see !== undefined) return see(wakeUp)
      // What has been seen to is not due any more.
      const schedule = await store.get(wakeUp.application, wakeUp.name)
      if (schedule?.status === 'scheduled') await store.replace(schedule, claim(schedule, schedule.dueAt ?? 0))
    },
  })
  timer.start()
  t.teardown(async () => {
    await timer.stop()
    if (observer.failures.length > 0) throw new Error('the timer reported failures', { cause: observer.failures })
    await store.close()
  })
  return {
    store,
    trigger: timer,
    application: 'blog',
    wakeUps,
    start: () => timer.start(),
    async wokenUp(id) {
      for (;;) {
        const time = times.get(id)
        if (time !== undefined) return time
        await once(events, 'wakeUp')
      }
    },
  }
}

await t.test('contract', async (t) => triggerContract(t, (t) => openTimer(t)))

await t.test('what was never armed is found all the same: another process may have died after writing it down', async (t) => {
  const { store, wokenUp } = await openTimer(t)
  const now = Date.now()
  const schedule = newSchedule({ now, at: now + 100 })
  await store.insert(schedule)
  t.ok((await wokenUp(schedule.id)) - now < 2500)
})

await t.test('an application has no more in hand than its capacity, and the rest follows as room is made', async (t) => {
  const ends: (() => void)[] = []
  let inHand = 0
  let most = 0
  const { store, trigger, wakeUps } = await openTimer(t, new Map([['blog', 10]]), async ({ application, name }) => {
    most = Math.max(most, ++inHand)
    await new Promise<void>((resolve) => ends.push(resolve))
    const schedule = await store.get(application, name)
    if (schedule !== undefined) await store.replace(schedule, claim(schedule, schedule.dueAt ?? 0))
    inHand--
  })
  const now = Date.now()
  const schedules = Array.from({ length: 100 }, () => newSchedule({ now, at: now - 1000 }))
  await Promise.all(schedules.map((schedule) => store.insert(schedule)))
  for (const schedule of schedules) await trigger.arm(schedule)
  while (wakeUps.length < schedules.length) {
    await new Promise((resolve) => setImmediate(resolve))
    for (const end of ends.splice(0)) end()
  }
  for (const end of ends.splice(0)) end()
  t.equal(new Set(wakeUps.map(({ id }) => id)).size, schedules.length)
  t.equal(most, 10)
})

await t.test('what is moved while it is in hand is woken at its new moment', async (t) => {
  const ends: (() => void)[] = []
  const { store, trigger, wakeUps, wokenUp } = await openTimer(t, new Map([['blog', 10]]), async () => {
    await new Promise<void>((resolve) => ends.push(resolve))
  })
  const now = Date.now()
  const schedule = newSchedule({ now, at: now + 20 })
  await store.insert(schedule)
  await trigger.arm(schedule)
  await wokenUp(schedule.id)
  const moved = reschedule(schedule, { when: { at: now + 60, timeZone: null } }, now)
  if (moved.kind !== 'moved') throw new Error(moved.kind)
  await store.replace(schedule, moved.schedule)
  await trigger.arm(moved.schedule)
  // Looked at while it is still in hand, and then let go of, since the record has changed.
  await new Promise((resolve) => setTimeout(resolve, 80))
  const before = Date.now()
  for (const end of ends.splice(0)) end()
  while (wakeUps.length < 2) await new Promise((resolve) => setImmediate(resolve))
  t.ok(Date.now() - before < 400, 'at once, and not when the index is looked at the next time')
  for (const end of ends) end()
})

await t.test('what is moved while the index is read is not passed on as it was before, and at the next look as it is', async (t) => {
  const clock = makeManualClock(1_800_000_000_000)
  const hints: Hint[] = []
  const { promise, resolve: read } = Promise.withResolvers<Due[]>()
  let reading = promise
  const timer = makeTimer({
    store: { due: () => reading, nextDueAt: async () => undefined },
    clock,
    observer: makeRecordingObserver(),
    capacities: () => new Map([['blog', 10]]),
    wake: async (hint) => void hints.push(hint),
  })
  const [moved, still] = ['moved', 'still'].map((name) => newSchedule({ name, now: clock.now(), at: clock.now() }))
  if (moved === undefined || still === undefined) throw new Error('two were made')
  await timer.arm(still)
  await settle()
  await timer.arm({ ...moved, version: 2 })
  const entryOf = (record: Schedule): Due => ({ ...record, dueAt: record.at, position: record.name, record })
  read([entryOf(moved), entryOf(still)])
  reading = Promise.resolve([])
  await settle()
  // What the next look finds is as it is by then.
  reading = Promise.resolve([entryOf({ ...moved, version: 3 })])
  await timer.arm({ ...moved, version: 3 })
  await settle()
  t.match(
    hints.map(({ name, record }) => [name, record?.version]),
    [
      ['moved', undefined],
      ['still', 1],
      ['moved', 3],
    ],
  )
  await timer.stop()
})

await t.test('an application whose capacity is used up does not keep another one from being woken', async (t) => {
  const capacities = new Map([
    ['hanging', 4],
    ['blog', 4],
  ])
  const ends: (() => void)[] = []
  const { store, trigger, wokenUp, wakeUps } = await openTimer(t, capacities, async ({ application }) => {
    if (application === 'hanging') await new Promise<void>((resolve) => ends.push(resolve))
  })
  const now = Date.now()
  const hanging = Array.from({ length: 500 }, () => newSchedule({ application: 'hanging', now, at: now - 1000 }))
  await Promise.all(hanging.map((schedule) => store.insert(schedule)))
  for (const schedule of hanging) await trigger.arm(schedule)
  const mine = newSchedule({ now: Date.now(), at: Date.now() + 500 })
  await store.insert(mine)
  await trigger.arm(mine)
  t.ok((await wokenUp(mine.id)) <= mine.at + 100)
  t.equal(wakeUps.filter(({ application }) => application === 'hanging').length, 4)
  for (const end of ends) end()
})

await t.test('after the clock was set back, what another process has added is found all the same', { timeout: 10_000 }, async (t) => {
  const { store, wokenUp } = await openTimer(t)
  // It has looked, found nothing, and is to look again in a second.
  await new Promise((resolve) => setTimeout(resolve, 50))
  const { now } = Date
  t.teardown(() => {
    Date.now = now
  })
  Date.now = () => now() - 3_600_000
  const schedule = newSchedule({ now: Date.now(), at: Date.now() + 100 })
  await store.insert(schedule)
  t.ok((await wokenUp(schedule.id)) - schedule.at < 1500)
})

await t.test('what cannot be seen to is not tried again and again without a pause', async (t) => {
  const clock = makeManualClock(1_800_000_000_000)
  let looks = 0
  const due = ['hangs', 'fails'].map((id) => ({ application: 'blog', name: id, id, dueAt: clock.now(), position: id }))
  const timer = makeTimer({
    store: {
      async due() {
        looks++
        return due
      },
      nextDueAt: async () => undefined,
    },
    clock,
    observer: makeRecordingObserver(),
    capacities: () => new Map([['blog', 2]]),
    wake: ({ id }) => (id === 'fails' ? Promise.reject(new Error('the record is damaged')) : new Promise(() => undefined)),
  })
  timer.start()
  await settle()
  t.equal(looks, 1)
  await clock.set(clock.now() + 1000)
  t.ok(looks <= 3, `${looks} looks`)
  await timer.stop()
})
