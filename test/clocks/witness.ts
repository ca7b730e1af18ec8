import type { ReceivedCall } from '../support/owner.ts'
import type { SteppedClock } from '../support/steppedClock.ts'
import { livesBy, promptMs, type Timeliness, timelinessOf } from './timeliness.ts'

/** No exchange is given more time than this, nor less. */
const deadlineMs = 15_000

/** What a machine that is busy may add to a duration. */
const slackMs = 500

/** What is under test: the clock that the service lives by, and what its owner was sent. */
export interface Seen {
  readonly clock: Pick<SteppedClock, 'eras'>
  readonly calls: readonly ReceivedCall[]
  /** When each was told its moment, by this process's clock and by name. */
  readonly toldAt: ReadonlyMap<string, number>
  /** How late a first attempt may be. */
  readonly promptMs?: number
}

export interface Judged {
  /** How long after a step each came that it had made due, and how late the others were, in order. */
  readonly afterSteps: number[]
  readonly late: number[]
  readonly violations: string[]
}

/** Judges when calls came: none early, and each promptly once the service's clock showed its moment. */
export function judgeCalls({ clock, calls, toldAt, promptMs: limitMs = promptMs }: Seen): Judged {
  const violations: string[] = []
  const timely: Timeliness[] = []
  const attemptedAt = new Map<string, number>()
  for (const call of calls) {
    const { 'schedule-name': name = '', 'webhook-id': id = '', 'schedule-attempt': attempt, 'schedule-due-at': due } = call.headers
    const what = `${name}, attempt ${attempt}, due at ${due}, which came at ${new Date(call.receivedAt).toISOString()}`
    if (!livesBy(clock, call)) violations.push(`the service does not live by the clock that was set: ${what}`)
    const seen = timelinessOf(clock, call, attemptedAt.get(id) ?? toldAt.get(name) ?? 0)
    if (seen === undefined) violations.push(`early: ${what}`)
    else if (seen.overdueMs > limitMs) violations.push(`${seen.overdueMs} ms after the clock showed its moment: ${what}`)
    else timely.push(seen)
    attemptedAt.set(id, call.receivedAt)
  }
  const sorted = (byStep: boolean): number[] =>
    timely
      .filter((each) => each.byStep === byStep)
      .map(({ overdueMs }) => overdueMs)
      .toSorted((a, b) => a - b)
  return { afterSteps: sorted(true), late: sorted(false), violations }
}

/** As much of a schedule as its attempts. */
interface Attempted {
  readonly name: string
  readonly attempts: readonly { readonly outcome: string; readonly latenessMs: number; readonly durationMs: number }[]
}

/** What no attempt can be. An interrupted one has no duration of its own. */
export function impossibleAttempts(schedules: readonly Attempted[]): string[] {
  return schedules.flatMap(({ name, attempts }) =>
    attempts
      .filter(
        ({ outcome, latenessMs, durationMs }) =>
          latenessMs < 0 || durationMs < 0 || (outcome !== 'interrupted' && durationMs > deadlineMs + slackMs),
      )
      .map((attempt) => `an attempt that cannot be: ${name}: ${JSON.stringify(attempt)}`),
  )
}

/** How often something came that should have come so many times, or up to so many. */
export function miscounted(
  calls: readonly ReceivedCall[],
  names: readonly string[],
  [least, most]: readonly [least: number, most: number],
): string[] {
  const counts = Map.groupBy(calls, ({ headers }) => headers['schedule-name'] ?? '')
  return names
    .map((name) => ({ name, count: counts.get(name)?.length ?? 0 }))
    .filter(({ count }) => count < least || count > most)
    .map(
      ({ name, count }) =>
        `${count === 0 ? 'lost' : 'miscounted'}: ${name} came ${count} times, not ${least}${most > least ? ` to ${most}` : ''}`,
    )
}

/** Whether an exchange took as long as its owner did, whatever the clock was set to meanwhile. */
export function isAsLongAs(durationMs: number, ownersMs: number): boolean {
  return Math.abs(durationMs - ownersMs) <= slackMs
}

/** As it is shown: how many, the middle one and the last. */
export function spread(values: readonly number[]): string {
  return values.length === 0 ? 'none' : `${values.length}, p50 ${values[values.length >> 1]} ms, max ${values.at(-1)} ms`
}
