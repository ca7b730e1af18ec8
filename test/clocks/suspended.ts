import { setTimeout as sleep } from 'node:timers/promises'
import { claimLeadMs } from '../../src/adapters/embedded/engine.ts'
import { sweepEveryMs, sweepGraceMs } from '../../src/usecases/sweep.ts'
import type { ScheduleBody } from '../support/api.ts'
import type { Scope } from '../support/directory.ts'
import type { Answer, ReceivedCall, TestOwner } from '../support/owner.ts'
import type { Proof } from '../support/proof.ts'
import { startLoad } from './load.ts'
import { onAws, onOneDirectory, type Processes, together } from './stages.ts'
import { dueOf, promptMs } from './timeliness.ts'
import { miscounted, spread } from './witness.ts'

/** What the owner takes over the exchanges in flight: it answers while the process is suspended. */
const slowMs = 2000
const inFlight = 10
const aboutToBeSent = 20
const createdAtOnce = 50

/** A lease that has ended, and what EventBridge's function could not hand to a suspended replica, is found by the sweep. */
const sweptWithinMs = sweepGraceMs + sweepEveryMs * 1.25 + 2000

const answer: Answer = ({ headers }, response) => {
  if (headers['schedule-name']?.startsWith('flight-') && headers['schedule-attempt'] === '1') setTimeout(() => response.end('ok'), slowMs)
  else response.end('ok')
}

interface Circumstances {
  readonly what: string
  /** What all that is created before the stop takes. */
  readonly prepareMs: number
  readonly stopMs: number
  readonly count: number
  /** How long before its moment a delivery is claimed. */
  readonly claimLeadMs: number
  readonly promptMs: number
}

/** A process is stopped in the midst of its work, for longer than a lease in the long form, and goes on. */
export async function suspendedProcess(t: Scope, isShort: boolean): Promise<Proof> {
  const alone = await onOneDirectory(t, { count: 1, answer })
  const embedded = { claimLeadMs, promptMs }
  if (isShort) return suspend(alone, { what: 'alone, for 8 s', prepareMs: 4000, stopMs: 8000, count: 50, ...embedded })
  const two = await onOneDirectory(t, { count: 2, answer })
  const replicas = await onAws(t, { count: 2, answer })
  const minute = { prepareMs: 10_000, stopMs: 60_000, count: 300 }
  return together(
    suspend(alone, { what: 'alone, for a minute', ...minute, ...embedded }),
    suspend(two, { what: 'one of two on one directory, for a minute', ...minute, ...embedded }),
    suspend(replicas, { what: 'one of two replicas, for a minute', ...minute, claimLeadMs: 60, promptMs: sweptWithinMs }),
  )
}

/** Creates so many, the moments counted from the stop, and answers with their names. */
type Create = (kind: string, number: number, momentOf: (share: number) => number) => Promise<string[]>

async function suspend({ owner, processes: [one, other] }: Processes, circumstances: Circumstances): Promise<Proof> {
  const { what, prepareMs, stopMs, count, claimLeadMs } = circumstances
  const stopAt = Date.now() + prepareMs
  const create: Create = async (kind, number, momentOf) => {
    const bodies = Array.from({ length: number }, (_, index) => {
      const at = new Date(Math.round(momentOf(index / number))).toISOString()
      return { name: `${kind}-${index}`, at, target: { url: owner.origin } }
    })
    for (let begin = 0; begin < number; begin += createdAtOnce)
      await Promise.all(bodies.slice(begin, begin + createdAtOnce).map((body) => one.api.create(body)))
    return bodies.map(({ name }) => name)
  }
  const load = startLoad(one.api, owner.origin)
  const names = await Promise.all([
    create('meanwhile', count, (share) => stopAt + 100 + share * (stopMs - 100)),
    create('afterwards', 10, (share) => stopAt + stopMs + 1000 + share * 2000),
  ])
  const write = other && (() => other.api.create({ delaySeconds: 3600, target: { url: owner.origin } }))
  // What the other one has claimed has been sent by now.
  const hasClaimed = async (): Promise<boolean> =>
    (await other?.api.list('status=delivering'))?.some(({ name }) => name.startsWith('claimed-') && owner.callsOf(name).length === 0) ??
    true
  const { stoppedAt, caught, midCommit, stops } = await stop(one.pid, { stopAt, claimLeadMs, create, write, hasClaimed })
  const loaded = load.end()
  await sleep(stopMs - (Date.now() - stoppedAt))
  const before = (await other?.api.list('status=delivered')) ?? []
  process.kill(one.pid, 'SIGCONT')
  // Another process has gone on meanwhile.
  const servedFrom = other === undefined ? Date.now() : 0
  await loaded
  const all = [...names.flat(), ...caught, ...load.acknowledged.keys()]
  const after = await haveEnded(() => one.api.list(), all)
  const outcome = { owner, circumstances, all, acknowledgedAt: load.acknowledged, stoppedAt, servedFrom, stops, before, after }
  return { figures: figuresOf(outcome, midCommit), violations: judge(outcome).map((violation) => `${what}: ${violation}`) }
}

