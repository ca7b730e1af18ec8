import { setTimeout as sleep } from 'node:timers/promises'
import { apiOf } from '../support/api.ts'
import { deploy, key, type Replica } from '../support/aws/deployment.ts'
import type { Scope } from '../support/directory.ts'
import type { Cluster } from './kills.ts'
import { answerMostly } from './load.ts'

/** Two replicas over stand-ins for AWS, behind a load balancer that sees at once who is gone. */
export async function openAwsCluster(scope: Scope): Promise<Cluster> {
  const deployment = await deploy(scope, { answer: answerMostly })
  const replicas: Replica[] = [await deployment.replica(), await deployment.replica()]
  return {
    owner: deployment.owner,
    endpoints: () => replicas.map(({ url }) => ({ url, key })),
    async kill() {
      const killed = replicas.shift()
      await killed?.end('SIGKILL')
      const { targets } = deployment.balancer
      targets.splice(targets.indexOf(killed?.url ?? ''), 1)
      // Those of the replica that lives are among them.
      return delivering(replicas[0]?.url ?? '')
    },
    async restart() {
      replicas.push(await deployment.replica())
    },
  }
}

/** Whoever is left may be too busy at first. */
async function delivering(url: string): Promise<string[]> {
  for (;;) {
    const list = await apiOf(url, key)
      .list('status=delivering')
      .catch(() => undefined)
    if (list !== undefined) return list.map(({ id }) => id)
    await sleep(100)
  }
}
