import type { Static } from 'typebox'
import type { Attempt, Schedule } from '../domain/schedule.ts'
import { formatInstant, formatLocalTime, isTimeZone } from '../domain/time.ts'
import { parseExact } from './jsonText.ts'
import type { Attempt as AttemptResource, Schedule as ScheduleResource } from './schemas/schedule.ts'

/** A record as callers see it. */
export function toResource(schedule: Schedule): Static<typeof ScheduleResource> {
  const { content, status, dueAt, expiresAt, finishedAt } = schedule
  return {
    name: schedule.name,
    id: schedule.id,
    application: schedule.application,
    status,
    at: formatInstant(schedule.at),
    ...localTimeOf(schedule),
    target: content.target,
    ...(content.payload === null ? {} : { payload: parseExact(content.payload) }),
    retry: content.retry,
    ...(expiresAt === null ? {} : { expiresAt: formatInstant(expiresAt) }),
    // What is due when it expires is not attempted any more.
    ...(status === 'scheduled' && dueAt !== null && dueAt !== expiresAt ? { nextAttemptAt: formatInstant(dueAt) } : {}),
    createdAt: formatInstant(schedule.createdAt),
    updatedAt: formatInstant(schedule.updatedAt),
    ...(finishedAt === null ? {} : { finishedAt: formatInstant(finishedAt) }),
    attempts: schedule.attempts.map(toAttemptResource),
  }
}

/** A machine may know fewer zones than the one that the schedule was created on. */
function localTimeOf({ at, timeZone }: Schedule): { timeZone?: string; localTime?: string } {
  if (timeZone === null) return {}
  return isTimeZone(timeZone) ? { timeZone, localTime: formatLocalTime(at, timeZone) } : { timeZone }
}

function toAttemptResource({
  number,
  dueAt,
  startedAt,
  durationMs,
  outcome,
  statusCode,
  error,
  responseBody,
}: Attempt): Static<typeof AttemptResource> {
  return {
    number,
    dueAt: formatInstant(dueAt),
    startedAt: formatInstant(startedAt),
    latenessMs: startedAt - dueAt,
    durationMs,
    outcome,
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(error === undefined ? {} : { error }),
    ...(responseBody === undefined ? {} : { responseBody }),
  }
}
