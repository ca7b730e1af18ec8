import t from 'tap'
import { makeSystemClock } from '../../../src/adapters/system/clock.ts'
import { makeManualClock } from '../../../src/adapters/system/manualClock.ts'

const start = Date.UTC(2030, 0, 1)

await t.test('it stands still until it is set, and is never set back', async (t) => {
  const clock = makeManualClock(start, makeSystemClock())
  await clock.pause(5)
  t.equal(clock.now(), start)
  clock.set(start + 1000)
  t.equal(clock.now(), start + 1000)
  clock.set(start)
  t.equal(clock.now(), start + 1000)
})

await t.test('who sleeps wakes when it is set so far, in the order of time', async (t) => {
  const clock = makeManualClock(start, makeSystemClock())
  const order: number[] = []
  const sleeps = [30, 10, 20, 40].map((ms) => clock.sleepUntil(start + ms).then(() => order.push(ms)))
  await clock.sleepUntil(start)
  clock.set(start + 30)
  await Promise.all(sleeps.slice(0, 3))
  t.same(order, [10, 20, 30])
  clock.set(start + 40)
  await Promise.all(sleeps)
  t.same(order, [10, 20, 30, 40])
})

await t.test('who is aborted is woken with the reason, and the others sleep on', async (t) => {
  const clock = makeManualClock(start, makeSystemClock())
  const abort = new AbortController()
  const [aborted, other] = [clock.sleepUntil(start + 10, abort.signal), clock.sleepUntil(start + 10)]
  abort.abort(new Error('enough'))
  await t.rejects(aborted, { message: 'enough' })
  clock.set(start + 10)
  await other
  await t.rejects(clock.sleepUntil(start + 20, abort.signal), { message: 'enough' })
})
