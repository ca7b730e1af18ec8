import type { Scope } from '../../support/directory.ts'
import { type Child, startChild } from '../beside/child.ts'
import type { LoadCommands } from '../beside/loads.ts'
import { diskOf, memoryOf } from '../beside/resources.ts'
import type { Contender } from '../contender.ts'
import type { Server } from './server.ts'

/** A queue whose jobs lie in a database server, and are added and done in processes of ours. */
export interface Peer extends Omit<Contender, 'open'> {
  /** Where its `client.ts` and `worker.ts` are, as the URL of a file there. */
  readonly from: string
  makeServer(scope: Scope): Promise<Server>
  /** What its worker is told besides the server's port. */
  readonly workerSettings?: Readonly<Record<string, unknown>>
}

/** What its `client.ts` and `worker.ts` are told. */
export interface PeerSettings {
  readonly port: number
}

export function makePeer({ from, makeServer, workerSettings, ...rest }: Peer): Contender {
  const driver = (file: string): string => new URL(file, from).href
  return {
    ...rest,
    async open(scope) {
      const server = await makeServer(scope)
      const settings: PeerSettings = { port: server.port }
      let worker: Child<object> | undefined
      const start = async (): Promise<void> => {
        await server.start()
        worker = await startChild<object>(scope, './workerProcess.ts', driver('./worker.ts'), { ...settings, ...workerSettings })
      }
      await start()
      return {
        openClient: () => startChild<LoadCommands>(scope, './clientProcess.ts', driver('./client.ts'), settings),
        memoryBytes: () => memoryOf([server.pid(), worker?.pid ?? 0]),
        diskBytes: () => diskOf(server.directory),
        async stop() {
          await worker?.end()
          await server.stop()
        },
        start,
      }
    },
  }
}
