import t from 'tap'
import { makeApplications } from '../../src/domain/application.ts'
import { makePendingLimit } from '../../src/usecases/pendingLimit.ts'
import { makeMemoryStore } from '../support/fakes.ts'
import { newSchedule } from '../support/schedules.ts'

function setUp(maxPendingSchedules: number | undefined) {
  const store = makeMemoryStore()
  const blog = { name: 'blog', apiKeyHashes: [], allowedOrigins: [], signingSecrets: [], maxConcurrentDeliveries: 1 }
  const applications = makeApplications([{ ...blog, maxPendingSchedules }])
  const limit = makePendingLimit({ store, applications })
  const add = (): Promise<unknown> => limit.within('blog', () => store.insert(newSchedule()))
  return { store, applications, blog, add }
}

await t.test(
  'an application may have as many unfinished schedules as its limit, and not one more, however many come at once',
  async (t) => {
    const { store, add } = setUp(10)
    const results = await Promise.allSettled(Array.from({ length: 50 }, add))
    t.equal(results.filter(({ status }) => status === 'fulfilled').length, 10)
    t.equal(store.records.size, 10)
    await t.rejects(add(), { code: 'too_many_pending', retryAfterSeconds: 60 })
  },
)

await t.test('what failed to be added takes no place', async (t) => {
  const { store, add } = setUp(1)
  store.broken = true
  await t.rejects(add())
  store.broken = false
  await add()
})

await t.test('without a limit the store is not even asked, and a limit can be changed', async (t) => {
  const { store, add, applications, blog } = setUp(undefined)
  store.counts = async () => {
    throw new Error('asked')
  }
  await add()
  applications.replace([{ ...blog, maxPendingSchedules: 5 }])
  await t.rejects(add(), { message: 'asked' })
})

await t.test('a limit is not reached before it is: who adds nothing takes no place from others', async (t) => {
  const { store, add, applications } = setUp(200)
  const limit = makePendingLimit({ store, applications })
  const results = await Promise.allSettled(Array.from({ length: 200 }, add))
  t.equal(results.filter(({ status }) => status === 'rejected').length, 0)
  await t.rejects(add(), { code: 'too_many_pending' })

  const one = setUp(1)
  const same = makePendingLimit({ store: one.store, applications: one.applications })
  const nothing = Array.from({ length: 5 }, () => same.within('blog', async () => undefined))
  const something = same.within('blog', () => one.store.insert(newSchedule()))
  await Promise.all([...nothing, something])
  t.equal(one.store.records.size, 1)
  await t.rejects(
    limit.within('blog', async () => undefined),
    { code: 'too_many_pending' },
  )
})
