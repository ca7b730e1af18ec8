import { AppError } from '../domain/errors.ts'
import type { Schedule } from '../domain/schedule.ts'

/** Whether the record is one that the caller has seen; undefined: the caller does not mind. */
export type Expected = ((schedule: Schedule) => boolean) | undefined

/** @throws AppError `precondition_failed` */
export function refuseUnexpected(schedule: Schedule, isExpected: Expected): void {
  if (isExpected === undefined || isExpected(schedule)) return
  throw new AppError('precondition_failed', 'It has changed since it was read: it is not what If-Match names. Read it again.')
}
