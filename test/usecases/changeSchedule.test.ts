import t from 'tap'
import { AppError } from '../../src/domain/errors.ts'
import { claim } from '../../src/domain/lifecycle.ts'
import type { Schedule } from '../../src/domain/schedule.ts'
import { type ChangeRequest, makeChangeSchedule } from '../../src/usecases/changeSchedule.ts'
import { makeManualClock, makeMemoryStore, makeRecordingTrigger, makeScriptedOwner } from '../support/fakes.ts'
import { makeRecordingObserver } from '../support/observer.ts'
import { newSchedule } from '../support/schedules.ts'

const start = 1_800_000_000_000

async function setUp() {
  const clock = makeManualClock(start)
  const store = makeMemoryStore()
  const trigger = makeRecordingTrigger()
  const observer = makeRecordingObserver()
  const change = makeChangeSchedule({ store, trigger, owner: makeScriptedOwner(clock), clock, observer })
  const schedule = newSchedule({ now: start, at: start + 60_000, name: 'post-42' })
  await store.insert(schedule)
  const request = (fields: Partial<ChangeRequest> = {}): ChangeRequest => ({
    application: 'blog',
    name: 'post-42',
    when: { delaySeconds: 3600 },
    expiresAfterMs: undefined,
    content: {},
    isExpected: undefined,
    ...fields,
  })
  const now = (): Schedule | undefined => store.records.get('blog/post-42')
  return { clock, store, trigger, observer, change, schedule, request, now }
}

await t.test('a changed schedule is armed for its new moment, and its earlier wake-up is taken back', async (t) => {
  const { change, request, trigger, schedule, now } = await setUp()
  const changed = await change(request())
  t.match(changed, { at: start + 3_600_000, dueAt: start + 3_600_000, arming: 2 })
  t.same(trigger.armed, [changed])
  t.same(trigger.disarmed, [schedule])
  t.same(now(), changed)
})

await t.test('where its wake-up cannot be asked for, it is as it was, under a version that nobody has seen', async (t) => {
  const { change, request, trigger, schedule, now } = await setUp()
  trigger.failWith = new AppError('too_many_requests', 'Too many.')
  await t.rejects(change(request()), { code: 'too_many_requests' })
  t.same(now(), { ...schedule, version: 3, arming: 3 })
  t.match(trigger.armed, [{ arming: 3, dueAt: schedule.dueAt }], 'whoever held it as it was has let go of it')
  t.same(trigger.disarmed, [], 'its earlier wake-up may be still to come')
})

await t.test('where that cannot be taken back either, it is told that the change holds', async (t) => {
  const { change, request, trigger, store, observer } = await setUp()
  trigger.failWith = new AppError('unavailable', 'Nobody there.')
  const { arm } = trigger
  trigger.arm = async (schedule) => {
    store.broken = true
    return arm(schedule)
  }
  await t.rejects(change(request()), { code: 'unavailable' })
  t.match(observer.failures, [{ what: /could not be taken back either, and holds/ }])
})

await t.test('where it is claimed between reading and writing, it is being delivered', async (t) => {
  const { change, request, store, schedule, now } = await setUp()
  store.beforeReplace = async () => {
    await store.replace(schedule, claim(schedule, schedule.at))
  }
  await t.rejects(change(request()), { code: 'being_delivered' })
  t.equal(now()?.status, 'delivering')
})

await t.test('what the caller has not seen is not changed, also where it changes just then', async (t) => {
  const { change, request, store, schedule, now } = await setUp()
  const isExpected = ({ version }: Schedule): boolean => version === 1
  store.beforeReplace = async () => {
    await store.replace(schedule, { ...schedule, version: 2 })
  }
  await t.rejects(change(request({ isExpected })), { code: 'precondition_failed' })
  t.equal(now()?.at, schedule.at)
})
