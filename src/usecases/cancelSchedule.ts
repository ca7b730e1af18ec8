import { AppError } from '../domain/errors.ts'
import { cancel } from '../domain/lifecycle.ts'
import type { Clock, Observer, ScheduleStore, Trigger } from '../domain/ports.ts'
import type { Schedule } from '../domain/schedule.ts'
import { notFound } from './readSchedule.ts'

interface Dependencies {
  readonly store: ScheduleStore
  readonly trigger: Trigger
  readonly clock: Clock
  readonly observer: Observer
  readonly retentionMs: number
}

/**
 * Cancels a schedule: once this has answered, it is never delivered. Answers the same when asked again.
 *
 * @throws AppError `not_found`, `being_delivered`, `already_finished`, `unavailable`
 */
export function makeCancelSchedule({ store, trigger, clock, observer, retentionMs }: Dependencies) {
  return async function cancelSchedule(application: string, name: string): Promise<Schedule> {
    for (;;) {
      const previous = await store.get(application, name)
      if (previous === undefined) throw notFound()
      const cancellation = cancel(previous, clock.now(), retentionMs)
      if (cancellation.kind === 'already_canceled') {
        // Whoever canceled it may have died before taking the wake-up back.
        await disarm(previous)
        return previous
      }
      if (cancellation.kind === 'refused') throw refusal(cancellation.reason, previous)
      if (await store.replace(previous, cancellation.schedule)) {
        // A crash here leaves a wake-up behind, which will find the record canceled.
        await disarm(previous)
        return cancellation.schedule
      }
      // Something moved between the two, a claim perhaps: the record as it is now decides.
    }
  }

  async function disarm(schedule: Schedule): Promise<void> {
    try {
      await trigger.disarm(schedule)
    } catch (error) {
      observer.failed('the wake-up of a canceled schedule could not be taken back', error, schedule)
    }
  }
}

function refusal(reason: 'being_delivered' | 'already_finished', { status }: Schedule): AppError {
  return reason === 'being_delivered'
    ? new AppError(reason, 'It is being delivered right now, so it cannot be canceled.')
    : new AppError(reason, `It is ${status} already, so there is nothing left to cancel.`)
}
