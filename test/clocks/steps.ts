import { sweepEveryMs, sweepGraceMs } from '../../src/usecases/sweep.ts'
import type { Scope } from '../support/directory.ts'
import type { Proof } from '../support/proof.ts'
import { makeSteppedClock } from '../support/steppedClock.ts'
import { onAws, onOneDirectory, together } from './stages.ts'
import { answerByName, judgeStage, type Stage, step } from './stepped.ts'
import { promptMs } from './timeliness.ts'
import { spread } from './witness.ts'

const hourMs = 3600_000

/** How a clock is set. */
const steps: Readonly<Record<string, number>> = { ahead1h: hourMs, back1h: -hourMs, ahead1d: 24 * hourMs, back1d: -24 * hourMs }

/** On AWS no wake-up from outside comes when a clock was set: only the sweep finds what is due, once it is overdue by its grace. */
const sweptWithinMs = sweepGraceMs + sweepEveryMs * 1.25 + 1000

/** Some processes whose clock can be set. */
async function open(t: Scope, isShort: boolean, make: typeof onAws, processes: number): Promise<Stage> {
  const clock = makeSteppedClock(t)
  const {
    owner,
    processes: [first, ...others],
  } = await make(t, { count: processes, env: clock.env, answer: answerByName })
  const count = isShort ? 10 : 20
  return {
    clock,
    owner,
    apis: [first.api, ...others.map(({ api }) => api)],
    toldAt: new Map(),
    mayDouble: new Set(),
    count,
    promptMs: make === onAws ? sweptWithinMs : promptMs,
    casts: [],
    violations: [],
  }
}

/** One process for each step, one that lives through all of them, and processes that share what they do. */
export async function clockSteps(t: Scope, isShort: boolean): Promise<Proof> {
  const fresh: { name: string; ms: number; stage: Stage }[] = []
  for (const [name, ms] of Object.entries(steps)) fresh.push({ name, ms, stage: await open(t, isShort, onOneDirectory, 1) })
  const shared = await open(t, isShort, onOneDirectory, 2)
  const aws = await open(t, isShort, onAws, 2)
  const several = isShort ? { ahead1h: hourMs, back1h: -hourMs } : steps
  const first = await together(
    ...fresh.map(({ name, ms, stage }) => run(stage, { [name]: ms }, `one process, ${name}`)),
    run(shared, several, `two processes on one directory, ${Object.keys(several).join(', ')}`),
    ...(isShort ? [run(aws, several, `two replicas on stand-ins for AWS, ${Object.keys(several).join(', ')}`)] : []),
  )
  if (isShort) return first
  const alone = await open(t, isShort, onOneDirectory, 1)
  const then = await together(
    run(alone, steps, `one process, ${Object.keys(steps).join(', ')}`),
    run(aws, steps, `two replicas on stand-ins for AWS, ${Object.keys(steps).join(', ')}`),
  )
  return together(Promise.resolve(first), Promise.resolve(then))
}

async function run(stage: Stage, steps: Readonly<Record<string, number>>, what: string): Promise<Proof> {
  for (const [name, ms] of Object.entries(steps)) await step(stage, name, ms)
  const { violations, late, afterSteps } = await judgeStage(stage)
  return {
    figures: [`${what}: due by the course of time: ${spread(late)}; made due by a step: ${spread(afterSteps)}${doubled(stage)}`],
    violations: violations.map((violation) => `${what}: ${violation}`),
  }
}

/** How much of what may have come twice has. */
function doubled({ mayDouble, owner }: Stage): string {
  if (mayDouble.size === 0) return ''
  const calls = owner.calls.filter(({ headers }) => mayDouble.has(headers['schedule-name'] ?? ''))
  const times = [...Map.groupBy(calls, ({ headers }) => headers['webhook-id']).values()]
  return `; ${times.filter(({ length }) => length > 1).length} of ${times.length} in flight at a step forward came twice`
}
