// What the owner may count on.
import { deliveryDeadlineMs } from '../../../src/domain/lifecycle.ts'
import type { Schedule, WakeUp } from '../../../src/domain/schedule.ts'
import type { History } from '../history.ts'
import type { Change } from '../store.ts'
import { claimOf, type Life } from './life.ts'

/** By the clock of whoever called, and by the record that it went by. */
export function neverEarly({ calls, told, changes, id }: Life): string[] {
  const soon = calls.flatMap(({ wall, call }) => (wall < call.dueAt ? [`${id} by ${call.dueAt - wall} ms`] : []))
  const sooner = told.flatMap(({ answer, at }) => {
    if (answer.kind === 'set running' || answer.kind === 'canceled') return []
    const { version, at: moment } = answer.schedule
    return calls.flatMap((received) => {
      const basis = claimOf(received, changes)?.previous
      if (received.at <= at || basis === undefined || basis.version < version || received.call.dueAt >= moment) return []
      return wasMoved(changes, id, version, basis) ? [] : [`${id} v${version} by ${moment - received.call.dueAt} ms`]
    })
  })
  return [...soon, ...sooner]
}

/** Whether a `run` has made it due ahead of its moment, or a later change has set another one. */
function wasMoved(changes: readonly Change[], id: string, since: number, basis: Schedule): boolean {
  return changes.some(({ next }) => {
    if (next?.id !== id || next.version < since || next.version > basis.version) return false
    const isRun = next.dueAt !== null && next.dueAt < next.at
    return isRun || next.at < (changes.find((change) => change.next?.version === since)?.next?.at ?? 0)
  })
}

export function attemptsOnce({ calls, id }: Life): string[] {
  const numbers = calls.map(({ call }) => call.attempt)
  return numbers.length === new Set(numbers).size ? [] : [`${id} attempts ${numbers.join(', ')}`]
}

export function ownData({ calls, changes, id }: Life): string[] {
  return calls.flatMap((received) => {
    const { call, at } = received
    const claim = claimOf(received, changes)
    const basis = claim?.previous
    const isOwn = claim !== undefined && claim.at <= at && basis?.content === call.content && keyOf(basis) === keyOf(call)
    return isOwn ? [] : [`${id} attempt ${call.attempt}`]
  })
}

function keyOf({ application, name, id }: WakeUp): string {
  return `${application}/${name}/${id}`
}

/** In true time. Clocks that disagree, and processes that stand still, can make a lease seem over that is not: so it is documented. */
export function oneAtATime({ calls, id }: Life, { troubles }: History): string[] {
  if (troubles.has('clockStep') || troubles.has('suspension')) return []
  return calls.slice(1).flatMap(({ at, call }, index) => {
    const before = calls[index]
    return before !== undefined && (before.endedAt ?? Number.POSITIVE_INFINITY) > at
      ? [`${id} attempts ${before.call.attempt} and ${call.attempt}`]
      : []
  })
}

/** By the clock of whoever called: an answer that may still come must not meet the next attempt. */
export function exchangesFit({ calls, changes, id }: Life): string[] {
  return calls.flatMap((received) => {
    const leaseEnd = claimOf(received, changes)?.next?.dueAt ?? 0
    const overMs = received.wall + deliveryDeadlineMs - leaseEnd
    return overMs > 0 ? [`${id} attempt ${received.call.attempt}, by ${overMs} ms`] : []
  })
}

export function neverAfterDelivery({ calls, changes, id }: Life): string[] {
  return calls.flatMap((received) => {
    const claimed = claimOf(received, changes)?.next?.version ?? 0
    const isOver = changes.some(
      ({ at, next }) => at < received.at && next?.id === id && next.status === 'delivered' && next.version > claimed,
    )
    return isOver ? [`${id} attempt ${received.call.attempt}`] : []
  })
}

/** A place for the delivery, two writes and a timer: no more. */
const punctualMs = 60

/** Owners may be as troublesome as they like, as long as there are places. */
export function punctual({ calls, changes, id }: Life, { troubles, setting }: History): string[] {
  if ([...troubles.keys()].some((kind) => kind !== 'ownerTrouble') || setting.maxConcurrentDeliveries < 64) return []
  return calls.flatMap((received) => {
    const basis = claimOf(received, changes)?.previous
    const writtenAt = changes.find(({ next }) => next === basis)?.at ?? 0
    const lateMs = received.wall - Math.max(received.call.dueAt, writtenAt)
    return lateMs > punctualMs ? [`${id} is ${lateMs} ms late`] : []
  })
}
