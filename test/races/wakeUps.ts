import { randomUUID } from 'node:crypto'
import { makeSystemClock } from '../../src/adapters/system/clock.ts'
import type { Owner, ScheduleStore } from '../../src/domain/ports.ts'
import type { Schedule } from '../../src/domain/schedule.ts'
import { eachOf } from '../../src/usecases/eachOf.ts'
import { type Firing, makeFiring } from '../../src/usecases/fire.ts'
import { makeSlots } from '../../src/usecases/slots.ts'
import { makeRandom } from '../simulation/random.ts'
import { makeRecordingTrigger } from '../support/fakes.ts'
import { makeRecordingObserver } from '../support/observer.ts'
import type { Proof } from '../support/proof.ts'
import { newSchedule } from '../support/schedules.ts'

const seed = 20_261_124
const mostWakeUps = 5
const atOnce = 200

/** Each schedule is woken one to five times at once, in two processes' worth of firing over one store: one of them claims. */
export async function wakeUps(stores: readonly ScheduleStore[], count: number): Promise<Proof> {
  const random = makeRandom(seed)
  const calls = new Map<string, number>()
  const firings = stores.map((store) => firingOver(store, calls))
  const schedules = await addAll(stores, count)
  let sent = 0
  await eachOf(schedules, atOnce, async (schedule) => {
    const times = random.between(1, mostWakeUps + 1)
    sent += times
    await Promise.all(Array.from({ length: times }, () => wake(random.pick(firings), schedule)))
  })
  const [store] = stores
  const violations: string[] = []
  await eachOf(schedules, atOnce, async ({ application, name, id }) => {
    const found = await store?.get(application, name)
    const made = calls.get(id) ?? 0
    if (made !== 1) violations.push(`${name} was called ${made} times`)
    if (found?.status !== 'delivered' || found.attemptCount !== 1)
      violations.push(`${name} is ${found?.status} after ${found?.attemptCount} claims`)
  })
  await Promise.all(firings.map((firing) => firing.stop()))
  return { figures: [`${count} schedules, ${sent} wake-ups: ${calls.size} claimed, each once`], violations }
}

async function addAll(stores: readonly ScheduleStore[], count: number): Promise<Schedule[]> {
  const now = Date.now()
  const schedules = Array.from({ length: count }, (_, index) => newSchedule({ name: `woken-${index}-${randomUUID()}`, now, at: now }))
  await eachOf(schedules, atOnce, async (schedule) => stores[0]?.insert(schedule))
  return schedules
}

async function wake(firing: Firing, schedule: Schedule): Promise<void> {
  const fired = await firing.fire(schedule)
  if (fired.kind === 'taken') await fired.done
}

function firingOver(store: ScheduleStore, calls: Map<string, number>): Firing {
  const clock = makeSystemClock()
  const owner: Owner = {
    allows: () => true,
    async deliver({ id }) {
      calls.set(id, (calls.get(id) ?? 0) + 1)
      return { verdict: 'delivered', startedAt: clock.now(), durationMs: 0, statusCode: 200 }
    },
  }
  return makeFiring({
    store,
    owner,
    clock,
    trigger: makeRecordingTrigger(),
    slots: makeSlots(() => atOnce * mostWakeUps),
    observer: makeRecordingObserver(),
    random: Math.random,
    retentionMs: 86_400_000,
    claimLeadMs: 0,
    letGo: () => undefined,
  })
}
