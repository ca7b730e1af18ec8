import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '../support/api.ts'
import type { Answer, TestOwner } from '../support/owner.ts'
import type { SteppedClock } from '../support/steppedClock.ts'
import { promptMs } from './timeliness.ts'
import { impossibleAttempts, isAsLongAs, type Judged, judgeCalls, miscounted } from './witness.ts'

const hourMs = 3600_000
/** How long a slow owner takes; the clock is set meanwhile. */
const slowMs = 3000
const deadlineMs = 15_000
/** What is to come, or not, has this long after a step. */
const watchMs = 3000

/** What of it all is done: `slow` and `hanging` hold their first exchange, `retried` refuses it. */
export const answerByName: Answer = ({ headers }, response) => {
  const [kind] = (headers['schedule-name'] ?? '').split('-')
  const isFirst = headers['schedule-attempt'] === '1'
  if (kind === 'hanging' && isFirst) return
  if (kind === 'slow' && isFirst) setTimeout(() => response.end('ok'), slowMs)
  else if (kind === 'retried' && isFirst) response.writeHead(503).end()
  else response.end('ok')
}

/** A service, or several processes of it, whose wall clock is set. */
export interface Stage {
  readonly clock: SteppedClock
  readonly owner: TestOwner
  /** Its processes, asked in turn. */
  readonly apis: readonly [Api, ...Api[]]
  readonly toldAt: Map<string, number>
  /** What may come twice: what was in flight when the clock was set forward, with other processes there to take it over. */
  readonly mayDouble: Set<string>
  readonly count: number
  /** How late a first attempt may be, in milliseconds. */
  readonly promptMs: number
  /** The names of all steps so far. */
  readonly casts: Cast[]
  /** Promises that were broken on the way. */
  readonly violations: string[]
}

type Cast = Readonly<Record<Kind, readonly string[]>>
type Kind = 'before' | 'slow' | 'hanging' | 'retried' | 'around' | 'within' | 'after' | 'moved' | 'canceled'