/** A time in which a process was stopped, and may have kept others from writing. */
interface Stop {
  readonly from: number
  readonly to: number
}

interface Stopping {
  readonly stopAt: number
  readonly claimLeadMs: number
  readonly create: Create
  /** Has another process write. */
  readonly write: (() => Promise<unknown>) | undefined
  /** Whether the stopped process has claimed what it has not sent. */
  readonly hasClaimed: () => Promise<boolean>
}

/** How often it is tried to stop a process between a claim and its delivery. */
const rounds = 10

/**
 * Stops a process that has just claimed, and sends in a moment. Between its commits: in the midst of one it has the store
 * locked, and nobody else can write until it goes on.
 */
async function stop(pid: number, { stopAt, claimLeadMs, create, write, hasClaimed }: Stopping) {
  const caught: string[] = []
  let midCommit = 0
  const stops: Stop[] = []
  for (let round = 1; ; round++) {
    const at = round === 1 ? stopAt : Date.now() + 2500
    caught.push(
      ...(await create(`flight-${round}`, inFlight, () => at - slowMs / 2)),
      ...(await create(`claimed-${round}`, aboutToBeSent, (share) => at + 1 + share * claimLeadMs * 0.6)),
    )
    await sleep(at - 20 - Date.now())
    // To the millisecond, which a timer is not.
    while (Date.now() < at);
    process.kill(pid, 'SIGSTOP')
    const stoppedAt = Date.now()
    const written = write?.() ?? Promise.resolve()
    const isLocked = await Promise.race([written.then(() => false), sleep(1500, true)])
    if (!isLocked && (round === rounds || (await hasClaimed()))) return { stoppedAt, caught, midCommit, stops }
    if (isLocked) midCommit++
    process.kill(pid, 'SIGCONT')
    await written
    stops.push({ from: stoppedAt, to: Date.now() })
  }
}

/** Resolves with all schedules when nothing is left to do, or it takes too long. Who has just woken answers 503 for a moment. */
async function haveEnded(list: () => Promise<ScheduleBody[]>, names: readonly string[]): Promise<ScheduleBody[]> {
  const giveUpAt = Date.now() + 30_000
  const wanted = new Set(names)
  for (;;) {
    const all = await list().catch(() => undefined)
    const isEnded = all?.every(({ name, status }) => !wanted.has(name) || status === 'delivered') ?? false
    if (isEnded || Date.now() > giveUpAt) return all ?? []
    await sleep(200)
  }
}

interface Outcome {
  readonly owner: TestOwner
  readonly circumstances: Circumstances
  /** The names of all that was acknowledged. */
  readonly all: readonly string[]
  /** Of those that were created until the stop, or while it lasted: nothing was promised before. */
  readonly acknowledgedAt: ReadonlyMap<string, number>
  readonly stoppedAt: number
  /** What is due is delivered at once from then on. */
  readonly servedFrom: number
  /** Before the one that lasted. */
  readonly stops: readonly Stop[]
  /** What another process had delivered before the suspended one went on, and what there is in the end. */
  readonly before: readonly ScheduleBody[]
  readonly after: readonly ScheduleBody[]
}

