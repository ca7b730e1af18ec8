import { AppError } from '../../src/domain/errors.ts'
import { deliveryDeadlineMs, moves } from '../../src/domain/lifecycle.ts'
import type { Schedule, Status, WakeUp } from '../../src/domain/schedule.ts'
import type { Answer, Told } from './callers.ts'
import { SimulatedFault } from './faults.ts'
import type { History } from './history.ts'
import type { Received } from './owner.ts'
import type { Change } from './store.ts'

/** A history as the checks look at it: by incarnation. */
interface Life {
  readonly id: string
  /** Every change that had to do with it, in order. */
  readonly changes: readonly Change[]
  readonly calls: readonly Received[]
  readonly told: readonly (Told & { readonly answer: Extract<Answer, { schedule: Schedule }> })[]
}

type Check = (life: Life, history: History) => readonly string[]

/** What was broken in a history, in words; nothing where all is well. */
export function brokenPromises(history: History): string[] {
  const lives = livesOf(history)
  return [
    ...Object.entries(checks).flatMap(([promise, check]) => {
      return lives.flatMap((life) => check(life, history).map((what) => `${promise}: ${what}`))
    }),
    ...bugs(history),
  ]
}

const checks: Readonly<Record<string, Check>> = {
  'what is acknowledged ends': acknowledgedEnds,
  'nothing acknowledged is taken back': nothingTakenBack,
  'what is delivered has reached the owner': deliveredReached,
  'never early': neverEarly,
  'never after a confirmed cancel': neverAfterCancel,
  'never with what a confirmed change has replaced': neverAsBeforeChange,
  'never after it was delivered': neverAfterDelivery,
  'each attempt is made once': attemptsOnce,
  "only with this incarnation's data": ownData,
  'one attempt at a time': oneAtATime,
  'no claim while a lease lives': leasesHold,
  'no exchange outlives its lease': exchangesFit,
  'no more attempts than the policy allows': withinPolicy,
  'only moves that there are': onlyMoves,
  'a version is one content': versionsAreUnique,
  'a repeated request is the same schedule': repeatsAreSame,
  'what is run is called': runIsCalled,
  'punctual where nothing goes wrong': punctual,
}

function livesOf({ store, owner, callers }: History): Life[] {
  const written = store.changes.flatMap(({ previous, next }) => [previous?.id, next?.id])
  const told = callers.told.map(({ answer }) => ('schedule' in answer ? answer.schedule.id : undefined))
  const ids = new Set([...written, ...told].filter((id) => id !== undefined))
  return [...ids].map((id) => ({
    id,
    changes: store.changes.filter(({ previous, next }) => previous?.id === id || next?.id === id),
    calls: owner.received.filter(({ call }) => call.id === id),
    told: callers.told.flatMap((each) => {
      const { answer } = each
      return 'schedule' in answer && answer.schedule.id === id ? [{ ...each, answer }] : []
    }),
  }))
}

/** Whatever fails in here fails on purpose, and says so. */
function bugs({ callers, failures }: History): string[] {
  const answers = callers.told.flatMap(({ answer }) => (answer.kind === 'refused' && answer.code.startsWith('bug') ? [answer.code] : []))
  const unexpected = failures.filter(({ error }) => error !== undefined && !isExpected(error))
  return [...answers, ...unexpected.map(({ what, error }) => `${what}: ${String(error)}`)].map((what) => `nothing unexpected: ${what}`)
}

function isExpected(error: unknown): boolean {
  return error instanceof AppError || error instanceof SimulatedFault
}

function isAcknowledged({ told }: Life): boolean {
  return told.some(({ answer }) => answer.kind === 'created')
}

function lastOf({ id, changes }: Life): Schedule | undefined {
  const last = changes.at(-1)
  if (last?.next?.id === id) return last.next
  return last?.previous
}

function acknowledgedEnds(life: Life): string[] {
  const last = lastOf(life)
  const isReplaced = life.changes.at(-1)?.next !== undefined && life.changes.at(-1)?.next?.id !== life.id
  if (!isAcknowledged(life) || isReplaced || last?.dueAt === null) return []
  return [`${life.id} is ${last?.status} at the end`]
}

/** Only a request that says so may take the place of what is scheduled, and nothing may remove it. */
function nothingTakenBack(life: Life, { callers, store }: History): string[] {
  const firstTold = Math.min(...life.told.map(({ at }) => at))
  return life.changes.flatMap(({ at, previous, next }) => {
    if (at < firstTold || previous?.id !== life.id || next?.id === life.id || previous.dueAt === null) return []
    if (next !== undefined && wasRemoved(next.id, store)) return [`${life.id} was replaced by ${next.id}, which was taken back`]
    const isWanted = callers.wishes.some((wish) =>
      (wish.kind === 'create' ? [wish.request] : wish.kind === 'createTogether' ? wish.requests : []).some(
        ({ ifExists, digest }) => ifExists === 'replace' && digest === next?.requestDigest,
      ),
    )
    return isWanted ? [] : [`${life.id} v${previous.version} was ${next === undefined ? 'removed' : `replaced by ${next.id}`}`]
  })
}

function wasRemoved(id: string, { changes }: History['store']): boolean {
  return changes.some(({ previous, next }) => previous?.id === id && previous.dueAt !== null && next === undefined)
}

function deliveredReached({ changes, calls, id }: Life): string[] {
  return changes.flatMap(({ previous, next }) => {
    if (next?.id !== id || next.status !== 'delivered' || previous?.status !== 'delivering') return []
    const call = calls.find(({ call }) => call.attempt === previous.attemptCount)
    return call?.verdict === 'delivered' ? [] : [`${id} attempt ${previous.attemptCount}`]
  })
}

