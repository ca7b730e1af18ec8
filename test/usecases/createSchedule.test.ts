import t from 'tap'
import { makeApplications } from '../../src/domain/application.ts'
import { AppError } from '../../src/domain/errors.ts'
import { makeCanceling } from '../../src/usecases/cancelSchedule.ts'
import { type CreateRequest, makeCreating } from '../../src/usecases/createSchedule.ts'
import { makePendingLimit } from '../../src/usecases/pendingLimit.ts'
import { makeManualClock, makeMemoryStore, makeRecordingTrigger, makeScriptedOwner } from '../support/fakes.ts'
import { makeRecordingObserver } from '../support/observer.ts'
import { content } from '../support/schedules.ts'

const start = 1_800_000_000_000
const dayMs = 86_400_000

function setUp(maxPendingSchedules?: number) {
  const clock = makeManualClock(start)
  const store = makeMemoryStore()
  const trigger = makeRecordingTrigger()
  const observer = makeRecordingObserver()
  let ids = 0
  const blog = { name: 'blog', apiKeyHashes: [], allowedOrigins: [], signingSecrets: [], maxConcurrentDeliveries: 1, maxPendingSchedules }
  const { createSchedule, createSchedules } = makeCreating({
    store,
    trigger,
    owner: makeScriptedOwner(clock),
    clock,
    observer,
    pendingLimit: makePendingLimit({ store, applications: makeApplications([blog]) }),
    createsAtOnce: 10,
    newId: () => `id-${++ids}`,
    newName: () => `name-${++ids}`,
  })
  const { cancelSchedule } = makeCanceling({ store, trigger, clock, retentionMs: 30 * dayMs })
  const request = (fields: Partial<CreateRequest> = {}): CreateRequest => ({
    application: 'blog',
    name: 'post-42',
    when: { delaySeconds: 60 },
    content,
    ifExists: 'fail',
    digest: 'digest-1',
    ...fields,
  })
  return { clock, store, trigger, observer, createSchedule, createSchedules, cancelSchedule, request }
}

await t.test('a schedule is armed once it is recorded', async (t) => {
  const { createSchedule, trigger, store, request } = setUp()
  const { created, schedule } = await createSchedule(request())
  t.ok(created)
  t.same(trigger.armed, [schedule])
  t.same(store.records.get('blog/post-42'), schedule)
})

await t.test('a schedule that cannot be armed is withdrawn, and the caller is told why', async (t) => {
  const { createSchedule, trigger, store, request } = setUp()
  trigger.failWith = new AppError('unavailable', 'The quota is used up.')
  await t.rejects(createSchedule(request()), { code: 'unavailable', message: 'The quota is used up.' })
  t.equal(store.records.size, 0)
})

await t.test('what stood under the name before is there again when its successor cannot be armed', async (t) => {
  const { createSchedule, cancelSchedule, trigger, store, request } = setUp()
  const first = await createSchedule(request())
  await cancelSchedule('blog', 'post-42')
  trigger.failWith = new AppError('unavailable', 'The quota is used up.')
  await t.rejects(createSchedule(request({ digest: 'digest-2' })), { code: 'unavailable' })
  t.match(store.records.get('blog/post-42'), { id: first.schedule.id, status: 'canceled' })
})

await t.test('a request that is repeated while the first one is failing is not taken back with it', async (t) => {
  const { createSchedule, trigger, store, request } = setUp()
  const arm = trigger.arm
  // Before the first one is told that it failed, the second one comes, and is acknowledged.
  trigger.arm = async () => {
    trigger.arm = arm
    t.match(await createSchedule(request()), { created: false, schedule: { id: 'id-1', status: 'scheduled' } })
    throw new AppError('unavailable', 'The answer was lost.')
  }
  await t.rejects(createSchedule(request()), { code: 'unavailable' })
  t.match(store.records.get('blog/post-42'), { id: 'id-1', status: 'scheduled', arming: 2 })
  t.match(trigger.armed, [{ id: 'id-1', arming: 2 }])
})

await t.test('a repeated request asks for the wake-up that the first one may not have got to', async (t) => {
  const { createSchedule, trigger, request, clock } = setUp()
  await createSchedule(request({ when: { delaySeconds: 3600 } }))
  trigger.failWith = new AppError('unavailable', 'The quota is used up.')
  await t.rejects(createSchedule(request({ when: { delaySeconds: 3600 } })), { code: 'unavailable' })
  const { schedule } = await createSchedule(request({ when: { delaySeconds: 3600 } }))
  t.match(trigger.armed, [{ arming: 1 }, { arming: 2 }])
  t.match(trigger.disarmed, [{ arming: 1 }])
  t.same((await createSchedule(request({ when: { delaySeconds: 3600 } }))).schedule, schedule, 'once is enough')
  await clock.set(start + 61_000)
  // By now the first one has been answered, or its process is dead: the sweep's business.
  await createSchedule(request({ when: { delaySeconds: 3600 } }))
  t.equal(trigger.armed.length, 2)
})

