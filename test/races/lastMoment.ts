import { setTimeout as sleep } from 'node:timers/promises'
import { eachOf } from '../../src/usecases/eachOf.ts'
import type { Cluster } from '../chaos/kills.ts'
import { makeLedger } from '../chaos/ledger.ts'
import { statusesInTheEnd } from '../chaos/statuses.ts'
import { makeRandom } from '../simulation/random.ts'
import type { ScheduleBody } from '../support/api.ts'
import type { Proof } from '../support/proof.ts'

const seed = 20_261_124
const createsAtOnce = 64

interface Options {
  readonly count: number
  /** So many are due in each second. */
  readonly perSecond: number
  /** How long the creating of them all takes at most. */
  readonly aheadMs: number
  /** The caller comes between so many milliseconds before the moment, and 50 after it. */
  readonly earliestMs: number
}

const latestMs = 50

/** Each schedule is canceled, or moved and changed, some milliseconds before or after the moment at which it is due. */
export async function lastMoment(cluster: Cluster, { count, perSecond, aheadMs, earliestMs }: Options): Promise<Proof> {
  const random = makeRandom(seed)
  const ledger = makeLedger()
  const outcomes = new Map<string, number>()
  const begin = Date.now() + aheadMs
  const endpoints = cluster.endpoints()
  const target = { url: cluster.owner.origin }

  async function call(method: string, path: string, body?: object): Promise<{ status: number; body: ScheduleBody }> {
    const { url, key } = random.pick(endpoints)
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    }
    const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    return { status: response.status, body: (await response.json()) as ScheduleBody }
  }

  function note(what: string, status: number): void {
    const outcome = `${what} ${status === 200 ? 'confirmed' : `refused with ${status}`}`
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }

  async function race(index: number, at: number, { id, name }: ScheduleBody): Promise<void> {
    await sleep(Math.max(0, at - Date.now() + random.between(-earliestMs, latestMs + 1)))
    if (index % 2 === 0) {
      const { status } = await call('DELETE', `/schedules/${name}`)
      note('cancels', status)
      // Of one whose answer was lost on the way to the store nobody knows.
      if (status === 200 || status === 503) ledger.wantsCanceled(id)
      if (status === 200) ledger.canceled(id)
      return
    }
    const later = at + random.between(200, 1000)
    const { status } = await call('PATCH', `/schedules/${name}`, { at: new Date(later).toISOString(), payload: { token: 1 } })
    note('changes', status)
    if (status === 200) ledger.changed(id, later, 1)
  }

  const races: Promise<void>[] = []
  const created = await eachOf(
    Array.from({ length: count }, (_, index) => index),
    createsAtOnce,
    async (index) => {
      const at = begin + Math.floor((index * 1000) / perSecond)
      const name = `race-${index}`
      const { body } = await call('POST', '/schedules', { name, at: new Date(at).toISOString(), target, payload: { token: 0 } })
      ledger.created(body.id, name, at)
      races.push(race(index, at, body))
    },
  )
  const failed = created.filter(({ status }) => status === 'rejected').length
  const tooLate = Date.now() > begin ? ['the creating took too long for this machine: the first were due before it ended'] : []
  await Promise.all(races)
  const { violations, twice } = ledger.check(cluster.owner.calls, await statusesInTheEnd(endpoints[0]))
  return {
    figures: [[...outcomes].map(([outcome, number]) => `${number} ${outcome}`).join(', '), `${cluster.owner.calls.length} calls`],
    violations: [
      ...violations,
      ...tooLate,
      ...twice.map((id) => `delivered twice: ${id}`),
      ...[...outcomes.keys()].filter((outcome) => !/confirmed|409|503/.test(outcome)),
      ...(isClose(outcomes, count) ? [] : ['the races were not close: nearly all had one outcome']),
      ...(failed > 0 ? [`${failed} could not be created`] : []),
    ],
  }
}

/** Whether at least one in fifty came in time, and one in fifty too late, of the cancels as of the changes. */
function isClose(outcomes: ReadonlyMap<string, number>, count: number): boolean {
  const expected = ['cancels confirmed', 'cancels refused with 409', 'changes confirmed', 'changes refused with 409']
  return expected.every((outcome) => (outcomes.get(outcome) ?? 0) > count / 2 / 50)
}
