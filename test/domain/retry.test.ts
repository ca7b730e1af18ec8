import fc from 'fast-check'
import t from 'tap'
import { backoffMs, defaultRetryPolicy, nextTryAt } from '../../src/domain/retry.ts'
import { lastInstant } from '../../src/domain/time.ts'

const policy = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 100 }),
  initialDelaySeconds: fc.integer({ min: 0, max: 86_400 }),
  maxDelaySeconds: fc.integer({ min: 0, max: 604_800 }),
})
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const tries = fc.integer({ min: 1, max: 100 })

await t.test('the delay doubles from try to try, up to the cap', async (t) => {
  const middle = [1, 2, 3, 4, 11, 12, 100].map((count) => backoffMs(defaultRetryPolicy, count, 0.5) / 1000)
  t.same(middle, [5, 10, 20, 40, 3600, 3600, 3600])
})

await t.test('jitter moves a delay by a fifth at most, either way', async () => {
  fc.assert(
    fc.property(policy, tries, random, (policy, tries, random) => {
      const middle = Math.min(policy.initialDelaySeconds * 2 ** (tries - 1), policy.maxDelaySeconds) * 1000
      const delay = backoffMs(policy, tries, random)
      return delay >= Math.floor(middle * 0.8) && delay <= Math.ceil(middle * 1.2)
    }),
  )
})

await t.test('jitter uses all of its range', async (t) => {
  t.equal(backoffMs(defaultRetryPolicy, 1, 0), 4000)
  t.equal(backoffMs(defaultRetryPolicy, 1, 0.999_999), 6000)
})

await t.test('the next try is never sooner than the owner asked for, and never after the year 9999', async () => {
  const now = fc.integer({ min: 0, max: lastInstant })
  fc.assert(
    fc.property(policy, tries, random, now, fc.double({ min: 0, max: 1e18, noNaN: true }), (policy, tries, random, now, retryAfterMs) => {
      const at = nextTryAt(policy, tries, random, now, retryAfterMs)
      return at >= Math.min(now + retryAfterMs, lastInstant) && at >= now && at <= lastInstant
    }),
  )
})
