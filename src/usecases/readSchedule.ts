import { AppError } from '../domain/errors.ts'
import type { ScheduleStore } from '../domain/ports.ts'
import type { Schedule } from '../domain/schedule.ts'

/** @throws AppError `not_found`, `unavailable` */
export function makeReadSchedule({ store }: { readonly store: ScheduleStore }) {
  return async function readSchedule(application: string, name: string): Promise<Schedule> {
    const schedule = await store.get(application, name)
    if (schedule === undefined) throw notFound()
    return schedule
  }
}

/** The same for another application's schedule and for one that never was: not even the name is repeated. */
export function notFound(): AppError {
  return new AppError('not_found', 'There is no schedule of this name.')
}
