// What callers may count on, once they have been told something.
import type { Schedule } from '../../../src/domain/schedule.ts'
import type { History } from '../history.ts'
import type { Received } from '../owner.ts'
import { claimOf, type Life } from './life.ts'

function isAcknowledged({ told }: Life): boolean {
  return told.some(({ answer }) => answer.kind === 'created')
}

function lastOf({ id, changes }: Life): Schedule | undefined {
  const last = changes.at(-1)
  if (last?.next?.id === id) return last.next
  return last?.previous
}

export function acknowledgedEnds(life: Life): string[] {
  const last = lastOf(life)
  const isReplaced = life.changes.at(-1)?.next !== undefined && life.changes.at(-1)?.next?.id !== life.id
  if (!isAcknowledged(life) || isReplaced || last?.dueAt === null) return []
  return [`${life.id} is ${last?.status} at the end`]
}

/** Only a request that says so may take the place of what is scheduled, and nothing may remove it. */
export function nothingTakenBack(life: Life, { callers, store }: History): string[] {
  const firstTold = Math.min(...life.told.map(({ at }) => at))
  return life.changes.flatMap(({ at, previous, next }) => {
    if (at < firstTold || previous?.id !== life.id || next?.id === life.id || previous.dueAt === null) return []
    if (next !== undefined && wasRemoved(next.id, store)) return [`${life.id} was replaced by ${next.id}, which was taken back`]
    const isWanted = next !== undefined && asksToReplace(callers, next.requestDigest)
    return isWanted ? [] : [`${life.id} v${previous.version} was ${next === undefined ? 'removed' : `replaced by ${next.id}`}`]
  })
}

function asksToReplace({ wishes }: History['callers'], digest: string): boolean {
  return wishes.some((wish) =>
    (wish.kind === 'create' ? [wish.request] : wish.kind === 'createTogether' ? wish.requests : []).some(
      (request) => request.ifExists === 'replace' && request.digest === digest,
    ),
  )
}

function wasRemoved(id: string, { changes }: History['store']): boolean {
  return changes.some(({ previous, next }) => previous?.id === id && previous.dueAt !== null && next === undefined)
}

/** Nor is one under way then, where no process stands still: of one that does nobody knows when its exchange has ended. */
export function neverAfterCancel({ told, calls, changes, id }: Life, { troubles }: History): string[] {
  // Of many that are canceled by a prefix nobody is told one by one.
  const canceled = changes.flatMap(({ at, next }) => (next?.id === id && next.status === 'canceled' ? [at] : []))
  const confirmed = told.flatMap(({ answer, at }) => (answer.kind === 'canceled' ? [at] : []))
  return [...canceled, ...confirmed].flatMap((at) => {
    const isAfter = (call: Received): boolean => call.at > at || (!troubles.has('suspension') && (call.endedAt ?? call.at) > at)
    return calls.filter(isAfter).map(({ call, at: calledAt }) => `${id} attempt ${call.attempt}, ${calledAt - at} ms after`)
  })
}

export function neverAsBeforeChange({ told, calls, changes, id }: Life): string[] {
  return told.flatMap(({ answer, at }) => {
    if (answer.kind !== 'changed') return []
    const { version } = answer.schedule
    return calls.flatMap((call) => {
      const claimed = claimOf(call, changes)?.next
      return call.at > at && (claimed === undefined || claimed.version <= version) ? [`${id} v${claimed?.version} after v${version}`] : []
    })
  })
}

/** And none is made anew where the earlier one is still there. */
export function repeatsAreSame({ told, changes, id }: Life, { callers }: History): string[] {
  const others = told.flatMap(({ answer }) => {
    if (answer.kind !== 'created' || answer.request.ifExists === 'keep') return []
    return answer.schedule.requestDigest === answer.request.digest ? [] : [`${id} for request ${answer.request.digest}`]
  })
  const again = changes.flatMap(({ previous, next }) => {
    const isAgain = next?.id === id && previous !== undefined && previous.id !== id && previous.requestDigest === next.requestDigest
    return isAgain && next.version === 1 && !asksToReplace(callers, next.requestDigest) ? [`${id} instead of ${previous.id}`] : []
  })
  return [...others, ...again]
}

export function runIsCalled(life: Life): string[] {
  return life.told.flatMap(({ answer, sentAt }) => {
    if (answer.kind !== 'set running') return []
    const isCalled = life.calls.some(({ at }) => at >= sentAt)
    const isOtherwiseOver = life.changes.some(
      ({ previous, next }) =>
        previous?.id === life.id &&
        previous.version >= answer.schedule.version &&
        (next?.id !== life.id || next.status === 'canceled' || next.status === 'expired' || next.at !== previous.at),
    )
    return isCalled || isOtherwiseOver ? [] : [life.id]
  })
}
