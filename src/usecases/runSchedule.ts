import { AppError } from '../domain/errors.ts'
import { isFinished, runNow } from '../domain/lifecycle.ts'
import type { Clock, Observer, ScheduleStore, Trigger } from '../domain/ports.ts'
import type { Schedule } from '../domain/schedule.ts'
import { type Expected, refuseUnexpected } from './precondition.ts'
import { notFound } from './readSchedule.ts'

interface Dependencies {
  readonly store: ScheduleStore
  readonly trigger: Trigger
  readonly clock: Clock
  readonly observer: Observer
}

/**
 * Has a schedule delivered now: ahead of its time, or again. It is made due, durably, and goes the way of every other.
 *
 * @throws AppError `not_found`, `precondition_failed`, `being_delivered`, `already_finished` (canceled), `unavailable`
 */
export function makeRunSchedule({ store, trigger, clock, observer }: Dependencies) {
  return async function runSchedule(application: string, name: string, isExpected?: Expected): Promise<Schedule> {
    for (;;) {
      const previous = await store.get(application, name)
      if (previous === undefined) throw notFound()
      refuseUnexpected(previous, isExpected)
      const move = runNow(previous, clock.now())
      if (move.kind === 'refused') throw refusal(move.reason)
      if (await store.replace(previous, move.schedule)) {
        // A crash here leaves it due without a wake-up: overdue, it is found like any other.
        await wake(move.schedule)
        if (!isFinished(previous)) await trigger.disarm(previous)
        return move.schedule
      }
    }
  }

  /** It is written down as due: whatever becomes of its wake-up, it will be found. */
  async function wake(schedule: Schedule): Promise<void> {
    await trigger
      .arm(schedule)
      .catch((error: unknown) => observer.failed('no wake-up could be asked for what is to be delivered now', error, schedule))
  }
}

function refusal(reason: 'being_delivered' | 'already_finished'): AppError {
  return reason === 'being_delivered'
    ? new AppError(reason, 'It is being delivered right now.')
    : new AppError(reason, 'It is canceled, and what was canceled is never delivered. Its name is free: create it anew.')
}
