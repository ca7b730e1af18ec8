import { apiOf } from '../support/api.ts'
import type { Replica } from '../support/aws/deployment.ts'
import { deploy } from '../support/aws/deployment.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import { type Answer, startOwner, type TestOwner } from '../support/owner.ts'
import type { Proof } from '../support/proof.ts'
import { startService } from '../support/service.ts'

/** An owner, and processes of the service that do the same work. */
export interface Processes {
  readonly owner: TestOwner
  readonly processes: readonly [Replica, ...Replica[]]
}

interface Options {
  readonly count: number
  /** Environment variables. */
  readonly env?: Readonly<Record<string, string>>
  readonly answer?: Answer
}

/** So many processes on one directory. */
export async function onOneDirectory(t: Scope, { count, env = {}, answer }: Options): Promise<Processes> {
  const owner = await startOwner(answer)
  const dataDir = emptyDirectory(t)
  const start = async (): Promise<Replica> => {
    const service = await startService({ dataDir, env: { LOG_LEVEL: 'fatal', ...env } })
    t.teardown(() => service.end('SIGKILL'))
    return { ...service, api: apiOf(service.url) }
  }
  t.teardown(() => owner.close())
  const first = await start()
  return { owner, processes: [first, ...(await Promise.all(Array.from({ length: count - 1 }, start)))] }
}

/** So many replicas on stand-ins for AWS. */
export async function onAws(t: Scope, { count, env = {}, answer }: Options): Promise<Processes> {
  const { owner, replica } = await deploy(t, answer === undefined ? {} : { answer })
  const start = (): Promise<Replica> => replica({ LOG_LEVEL: 'fatal', ...env })
  const first = await start()
  return { owner, processes: [first, ...(await Promise.all(Array.from({ length: count - 1 }, start)))] }
}

/** Several proofs at the same time. */
export async function together(...proofs: readonly Promise<Proof>[]): Promise<Proof> {
  const all = await Promise.all(proofs)
  return { figures: all.flatMap(({ figures }) => figures), violations: all.flatMap(({ violations }) => violations) }
}