await t.test('what may have been written under a generated name is taken back when the store fails', async (t) => {
  const { createSchedule, store, request } = setUp()
  const insert = store.insert
  store.insert = async (schedule) => {
    await insert(schedule)
    throw new AppError('unavailable', 'The answer was lost.')
  }
  await t.rejects(createSchedule(request({ name: undefined })), { code: 'unavailable' })
  t.equal(store.records.size, 0)
  await t.rejects(createSchedule(request()), { code: 'unavailable' })
  t.equal(store.records.size, 1, 'under its own name the request can be repeated')
})

await t.test('canceling again takes the wake-up back again: whoever did so first may have died', async (t) => {
  const { createSchedule, cancelSchedule, trigger, request } = setUp()
  await createSchedule(request())
  await cancelSchedule('blog', 'post-42')
  await cancelSchedule('blog', 'post-42')
  t.equal(trigger.disarmed.length, 2)
})

await t.test('the same request is the same for a day, and a new one after that', async (t) => {
  const { clock, createSchedule, cancelSchedule, request } = setUp()
  const first = await createSchedule(request())
  await cancelSchedule('blog', 'post-42')
  await clock.set(start + dayMs - 1)
  t.match(await createSchedule(request()), { created: false, schedule: { id: first.schedule.id } })
  await clock.set(start + dayMs)
  t.match(await createSchedule(request()), { created: true, schedule: { id: 'id-3' } })
})

await t.test('a target that may not be called, and a moment that cannot be, are refused before anything is recorded', async (t) => {
  const { createSchedule, store, request } = setUp()
  const forbidden = { ...content, target: { ...content.target, url: 'http://forbidden.test/' } }
  await t.rejects(createSchedule(request({ content: forbidden })), { code: 'target_not_allowed' })
  await t.rejects(createSchedule(request({ when: { at: start - 60_001, timeZone: null } })), { code: 'invalid_request' })
  await t.rejects(createSchedule(request({ when: { delaySeconds: 253_402_300_799 } })), { code: 'invalid_request' })
  t.equal(store.records.size, 0)
  t.ok(await createSchedule(request({ when: { at: start - 60_000, timeZone: null } })))
})

await t.test('the same request is the same also when its moment has passed meanwhile', async (t) => {
  const { clock, createSchedule, request } = setUp()
  const { schedule } = await createSchedule(request({ when: { at: start, timeZone: null } }))
  await clock.set(start + 3_600_000)
  t.same(await createSchedule(request({ when: { at: start, timeZone: null } })), { created: false, schedule })
  await t.rejects(createSchedule(request({ when: { at: start, timeZone: null }, digest: 'digest-2' })), { code: 'invalid_request' })
})

await t.test('when two reuse a finished name at once, one gets it', async (t) => {
  const { store, createSchedule, cancelSchedule, request } = setUp()
  await createSchedule(request())
  await cancelSchedule('blog', 'post-42')
  store.beforeReplace = async () => {
    await createSchedule(request({ digest: 'digest-2' }))
  }
  await t.rejects(createSchedule(request({ digest: 'digest-3' })), { code: 'name_in_use' })
  t.match(store.records.get('blog/post-42'), { requestDigest: 'digest-2', status: 'scheduled' })
})

await t.test('who repeats a request for the last place is not told of a schedule that is taken back', async (t) => {
  const { store, trigger, request, createSchedule } = setUp(1)
  const { arm } = trigger
  let second: Promise<unknown> | undefined
  trigger.arm = async (schedule) => {
    trigger.arm = arm
    second = createSchedule(request())
    await arm(schedule)
    throw new AppError('too_many_requests', 'Throttled.')
  }
  await t.rejects(createSchedule(request()), { code: 'too_many_requests' })
  t.match(await second, { created: true, schedule: { status: 'scheduled' } })
  t.match(store.records.get('blog/post-42'), { status: 'scheduled' })
})

await t.test('of many created at once, those of one name come in their order, also where each is written by itself', async (t) => {
  const { createSchedules, store, request } = setUp()
  const { insert } = store
  let isFirst = true
  store.insert = async (schedule) => {
    if (isFirst) {
      isFirst = false
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return insert(schedule)
  }
  const [one, two] = await createSchedules('blog', [
    request({ ifExists: 'replace', digest: 'one' }),
    request({ ifExists: 'replace', digest: 'two' }),
  ])
  t.match([one, two], [{ status: 'fulfilled' }, { status: 'fulfilled' }])
  t.equal(store.records.get('blog/post-42')?.requestDigest, 'two', 'the newest wins')
})
