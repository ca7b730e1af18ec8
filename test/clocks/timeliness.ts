import type { ReceivedCall } from '../support/owner.ts'
import type { SteppedClock } from '../support/steppedClock.ts'

/** A request takes no longer than this to the owner: what was sent before a step comes at most so much after it. */
const onTheWayMs = 500

/** What is due is delivered within this, also where a step of the clock has made it due: "about a second". */
export const promptMs = 1500

/** When a call came, as the service's own clock had it; undefined where that had never shown the moment it was due. */
export interface Timeliness {
  /** Since the clock first showed that moment, and went on to for long enough. */
  readonly overdueMs: number
  /** A step has made it due, rather than the course of time. */
  readonly byStep: boolean
}

interface Span {
  readonly from: number
  readonly to: number
  readonly byStep: boolean
}

/** The spans of real time, from `since` on, in which a clock shows `due` or later. */
function spansOf({ eras }: Pick<SteppedClock, 'eras'>, due: number, since: number): Span[] {
  const spans: Span[] = []
  for (const [index, { from: begin, aheadMs }] of eras.entries()) {
    const to = eras[index + 1]?.settledAt ?? Number.POSITIVE_INFINITY
    const reached = due - aheadMs
    const from = Math.max(begin, reached, since)
    if (from >= to) continue
    const last = spans.at(-1)
    if (last !== undefined && last.to >= from) spans[spans.length - 1] = { ...last, to }
    else spans.push({ from, to, byStep: from === begin })
  }
  return spans
}

/** @param since when the service was told, or has decided, that it is due then, by this process's clock */
export function timelinessOf(clock: Pick<SteppedClock, 'eras'>, call: ReceivedCall, since: number): Timeliness | undefined {
  const span = spansOf(clock, dueOf(call), since).find(
    ({ from, to }) => call.receivedAt >= from && (call.receivedAt < to + onTheWayMs || to - from >= promptMs),
  )
  return span && { overdueMs: call.receivedAt - span.from, byStep: span.byStep }
}

/** Whether the request says that it was sent when it was, by a clock that was set as this one. */
export function livesBy({ eras }: Pick<SteppedClock, 'eras'>, { receivedAt, headers }: ReceivedCall): boolean {
  const sentAt = Number(headers['webhook-timestamp']) * 1000
  return eras.some(({ from, aheadMs }, index) => {
    const to = eras[index + 1]?.from ?? Number.POSITIVE_INFINITY
    const isInForce = receivedAt >= from && receivedAt < to + onTheWayMs
    return isInForce && Math.abs(receivedAt + aheadMs - sentAt) < 1000 + onTheWayMs
  })
}

/** The moment of this attempt, by the service's clock. */
export function dueOf({ headers }: Pick<ReceivedCall, 'headers'>): number {
  return Date.parse(headers['schedule-due-at'] ?? '')
}
