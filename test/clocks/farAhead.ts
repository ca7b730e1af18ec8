import { setTimeout as sleep } from 'node:timers/promises'
import type { Scope } from '../support/directory.ts'
import type { Answer } from '../support/owner.ts'
import type { Proof } from '../support/proof.ts'
import { makeSteppedClock } from '../support/steppedClock.ts'
import { onOneDirectory } from './stages.ts'
import { dueOf } from './timeliness.ts'
import { judgeCalls, miscounted, spread } from './witness.ts'

const dayMs = 86_400_000
/** A timer of a longer time than this fires at once. */
const longestTimerMs = 2 ** 31 - 1

/** How far ahead, in milliseconds; what is beyond 2^32 looks like a second to whoever counts in 32 bits. */
const delays: Readonly<Record<string, number>> = {
  'longest-timer': longestTimerMs,
  'beyond-timer': longestTimerMs + 1,
  'thirty-days': 30 * dayMs,
  'past-32-bits': 2 ** 32 + 1000,
  'one-year': 365 * dayMs,
}
const lastMoment = '9999-12-31T23:59:59.999Z'

/** What the owner asks for with its 503, in seconds. */
const retryAfters: Readonly<Record<string, number>> = {
  'retry-beyond-timer': 2 ** 31 / 1000 + 100_000,
  'retry-past-32-bits': 2 ** 33 / 1000 + 1,
}

const answer: Answer = ({ headers }, response) => {
  const seconds = headers['schedule-attempt'] === '1' ? retryAfters[headers['schedule-name'] ?? ''] : undefined
  if (seconds === undefined) response.end('ok')
  else response.writeHead(503, { 'retry-after': String(Math.ceil(seconds)) }).end()
}

/** The clock is set to so long before each moment: it is read again within a second. */
const beforeMs = 1500

/** Once its time has begun to come by itself, a call is late by no more than this. */
const onTheInstantMs = 250

/** Moments that are further ahead than any timer reaches. */
export async function farAhead(t: Scope, isShort: boolean): Promise<Proof> {
  const clock = makeSteppedClock(t)
  const { owner, processes } = await onOneDirectory(t, { count: 1, env: clock.env, answer })
  const [{ api }] = processes
  const target = { url: owner.origin }
  const toldAt = new Map<string, number>()
  const create = async (name: string, when: object): Promise<void> => {
    toldAt.set(name, Date.now())
    await api.create({ name, target, ...when })
  }
  await Promise.all([
    ...Object.entries(delays).map(([name, ms]) => create(name, { delaySeconds: ms / 1000 })),
    ...Object.keys(retryAfters).map((name) => create(name, { delaySeconds: 0 })),
    create('last-moment', { at: lastMoment }),
  ])
  const retried = Object.keys(retryAfters)
  await owner.waitForCalls(retried.length, 'retry-')
  for (const name of retried) await api.waitForStatus(name, 'scheduled')
  // Time enough for a timer that fires at once, and for the next look and sweep.
  await sleep(isShort ? 3000 : 20_000)
  const names = [...Object.keys(delays), 'last-moment']
  const atOnce = [...miscounted(owner.calls, names, [0, 0]), ...miscounted(owner.calls, retried, [1, 1])]

  const moments = (await api.list()).map(({ nextAttemptAt = '' }) => Date.parse(nextAttemptAt)).toSorted((a, b) => a - b)
  for (const [index, moment] of moments.entries()) {
    clock.stepBy(moment - beforeMs - clock.now())
    await Promise.race([owner.waitForCalls(retried.length + index + 1), sleep(beforeMs + 2000)])
  }
  const judged = judgeCalls({ clock, calls: owner.calls, toldAt, promptMs: onTheInstantMs })
  const others = owner.calls.filter(({ headers }) => headers['schedule-attempt'] !== '1')
  const tooSoon = others.filter((call) => dueOf(call) - (toldAt.get(call.headers['schedule-name'] ?? '') ?? 0) < longestTimerMs)
  return {
    figures: [
      `${moments.length} moments from ${Math.round(longestTimerMs / dayMs)} days ahead to the year 9999, of which ${retried.length} by Retry-After, each with the clock set to ${beforeMs} ms before it: late by ${spread(judged.late)}`,
    ],
    violations: [
      ...atOnce,
      ...judged.violations,
      ...tooSoon.map(({ headers }) => `sooner than Retry-After: ${JSON.stringify(headers)}`),
      ...miscounted(owner.calls, names, [1, 1]),
      ...miscounted(owner.calls, retried, [2, 2]),
    ],
  }
}
