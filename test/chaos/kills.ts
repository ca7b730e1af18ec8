import { setTimeout as sleep } from 'node:timers/promises'
import { makeRandom } from '../simulation/random.ts'
import type { TestOwner } from '../support/owner.ts'
import type { Proof } from '../support/proof.ts'
import { makeLedger } from './ledger.ts'
import { type Endpoint, startLoad } from './load.ts'
import { statusesInTheEnd } from './statuses.ts'

/** The processes that serve one store, and can be killed. */
export interface Cluster {
  readonly owner: TestOwner
  /** The processes that there are, or have been a moment ago. */
  endpoints(): readonly Endpoint[]
  /** Kills one of them with SIGKILL, and answers with the ids of what was being delivered then. */
  kill(): Promise<readonly string[]>
  /** Starts another one in the place of the one that was killed. */
  restart(): Promise<void>
}

const seed = 20_261_124

/** Kills again and again at random moments under load, and then counts. */
export async function killAgainAndAgain(cluster: Cluster, kills: number): Promise<Proof> {
  const random = makeRandom(seed)
  const ledger = makeLedger()
  const { owner } = cluster
  const pick = (): Endpoint | undefined => {
    const endpoints = cluster.endpoints()
    return endpoints.length === 0 ? undefined : random.pick(endpoints)
  }
  const load = startLoad({ pick, ledger, origin: owner.origin, callers: 16, random: random.next })
  const inFlight = new Set<string>()
  for (let kill = 0; kill < kills; kill++) {
    await sleep(random.between(300, 1100))
    for (const id of await cluster.kill()) inFlight.add(id)
    await cluster.restart()
  }
  await load.stop()

  const [survivor] = cluster.endpoints()
  const statuses = await statusesInTheEnd(survivor)
  const { violations, twice } = ledger.check(owner.calls, statuses)
  const { acknowledged, canceled, changed } = ledger.counts()
  const tooOften = twice.filter((id) => !inFlight.has(id)).map((id) => `delivered twice, and under way at no kill: ${id}`)
  const idle = acknowledged < kills * 10 || canceled === 0 || changed === 0 ? ['there was hardly any load'] : []
  return {
    figures: [
      `${kills} kills, ${acknowledged} acknowledged, ${canceled} of them canceled and ${changed} changed, ${owner.calls.length} calls`,
      `${violations.length} lost, early, or after a confirmed cancel or change`,
      `${twice.length} delivered twice, of ${inFlight.size} under way at the kills`,
    ],
    violations: [...violations, ...tooOften, ...idle],
  }
}
