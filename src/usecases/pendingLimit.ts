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
  holdsFor(application: string): boolean
}

interface Dependencies {
  readonly store: Pick<ScheduleStore, 'counts'>
  readonly applications: Pick<Applications, 'get'>
}

/** Those who add schedules of one application at the same time: they share what room there was when the first of them came. */
interface Group {
  room: number
  adding: number
  /** Resolves when all of them have ended, so that the store's count is true again. */
  readonly ended: Promise<void>
  readonly end: () => void
}

/** An application without a limit costs nothing; one with a limit, a count for all that come together. */
export function makePendingLimit({ store, applications }: Dependencies): PendingLimit {
  const groups = new Map<string, Promise<Group>>()

  async function openGroup(application: string, limit: number): Promise<Group> {
    const { scheduled = 0, delivering = 0 } = await store.counts(application)
    const room = limit - scheduled - delivering
    // Nobody else is to join it.
    if (room <= 0) throw tooMany(limit)
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    return { room, adding: 0, ended, end }
  }

  async function addWithin<T>(limit: number, application: string, add: () => Promise<T>): Promise<T> {
    for (;;) {
      let opening = groups.get(application)
      if (opening === undefined) {
        opening = openGroup(application, limit)
        groups.set(application, opening)
        opening.catch(() => groups.delete(application))
      }
      const group = await opening
      if (group.room > 0) return addAsOneOf(group, application, add)
      // Of those who took the last of the room, some may have added nothing in the end.
      await group.ended
    }
  }

  async function addAsOneOf<T>(group: Group, application: string, add: () => Promise<T>): Promise<T> {
    group.room--
    group.adding++
    try {
      return await add()
    } finally {
      group.adding--
      if (group.adding === 0) {
        groups.delete(application)
        group.end()
      }
    }
  }

  return {
    holdsFor: (application) => applications.get(application)?.maxPendingSchedules !== undefined,

    within(application, add) {
      const limit = applications.get(application)?.maxPendingSchedules
      return limit === undefined ? add() : addWithin(limit, application, add)
    },
  }
}

function tooMany(limit: number): AppError {
  return new AppError('too_many_pending', `The application has ${limit} unfinished schedules, and may not have more at once.`, {
    retryAfterSeconds: 60,
  })
}
