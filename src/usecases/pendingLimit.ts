import type { Applications } from '../domain/application.ts'
import { AppError } from '../domain/errors.ts'
import type { ScheduleStore } from '../domain/ports.ts'

/** Keeps applications from having more unfinished schedules than they may. */
export interface PendingLimit {
  /**
   * Does what adds a schedule, if there is room for one.
   *
   * @throws AppError `too_many_pending`
   */
  within<T>(application: string, add: () => Promise<T>): Promise<T>
}

interface Dependencies {
  readonly store: Pick<ScheduleStore, 'counts'>
  readonly applications: Pick<Applications, 'get'>
}

/**
 * The store counts what is there; what is being added just now is counted here, so that many at once do not all find the
 * last place free. An application without a limit costs nothing.
 */
export function makePendingLimit({ store, applications }: Dependencies): PendingLimit {
  const beingAdded = new Map<string, number>()

  async function refuseTooMany(application: string, limit: number, ahead: number): Promise<void> {
    const { scheduled = 0, delivering = 0 } = await store.counts(application)
    if (scheduled + delivering + ahead < limit) return
    throw new AppError('too_many_pending', `The application has ${limit} unfinished schedules, and may not have more at once.`, {
      retryAfterSeconds: 60,
    })
  }

  return {
    within(application, add) {
      const limit = applications.get(application)?.maxPendingSchedules
      return limit === undefined ? add() : addWithin(limit, application, add)
    },
  }

  async function addWithin<T>(limit: number, application: string, add: () => Promise<T>): Promise<T> {
    const ahead = beingAdded.get(application) ?? 0
    beingAdded.set(application, ahead + 1)
    try {
      await refuseTooMany(application, limit, ahead)
      return await add()
    } finally {
      beingAdded.set(application, (beingAdded.get(application) ?? 1) - 1)
    }
  }
}
