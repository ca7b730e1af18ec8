// What holds of the records, whoever changes them.
import { moves } from '../../../src/domain/lifecycle.ts'
import type { Schedule, Status } from '../../../src/domain/schedule.ts'
import type { Life } from './life.ts'

export function deliveredReached({ changes, calls, id }: Life): string[] {
  return changes.flatMap(({ previous, next }) => {
    if (next?.id !== id || next.status !== 'delivered' || previous?.status !== 'delivering') return []
    const call = calls.find(({ call }) => call.attempt === previous.attemptCount)
    return call?.verdict === 'delivered' ? [] : [`${id} attempt ${previous.attemptCount}`]
  })
}

export function leasesHold({ changes, id }: Life): string[] {
  return changes.flatMap(({ previous, next }) => {
    if (previous?.id !== id || previous.status !== 'delivering' || next?.status !== 'delivering') return []
    const claimedAt = next.delivery?.claimedAt ?? 0
    return previous.dueAt !== null && claimedAt < previous.dueAt ? [`${id} v${next.version}`] : []
  })
}

/** Those whose end was written down, since the last time that it was run anew. */
export function withinPolicy({ changes, calls, id }: Life): string[] {
  let tries = 0
  return changes.flatMap(({ previous, next }) => {
    if (next?.id !== id) return []
    if (previous?.id === id && previous.dueAt === null) tries = 0
    if (previous?.status !== 'delivering' || next.status === 'delivering') return []
    const verdict = calls.find(({ call }) => call.attempt === previous.attemptCount)?.verdict
    if (verdict === 'retry') tries++
    const { maxAttempts } = next.content.retry
    if (tries > maxAttempts) return [`${id} is tried for the ${tries}th time of ${maxAttempts}`]
    const mayFail = verdict === 'gone' || tries === maxAttempts
    return next.status === 'failed' && !mayFail ? [`${id} has failed after ${tries} tries of ${maxAttempts}`] : []
  })
}

export function onlyMoves({ changes, id }: Life): string[] {
  return changes.flatMap(({ previous, next }) => {
    if (previous === undefined || next === undefined || next.id !== id) return []
    if (previous.id !== next.id) return previous.status === 'delivering' ? [`${previous.id} was replaced while it was delivered`] : []
    // What a dead process has left is scheduled again before it expires, in one write.
    const allowed: readonly Status[] = previous.status === 'delivering' ? [...moves.delivering, ...moves.scheduled] : moves[previous.status]
    return allowed.includes(next.status) ? [] : [`${id} from ${previous.status} to ${next.status}`]
  })
}

/** Else an ETag could name two contents. */
export function versionsAreUnique({ changes, id }: Life): string[] {
  const contents = new Map<number, Schedule>()
  return changes.flatMap(({ next }) => {
    if (next?.id !== id) return []
    const known = contents.get(next.version)
    contents.set(next.version, next)
    return known === undefined || known === next ? [] : [`${id} v${next.version}`]
  })
}
