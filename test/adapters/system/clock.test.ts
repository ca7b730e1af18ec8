import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { makeSystemClock } from '../../../src/adapters/system/clock.ts'

await t.test('nobody is woken before the instant', async (t) => {
  const clock = makeSystemClock()
  const sleeps = Array.from({ length: 300 }, (_, index) => Date.now() + index)
  await Promise.all(
    sleeps.map(async (instant) => {
      await clock.sleepUntil(instant)
      if (clock.now() < instant) t.fail(`${instant - clock.now()} ms early`)
    }),
  )
  t.pass()
})

await t.test('an instant in the past is no sleep', async () => {
  await makeSystemClock().sleepUntil(0)
})

await t.test('the one who sleeps less wakes first, whoever went to sleep first', async (t) => {
  const clock = makeSystemClock()
  const now = clock.now()
  const order: number[] = []
  await Promise.all([60, 20, 40].map((ms) => clock.sleepUntil(now + ms).then(() => order.push(ms))))
  t.same(order, [20, 40, 60])
})

await t.test('a sleep of months does not end at once, as setTimeout would', async (t) => {
  const clock = makeSystemClock()
  const abort = new AbortController()
  const far = clock.sleepUntil(clock.now() + 2 ** 31 + 1000, abort.signal)
  const first = await Promise.race([far.then(() => 'far'), clock.sleepUntil(clock.now() + 50).then(() => 'near')])
  t.equal(first, 'near')
  abort.abort(new Error('enough'))
  await t.rejects(far, { message: 'enough' })
})

await t.test('who is aborted is woken with the reason, and the others sleep on', async (t) => {
  const clock = makeSystemClock()
  const abort = new AbortController()
  const instant = clock.now() + 30
  const [aborted, other] = [clock.sleepUntil(instant, abort.signal), clock.sleepUntil(instant + 10)]
  abort.abort(new Error('enough'))
  await t.rejects(aborted, { message: 'enough' })
  await other
  t.ok(clock.now() >= instant + 10)
  await t.rejects(clock.sleepUntil(instant + 1000, abort.signal), { message: 'enough' })
})

await t.test('the wall clock decides: a step forward is noticed within a second', async (t) => {
  const clock = makeSystemClock()
  const { now } = Date
  t.teardown(() => {
    Date.now = now
  })
  const started = performance.now()
  const slept = clock.sleepUntil(clock.now() + 3_600_000)
  Date.now = () => now() + 3_600_001
  await slept
  t.ok(performance.now() - started < 1500)
})

await t.test('the wall clock decides: after a step back the sleep goes on', async (t) => {
  const clock = makeSystemClock()
  const { now } = Date
  t.teardown(() => {
    Date.now = now
  })
  const abort = new AbortController()
  const slept = clock.sleepUntil(clock.now() + 20, abort.signal)
  Date.now = () => now() - 3_600_000
  const first = await Promise.race([slept.then(() => 'woken'), new Promise((resolve) => setTimeout(resolve, 100, 'asleep'))])
  t.equal(first, 'asleep')
  abort.abort(new Error('enough'))
  await t.rejects(slept)
})

await t.test('a pause ends after its time, though the clock was set back meanwhile', async (t) => {
  const clock = makeSystemClock()
  const { now } = Date
  t.teardown(() => {
    Date.now = now
  })
  const started = performance.now()
  const paused = clock.pause(100)
  Date.now = () => now() - 3_600_000
  await paused
  t.ok(performance.now() - started >= 99)
})

await t.test('a pause ends where the clock was set forward beyond it', async (t) => {
  const clock = makeSystemClock()
  const { now } = Date
  t.teardown(() => {
    Date.now = now
  })
  const started = performance.now()
  const paused = clock.pause(60_000)
  Date.now = () => now() + 3_600_000
  await paused
  t.ok(performance.now() - started < 1500)
})

await t.test('who is aborted in a pause is woken with the reason', async (t) => {
  const clock = makeSystemClock()
  const abort = new AbortController()
  const paused = clock.pause(60_000, abort.signal)
  abort.abort(new Error('enough'))
  await t.rejects(paused, { message: 'enough' })
  await t.rejects(clock.pause(0, abort.signal), { message: 'enough' })
})

/** Everything that nobody holds any more is gone after this. */
async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    gc()
  }
}

await t.test('who is woken early from a sleep of years leaves nothing behind', async (t) => {
  const clock = makeSystemClock()
  const far = clock.now() + 10 * 365 * 86_400_000
  const early: WeakRef<AbortSignal>[] = []
  for (let count = 0; count < 1000; count++) {
    const controller = new AbortController()
    early.push(new WeakRef(controller.signal))
    const slept = clock.sleepUntil(far, controller.signal)
    controller.abort(new Error('early'))
    await t.rejects(slept, { message: 'early' })
  }
  await collect()
  t.ok(early.filter((signal) => signal.deref() !== undefined).length <= 200)
})

await t.test('a pause that the wall clock ends leaves nothing behind', async (t) => {
  const clock = makeSystemClock()
  const { any } = AbortSignal
  const { now } = Date
  t.teardown(() => Object.assign(AbortSignal, { any }))
  t.teardown(() => Object.assign(Date, { now }))
  const composed: WeakRef<AbortSignal>[] = []
  AbortSignal.any = (signals) => {
    const signal = any.call(AbortSignal, signals)
    composed.push(new WeakRef(signal))
    return signal
  }
  const lasting = new AbortController()
  const pauses = Array.from({ length: 100 }, () => clock.pause(3_600_000, lasting.signal))
  Date.now = () => now() + 3_600_001
  await Promise.all(pauses)
  pauses.length = 0
  await collect()
  t.equal(composed.length, 100)
  t.ok(composed.filter((signal) => signal.deref() !== undefined).length <= 10)
  t.notOk(lasting.signal.aborted)
})
