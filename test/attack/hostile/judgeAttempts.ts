import type { ScheduleBody } from '../../support/api.ts'
import type { HostileOwner } from './servers.ts'

const deadlineMs = 15_000
/** The deadline is a timer on an event loop that has a siege to serve besides; the owner contract gives it as much. */
const toleranceMs = 500

/** What of these schedules, each of which has been tried once, is not as README promises. */
export function judgeAttempts(owner: HostileOwner, schedules: readonly ScheduleBody[], expectedCount: number): string[] {
  const problems = schedules.flatMap((schedule) => judge(owner, schedule).map((problem) => `${schedule.name}: ${problem}`))
  if (schedules.length !== expectedCount) problems.push(`${schedules.length} of ${expectedCount} schedules are there`)
  return problems.map((problem) => `"${owner.title}": ${problem}`)
}

function judge({ expected }: HostileOwner, { id, status, nextAttemptAt, attempts }: ScheduleBody): string[] {
  const [attempt] = attempts
  if (attempt === undefined || attempts.length !== 1) return [`${status} after ${attempts.length} attempts, where one should have ended`]
  const { outcome, statusCode, durationMs, error = '', responseBody = '' } = attempt
  const shown = JSON.stringify({ ...attempt, responseBody: responseBody.slice(0, 40) })
  const checks: Readonly<Record<string, boolean>> = {
    [`not ended by the deadline of ${deadlineMs} ms`]: durationMs <= deadlineMs + toleranceMs,
    [`waited for less than ${expected.atLeastMs} ms`]: durationMs >= (expected.atLeastMs ?? 0) - 1,
    [`not ${expected.outcome}`]: expected.outcome.split(' or ').includes(outcome),
    [`a status code that is not ${expected.statusCode}`]: expected.statusCode === undefined || statusCode === expected.statusCode,
    [`an error that is not ${expected.error}`]: expected.error?.test(error) ?? true,
    [`an answer that is not ${expected.responseBody}`]: expected.responseBody?.test(responseBody) ?? true,
    "another request's answer": expected.isOwnAnswer !== true || responseBody === (outcome === 'delivered' ? id : ''),
    'to be tried again, and nobody knows when':
      outcome !== 'retry' || (status === 'scheduled' && !Number.isNaN(Date.parse(nextAttemptAt ?? ''))),
  }
  return Object.entries(checks).flatMap(([problem, isFine]) => (isFine ? [] : [`${problem}: ${shown}`]))
}