function judge({ owner, circumstances, all, acknowledgedAt, stoppedAt, servedFrom, stops, before, after }: Outcome): string[] {
  const records = new Map(after.map((schedule) => [schedule.name, schedule]))
  const sent = new Set(sentBefore(owner.calls, stoppedAt))
  const isServed = ({ receivedAt, headers }: ReceivedCall): boolean => {
    const due = dueOf({ headers })
    // What was due just before had no time to be sent.
    const { promptMs } = circumstances
    const stop = stops.find(({ from, to }) => due + promptMs > from && due < to)
    const promisedAt = acknowledgedAt.get(headers['schedule-name'] ?? '') ?? 0
    return receivedAt - Math.max(due, promisedAt, stop?.to ?? 0, due + promptMs > stoppedAt ? servedFrom : 0) <= promptMs
  }
  const told = ({ headers, receivedAt }: ReceivedCall): string =>
    `${headers['schedule-name']}, attempt ${headers['schedule-attempt']}, due at ${headers['schedule-due-at']}, which came at ${new Date(receivedAt).toISOString()}`
  return [
    ...owner.calls.filter((call) => call.receivedAt < dueOf(call)).map((call) => `early: ${told(call)}`),
    ...owner.calls.filter((call) => !isServed(call)).map((call) => `late: ${told(call)}`),
    // Only what was in flight when the process was stopped may come twice.
    ...miscounted(
      owner.calls,
      all.filter((name) => !sent.has(name)),
      [1, 1],
    ),
    ...miscounted(owner.calls, [...sent], [1, 2]),
    ...all.filter((name) => records.get(name)?.status !== 'delivered').map((name) => `${name} is ${records.get(name)?.status}`),
    ...after.flatMap(({ name, attempts }) =>
      attempts
        .filter(({ latenessMs, durationMs }) => latenessMs < 0 || durationMs < 0)
        .map((attempt) => `${name}: ${JSON.stringify(attempt)}`),
    ),
    ...before
      .filter((schedule) => JSON.stringify(schedule) !== JSON.stringify(records.get(schedule.name)))
      .map((schedule) => `overwritten: ${JSON.stringify(schedule)}\n    by ${JSON.stringify(records.get(schedule.name))}`),
    ...(neverSent(after, owner.calls).length === 0
      ? ['nothing had been claimed and not sent when it was stopped, so that this shows nothing']
      : []),
  ]
}

/** What was in flight at the stop: the owner had it, and nobody has written down yet what became of it. */
function sentBefore(calls: readonly ReceivedCall[], stoppedAt: number): string[] {
  return calls
    .filter(({ receivedAt, headers }) => {
      const tookMs = headers['schedule-name']?.startsWith('flight-') ? slowMs : 0
      return receivedAt + tookMs > stoppedAt - 100 && receivedAt < stoppedAt + 50
    })
    .map(({ headers }) => headers['schedule-name'] ?? '')
}

/** What had been claimed and not sent: its first attempt was interrupted, and the owner has not had it. */
function neverSent(schedules: readonly ScheduleBody[], calls: readonly ReceivedCall[]): readonly ScheduleBody[] {
  const firsts = new Set(calls.filter(({ headers }) => headers['schedule-attempt'] === '1').map(({ headers }) => headers['webhook-id']))
  return schedules.filter(({ id, attempts }) => attempts[0]?.outcome === 'interrupted' && !firsts.has(id))
}

function figuresOf({ owner, circumstances, all, stoppedAt, servedFrom, after }: Outcome, midCommit: number): string[] {
  const sent = sentBefore(owner.calls, stoppedAt)
  const twice = [...Map.groupBy(owner.calls, ({ headers }) => headers['webhook-id']).values()].filter(({ length }) => length > 1).length
  const late = owner.calls
    .filter((call) => dueOf(call) > stoppedAt)
    .map((call) => call.receivedAt - Math.max(dueOf(call), servedFrom))
    .toSorted((a, b) => a - b)
  const locked = midCommit === 0 ? '' : `; stopped ${midCommit} times in the midst of a commit, where nobody else can write, and again`
  return [
    `${circumstances.what}: of ${all.length}, ${sent.length} in flight and ${neverSent(after, owner.calls).length} claimed and not sent when it was stopped; ${twice} came twice`,
    `${circumstances.what}: due since, delivered ${servedFrom > 0 ? 'after waking' : 'by the other one meanwhile'}: ${spread(late)}${locked}`,
  ]
}
