import { AppError } from '../../src/domain/errors.ts'
import { acknowledgedEnds, neverAfterCancel, neverAsBeforeChange, nothingTakenBack, repeatsAreSame, runIsCalled } from './checks/answers.ts'
import { attemptsOnce, exchangesFit, neverAfterDelivery, neverEarly, oneAtATime, ownData, punctual } from './checks/calls.ts'
import { type Check, livesOf } from './checks/life.ts'
import { deliveredReached, leasesHold, onlyMoves, versionsAreUnique, withinPolicy } from './checks/records.ts'
import { SimulatedFault } from './faults.ts'
import type { History } from './history.ts'

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

/** Whatever fails in here fails on purpose, and says so. */
function bugs({ callers, failures }: History): string[] {
  const answers = callers.told.flatMap(({ answer }) => (answer.kind === 'refused' && answer.code.startsWith('bug') ? [answer.code] : []))
  const unexpected = failures.filter(({ error }) => error !== undefined && !isExpected(error))
  return [...answers, ...unexpected.map(({ what, error }) => `${what}: ${String(error)}`)].map((what) => `nothing unexpected: ${what}`)
}

function isExpected(error: unknown): boolean {
  return error instanceof AppError || error instanceof SimulatedFault
}