/** By the clock of whoever called, and by the record that it went by. */
function neverEarly({ calls, told, changes, id }: Life): string[] {
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

/** Nor is one under way then, where no process stands still: of one that does nobody knows when its exchange has ended. */
function neverAfterCancel({ told, calls, id }: Life, { troubles }: History): string[] {
  return told.flatMap(({ answer, at }) => {
    if (answer.kind !== 'canceled') return []
    const isAfter = (call: Received): boolean => call.at > at || (!troubles.has('suspension') && (call.endedAt ?? call.at) > at)
    return calls.filter(isAfter).map(({ call, at: calledAt }) => `${id} attempt ${call.attempt}, ${calledAt - at} ms after`)
  })
}

function neverAsBeforeChange({ told, calls, changes, id }: Life): string[] {
  return told.flatMap(({ answer, at }) => {
    if (answer.kind !== 'changed') return []
    const { version } = answer.schedule
    return calls.flatMap((call) => {
      const claimed = claimOf(call, changes)?.next
      return call.at > at && (claimed === undefined || claimed.version <= version) ? [`${id} v${claimed?.version} after v${version}`] : []
    })
  })
}

function neverAfterDelivery({ calls, changes, id }: Life): string[] {
  return calls.flatMap((received) => {
    const claimed = claimOf(received, changes)?.next?.version ?? 0
    const isOver = changes.some(
      ({ at, next }) => at < received.at && next?.id === id && next.status === 'delivered' && next.version > claimed,
    )
    return isOver ? [`${id} attempt ${received.call.attempt}`] : []
  })
}

function attemptsOnce({ calls, id }: Life): string[] {
  const numbers = calls.map(({ call }) => call.attempt)
  return numbers.length === new Set(numbers).size ? [] : [`${id} attempts ${numbers.join(', ')}`]
}

function claimOf({ call }: Received, changes: readonly Change[]): Change | undefined {
  return changes.find(({ next }) => next?.id === call.id && next.status === 'delivering' && next.attemptCount === call.attempt)
}

function ownData({ calls, changes, id }: Life): string[] {
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
function oneAtATime({ calls, id }: Life, { troubles }: History): string[] {
  if (troubles.has('clockStep') || troubles.has('suspension')) return []
  return calls.slice(1).flatMap(({ at, call }, index) => {
    const before = calls[index]
    return before !== undefined && (before.endedAt ?? Number.POSITIVE_INFINITY) > at
      ? [`${id} attempts ${before.call.attempt} and ${call.attempt}`]
      : []
  })
}

function leasesHold({ changes, id }: Life): string[] {
  return changes.flatMap(({ previous, next }) => {
    if (previous?.id !== id || previous.status !== 'delivering' || next?.status !== 'delivering') return []
    const claimedAt = next.delivery?.claimedAt ?? 0
    return previous.dueAt !== null && claimedAt < previous.dueAt ? [`${id} v${next.version}`] : []
  })
}

/** By the clock of whoever called: an answer that may still come must not meet the next attempt. */
function exchangesFit({ calls, changes, id }: Life): string[] {
  return calls.flatMap((received) => {
    const leaseEnd = claimOf(received, changes)?.next?.dueAt ?? 0
    const overMs = received.wall + deliveryDeadlineMs - leaseEnd
    return overMs > 0 ? [`${id} attempt ${received.call.attempt}, by ${overMs} ms`] : []
  })
}

/** Those whose end was written down, since the last time that it was run anew. */
function withinPolicy({ changes, calls, id }: Life): string[] {
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

function onlyMoves({ changes, id }: Life): string[] {
  return changes.flatMap(({ previous, next }) => {
    if (previous === undefined || next === undefined || next.id !== id) return []
    if (previous.id !== next.id) return previous.status === 'delivering' ? [`${previous.id} was replaced while it was delivered`] : []
    // What a dead process has left is scheduled again before it expires, in one write.
    const allowed: readonly Status[] = previous.status === 'delivering' ? [...moves.delivering, ...moves.scheduled] : moves[previous.status]
    return allowed.includes(next.status) ? [] : [`${id} from ${previous.status} to ${next.status}`]
  })
}

/** Else an ETag could name two contents. */
function versionsAreUnique({ changes, id }: Life): string[] {
  const contents = new Map<number, Schedule>()
  return changes.flatMap(({ next }) => {
    if (next?.id !== id) return []
    const known = contents.get(next.version)
    contents.set(next.version, next)
    return known === undefined || known === next ? [] : [`${id} v${next.version}`]
  })
}

function repeatsAreSame({ told, id }: Life): string[] {
  return told.flatMap(({ answer }) => {
    if (answer.kind !== 'created' || answer.request.ifExists === 'keep') return []
    return answer.schedule.requestDigest === answer.request.digest ? [] : [`${id} for request ${answer.request.digest}`]
  })
}

function runIsCalled(life: Life): string[] {
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

/** A place for the delivery, two writes and a timer: no more. */
const punctualMs = 60

/** Owners may be as troublesome as they like, as long as there are places. */
function punctual({ calls, changes, id }: Life, { troubles, setting }: History): string[] {
  if ([...troubles.keys()].some((kind) => kind !== 'ownerTrouble') || setting.maxConcurrentDeliveries < 64) return []
  return calls.flatMap((received) => {
    const basis = claimOf(received, changes)?.previous
    const writtenAt = changes.find(({ next }) => next === basis)?.at ?? 0
    const lateMs = received.wall - Math.max(received.call.dueAt, writtenAt)
    return lateMs > punctualMs ? [`${id} is ${lateMs} ms late`] : []
  })
}
