import { AppError } from '../domain/errors.ts'
import { reschedule } from '../domain/lifecycle.ts'
import type { Clock, Observer, Owner, ScheduleStore, Trigger } from '../domain/ports.ts'
import type { Content, Schedule } from '../domain/schedule.ts'
import { momentOf, refuseExpired, type When } from './moment.ts'
import { type Expected, refuseUnexpected } from './precondition.ts'
import { notFound } from './readSchedule.ts'
import { refuseTarget } from './target.ts'

/** What is undefined stays as it is. */
export interface ChangeRequest {
  readonly application: string
  readonly name: string
  readonly when: When | undefined
  /** Counted from its moment; null: never. */
  readonly expiresAfterMs: number | null | undefined
  readonly content: Partial<Content>
  readonly isExpected: Expected
}

interface Dependencies {
  readonly store: ScheduleStore
  readonly trigger: Trigger
  readonly owner: Pick<Owner, 'allows'>
  readonly clock: Clock
  readonly observer: Observer
}

/**
 * Changes when, where or with what a schedule is delivered, while it is scheduled.
 *
 * @throws AppError `not_found`, `precondition_failed`, `being_delivered`, `already_finished`, `invalid_request`,
 *   `target_not_allowed`; `too_many_requests` and `unavailable` where its wake-up cannot be asked for: then it is as it was
 */
export function makeChangeSchedule({ store, trigger, owner, clock, observer }: Dependencies) {
  return async function changeSchedule({ application, name, when, expiresAfterMs, content, isExpected }: ChangeRequest): Promise<Schedule> {
    if (content.target !== undefined) refuseTarget(owner, application, content.target.url)
    for (;;) {
      const previous = await store.get(application, name)
      if (previous === undefined) throw notFound()
      refuseUnexpected(previous, isExpected)
      const now = clock.now()
      const change = { when: when && momentOf(when, now), expiresAfterMs, content: Object.keys(content).length === 0 ? undefined : content }
      const move = reschedule(previous, change, now)
      if (move.kind === 'refused') throw refusal(move.reason, previous)
      refuseExpired(move.schedule.expiresAt, now)
      if (await store.replace(previous, move.schedule)) {
        await armInstead(previous, move.schedule)
        return move.schedule
      }
      // Something moved between the two, a claim perhaps: the record as it is now decides.
    }
  }

  /** A crash in here leaves the new moment without a wake-up: overdue, it is found; and the old one's finds it moved. */
  async function armInstead(previous: Schedule, next: Schedule): Promise<void> {
    try {
      await trigger.arm(next)
    } catch (error) {
      await restore(previous, next)
      throw error
    }
    await trigger.disarm(previous)
  }

  /**
   * The caller is told that it failed, so everything is made as it was. Only the version goes on: whoever has read the
   * change must not take another one for it; and the arming: whoever held the record as it was will drop it.
   */
  async function restore(previous: Schedule, next: Schedule): Promise<void> {
    const restored = { ...previous, version: next.version + 1, arming: next.arming + 1 }
    try {
      // Where the wake-up that it had has not come yet, that one is enough.
      if (await store.replace(next, restored)) await trigger.arm(restored).catch(() => undefined)
    } catch (error) {
      observer.failed('a change that failed could not be taken back either, and holds', error, next)
    }
  }
}

function refusal(reason: 'being_delivered' | 'already_finished', { status }: Schedule): AppError {
  return reason === 'being_delivered'
    ? new AppError(
        reason,
        'It is being delivered right now, so it cannot be changed. Where that fails, it can be, before the next attempt.',
      )
    : new AppError(reason, `It is ${status} already, so it cannot be changed. Its name is free: create it anew.`)
}
