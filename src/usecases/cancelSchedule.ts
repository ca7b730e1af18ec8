import { AppError } from '../domain/errors.ts'
import { cancel } from '../domain/lifecycle.ts'
import type { Clock, ScheduleStore, Trigger } from '../domain/ports.ts'
import type { Schedule } from '../domain/schedule.ts'
import { eachOf } from './eachOf.ts'
import { type Expected, refuseUnexpected } from './precondition.ts'
import { notFound } from './readSchedule.ts'

interface Dependencies {
  readonly store: ScheduleStore
  readonly trigger: Trigger
  readonly clock: Clock
  readonly retentionMs: number
}

/** So many are read, and so many of them canceled at once, where a prefix names many. */
const pageSize = 500
const cancelsAtOnce = 50

export interface Canceling {
  /**
   * Cancels a schedule: once this has answered, it is never delivered. Answers the same when asked again.
   *
   * @throws AppError `not_found`, `precondition_failed`, `being_delivered`, `already_finished`, `unavailable`
   */
  cancelSchedule(application: string, name: string, isExpected?: Expected): Promise<Schedule>
  /**
   * Cancels all that are scheduled and whose name begins like this. Asked again after it has failed, it goes on.
   *
   * @returns how many it has canceled, and how many there were that were not scheduled
   * @throws AppError `unavailable`
   */
  cancelSchedules(application: string, namePrefix: string): Promise<Canceled>
}

export interface Canceled {
  readonly canceled: number
  readonly skipped: number
}

export function makeCanceling({ store, trigger, clock, retentionMs }: Dependencies): Canceling {
  async function cancelSchedule(application: string, name: string, isExpected?: Expected): Promise<Schedule> {
    for (;;) {
      const previous = await store.get(application, name)
      if (previous === undefined) throw notFound()
      const cancellation = cancel(previous, clock.now(), retentionMs)
      if (cancellation.kind === 'already_canceled') {
        // Whoever canceled it may have died before taking the wake-up back.
        await trigger.disarm(previous)
        return previous
      }
      // Not before: whoever repeats itself names what it was before the first time.
      refuseUnexpected(previous, isExpected)
      if (cancellation.kind === 'refused') throw refusal(cancellation.reason, previous)
      if (await store.replace(previous, cancellation.schedule)) {
        // A crash here leaves a wake-up behind, which will find the record canceled.
        await trigger.disarm(previous)
        return cancellation.schedule
      }
      // Something moved between the two, a claim perhaps: the record as it is now decides.
    }
  }

  /** Whether it was this that has canceled it. */
  async function cancelIfScheduled(listed: Schedule): Promise<boolean> {
    for (let previous: Schedule | undefined = listed; previous?.status === 'scheduled'; ) {
      const cancellation = cancel(previous, clock.now(), retentionMs)
      if (cancellation.kind === 'moved' && (await store.replace(previous, cancellation.schedule))) {
        await trigger.disarm(previous)
        return true
      }
      previous = await store.get(listed.application, listed.name)
    }
    return false
  }

  async function cancelSchedules(application: string, namePrefix: string): Promise<Canceled> {
    let canceled = 0
    let skipped = 0
    for (let after: string | undefined; ; ) {
      const page = await store.list({ application, namePrefix, limit: pageSize, after })
      for (const result of await eachOf(page.items, cancelsAtOnce, cancelIfScheduled)) {
        if (result.status === 'rejected') throw result.reason
        if (result.value) canceled++
        else skipped++
      }
      if (page.next === undefined) return { canceled, skipped }
      after = page.next
    }
  }

  return { cancelSchedule, cancelSchedules }
}

function refusal(reason: 'being_delivered' | 'already_finished', { status }: Schedule): AppError {
  return reason === 'being_delivered'
    ? new AppError(reason, 'It is being delivered right now, so it cannot be canceled.')
    : new AppError(reason, `It is ${status} already, so there is nothing left to cancel.`)
}
