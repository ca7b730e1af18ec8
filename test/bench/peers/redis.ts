import { emptyDirectory, type Scope } from '../../support/directory.ts'
import { freePort } from '../../support/freePort.ts'
import { makeServer, type Server } from './server.ts'

/** Without snapshots, which the log makes superfluous: in its favour. */
const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']

/**
 * Debian's redis-server, which answers after an fsync: a job that was added stays, as it does with the others.
 *
 * @param options of its command line, besides
 */
export async function makeRedis(scope: Scope, options: readonly string[] = []): Promise<Server> {
  const port = await freePort()
  const directory = emptyDirectory(scope)
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', directory]
  return makeServer(scope, {
    port,
    directory,
    command: ['redis-server', ...place, ...durable, ...options],
    isReady: /Ready to accept connections/,
    stopSignal: 'SIGTERM',
    abandonSignal: 'SIGKILL',
  })
}
