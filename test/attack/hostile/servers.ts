import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Scope } from '../../support/directory.ts'
import { type Behaviour, type Behaviours } from './behaviour.ts'
import { behavioursOf } from './behavioursOf.ts'

/** An owner that is up to no good, on a port of its own. */
export interface HostileOwner extends Behaviour {
  readonly title: string
  readonly origin: string
}

export interface HostileOwners {
  readonly owners: readonly HostileOwner[]
  /** How many bytes those that say most have said so far, all together. */
  bytesSaid(): Promise<number>
}

const deaf: Behaviours = {
  'accepts no connection': {
    conduct: () => undefined,
    expected: { outcome: 'retry', error: /no complete answer within 15 seconds|timeout/i },
  },
}

/** By title. */
type Ports = Readonly<Record<string, number>>

/** @param victim the origin that redirects lead to */
export async function startHostileOwners(scope: Scope, victim: string): Promise<HostileOwners> {
  const workers = [
    start(scope, 'serversThread.ts', { kind: 'loud', victim }),
    start(scope, 'serversThread.ts', { kind: 'quiet', victim }),
    start(scope, 'deafThread.ts'),
  ] as const
  const [[loud], [quiet], [deafPort]] = (await Promise.all(workers.map((worker) => once(worker, 'message')))) as [
    [Ports],
    [Ports],
    [number],
  ]
  const ports: Ports = { ...loud, ...quiet }
  const behaviours = Object.entries({ ...behavioursOf('loud', victim), ...behavioursOf('quiet', victim), ...deaf })
  return {
    owners: behaviours.map(([title, { conduct, expected }]) => ({
      title,
      conduct,
      expected,
      origin: `http://127.0.0.1:${ports[title] ?? deafPort}`,
    })),
    async bytesSaid() {
      const [speaker] = workers
      const answered = once(speaker, 'message') as Promise<[number]>
      speaker.postMessage('how many')
      return (await answered)[0]
    },
  }
}

function start(scope: Scope, file: string, workerData?: unknown): Worker {
  const worker = new Worker(new URL(file, import.meta.url), { workerData })
  scope.teardown(() => worker.terminate())
  return worker
}