function named(kind: Kind, step: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${step}-${index}`)
}

/** The names of a step's schedules; few of those that hold a place for a delivery. */
function castOf(step: string, count: number): Cast {
  const of = (kind: Kind, least = count): string[] => named(kind, step, Math.min(least, count))
  return {
    before: of('before'),
    slow: of('slow', 5),
    hanging: of('hanging', 2),
    retried: of('retried', 5),
    around: of('around'),
    within: of('within'),
    after: of('after'),
    moved: of('moved', 5),
    canceled: of('canceled', 5),
  }
}

/** @param momentOf by the service's clock, from 0 for the first to 1 after the last */
async function createAll(stage: Stage, names: readonly string[], momentOf: (share: number) => number, more: object = {}): Promise<void> {
  await Promise.all(
    names.map(async (name, index) => {
      stage.toldAt.set(name, Date.now())
      const at = new Date(Math.round(momentOf(index / names.length))).toISOString()
      await apiFor(stage, index).create({ name, at, target: { url: stage.owner.origin }, ...more })
    }),
  )
}

function apiFor({ apis }: Stage, index: number): Api {
  return apis[index % apis.length] ?? apis[0]
}

/** Sets the clock of a service that has schedules before, within and after the step, and sees what becomes of them. */
export async function step(stage: Stage, name: string, stepMs: number): Promise<void> {
  const { clock, owner, count } = stage
  const cast = castOf(name, count)
  stage.casts.push(cast)
  const begin = clock.now()
  // All are asked for before.
  const stepAt = begin + 2000 + count * 100
  // Due soon after the step, by the clock as it is then.
  const afterwards = (share: number): number => stepAt + stepMs + 1000 + share * 1000
  await Promise.all([
    createAll(stage, cast.before, (share) => stepAt - 1500 + share * 1000),
    createAll(stage, cast.slow, () => stepAt - 1000),
    createAll(stage, cast.hanging, () => stepAt - 1000, { retry: { maxAttempts: 1 } }),
    createAll(stage, cast.retried, () => stepAt - 1000, { retry: { initialDelaySeconds: 600, maxDelaySeconds: 600 } }),
    createAll(stage, cast.around, (share) => stepAt - 50 + share * 100),
    createAll(stage, cast.within, (share) => stepAt + Math.abs(stepMs) * (0.25 + share / 2)),
    createAll(stage, [...cast.moved, ...cast.canceled], () => stepAt + Math.max(stepMs, 0) + hourMs),
    ...(stepMs > 0 ? [createAll(stage, cast.after, afterwards)] : []),
  ])
  await sleep(stepAt - clock.now())
  const inFlight = [...cast.slow, ...cast.hanging].filter((each) => owner.callsOf(each).length > 0)
  if (inFlight.length < cast.slow.length + cast.hanging.length) stage.violations.push(`late: of ${name}, what should be in flight is not`)
  setClock(stage, stepMs, [...inFlight, ...cast.around])
  if (stepMs < 0) await createAll(stage, cast.after, afterwards)
  await changeSome(stage, cast)
  await sleep(watchMs)
  if (stepMs < 0) await returnTo(stage, cast, -stepMs)
  await haveCome(stage, [...cast.around, ...cast.within, ...cast.after, ...cast.moved])
}

/** @param inFlight what other processes will take over where the clock is set forward beyond its lease */
function setClock({ clock, apis, mayDouble }: Stage, ms: number, inFlight: readonly string[]): void {
  if (ms > 0 && apis.length > 1) for (const name of inFlight) mayDouble.add(name)
  clock.stepBy(ms)
}

/** Resolves when each has come once, or too late. */
async function haveCome({ owner, promptMs }: Stage, names: readonly string[]): Promise<void> {
  const giveUpAt = Date.now() + promptMs + 1000
  while (Date.now() < giveUpAt && miscounted(owner.calls, names, [1, 2]).length > 0) await sleep(50)
}

/** Cancels and changes what is not due yet. */
async function changeSome(stage: Stage, { moved, canceled }: Cast): Promise<void> {
  await Promise.all([
    ...canceled.map(async (name, index) => {
      if (!(await apiFor(stage, index).cancel(name))) stage.violations.push(`not canceled after the clock was set: ${name}`)
    }),
    ...moved.map(async (name, index) => {
      stage.toldAt.set(name, Date.now())
      await apiFor(stage, index).change(name, { delaySeconds: 1 })
    }),
  ])
}

/** What was to be due in the time that the clock was set back over is due later: it has not come, and does. */
async function returnTo(stage: Stage, { within, retried, hanging }: Cast, backMs: number): Promise<void> {
  stage.violations.push(...miscounted(stage.owner.calls, within, [0, 0]), ...miscounted(stage.owner.calls, retried, [1, 1]))
  setClock(stage, backMs * 1.75, hanging)
  await sleep(promptMs)
}

/** Everything came once, unless it was refused, canceled, or is allowed to come twice. */
function judgeNumbers({ owner, mayDouble, violations }: Stage, cast: Cast): void {
  for (const [kind, names] of Object.entries(cast)) {
    const times = kind === 'canceled' ? 0 : kind === 'retried' ? 2 : 1
    const [doubling, others] = [names.filter((name) => mayDouble.has(name)), names.filter((name) => !mayDouble.has(name))]
    violations.push(...miscounted(owner.calls, others, [times, times]), ...miscounted(owner.calls, doubling, [times, times + 1]))
  }
}

/** When all exchanges have ended: judges the calls by the clock, and the records. */
export async function judgeStage(stage: Stage): Promise<Judged> {
  const { apis, owner, clock, toldAt, mayDouble } = stage
  const unfinished = async (): Promise<boolean> => (await apis[0].list('status=delivering')).length > 0
  const giveUpAt = Date.now() + deadlineMs + 10_000
  while ((await unfinished()) && Date.now() < giveUpAt) await sleep(100)
  const schedules = await apis[0].list()
  const judged = judgeCalls({ clock, calls: owner.calls, toldAt, promptMs: stage.promptMs })
  for (const cast of stage.casts) judgeNumbers(stage, cast)
  const violations = [...stage.violations, ...judged.violations, ...impossibleAttempts(schedules)]
  const isKind = (name: string, kind: Kind): boolean => name.startsWith(`${kind}-`)
  for (const { name, status, attempts } of schedules) {
    const [first] = attempts
    const ownersMs = isKind(name, 'slow') ? slowMs : isKind(name, 'hanging') ? deadlineMs : undefined
    const expected = isKind(name, 'canceled') ? 'canceled' : isKind(name, 'hanging') ? 'failed' : 'delivered'
    const wasTakenOver = mayDouble.has(name) && first?.outcome === 'interrupted'
    if (status !== expected && !wasTakenOver) violations.push(`${name} is ${status}, not ${expected}`)
    if (ownersMs !== undefined && !wasTakenOver && !isAsLongAs(first?.durationMs ?? -1, ownersMs))
      violations.push(`${name}: an exchange of ${ownersMs} ms over a step of the clock is written down as ${JSON.stringify(first)}`)
  }
  return { ...judged, violations }
}
