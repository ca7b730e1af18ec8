import type { Test } from 'tap'
import type { ScheduleStore, Trigger } from '../../src/domain/ports.ts'
import type { WakeUp } from '../../src/domain/schedule.ts'
import { holdMs } from '../../src/usecases/fire.ts'
import { newSchedule } from '../support/schedules.ts'

export interface OpenTrigger {
  readonly store: ScheduleStore
  readonly trigger: Trigger
  readonly application: string
  /** Resolves when a wake-up for this id has come, with the wall clock's time of it. */
  wokenUp(id: string): Promise<number>
  readonly wakeUps: readonly WakeUp[]
}

/** What every trigger does: it may wake too often, never too seldom. Times of it are the wall clock's. */
export async function triggerContract(t: Test, open: (t: Test) => Promise<OpenTrigger>): Promise<void> {
  await t.test('a schedule that is armed is woken up, in time to be delivered on the instant', async (t) => {
    const { store, trigger, application, wokenUp } = await open(t)
    const now = Date.now()
    const schedule = newSchedule({ application, now, at: now + 600 })
    await store.insert(schedule)
    await trigger.arm(schedule)
    const at = await wokenUp(schedule.id)
    // What comes earlier could not be held.
    t.ok(at >= schedule.at - holdMs && at <= schedule.at + 500, `${at - schedule.at} ms`)
  })

  await t.test('one that is overdue is woken up at once', async (t) => {
    const { store, trigger, application, wokenUp } = await open(t)
    const now = Date.now()
    const schedule = newSchedule({ application, now, at: now - 30_000 })
    await store.insert(schedule)
    await trigger.arm(schedule)
    t.ok((await wokenUp(schedule.id)) - now < 1000)
  })

  await t.test('an earlier one that is armed later does not wait for the other', async (t) => {
    const { store, trigger, application, wokenUp } = await open(t)
    const now = Date.now()
    const [late, soon] = [newSchedule({ application, now, at: now + 3_600_000 }), newSchedule({ application, now, at: now + 300 })]
    for (const schedule of [late, soon]) {
      await store.insert(schedule)
      await trigger.arm(schedule)
    }
    t.ok((await wokenUp(soon.id)) - soon.at <= 500)
  })

  await t.test('one that is months ahead is not woken up now', async (t) => {
    const { store, trigger, application, wokenUp, wakeUps } = await open(t)
    const now = Date.now()
    const [far, near] = [newSchedule({ application, now, at: now + 2 ** 31 + 1000 }), newSchedule({ application, now, at: now + 400 })]
    for (const schedule of [far, near]) {
      await store.insert(schedule)
      await trigger.arm(schedule)
    }
    await wokenUp(near.id)
    t.notOk(wakeUps.some(({ id }) => id === far.id))
  })

  await t.test('a thousand armed at once for one moment are all woken up', async (t) => {
    const { store, trigger, application, wokenUp } = await open(t)
    const now = Date.now()
    const schedules = Array.from({ length: 1000 }, () => newSchedule({ application, now, at: now + 500 }))
    await Promise.all(
      schedules.map(async (schedule) => {
        await store.insert(schedule)
        await trigger.arm(schedule)
      }),
    )
    await Promise.all(schedules.map(({ id }) => wokenUp(id)))
  })

  await t.test('taking back what was armed, or never was, is no error', async (t) => {
    const { store, trigger, application } = await open(t)
    const armed = newSchedule({ application, now: Date.now(), at: Date.now() + 3_600_000 })
    await store.insert(armed)
    await trigger.arm(armed)
    await trigger.disarm(armed)
    await trigger.disarm(armed)
    await trigger.disarm(newSchedule({ application }))
  })
}
