import { execFile } from 'node:child_process'
import { chownSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { emptyDirectory, type Scope } from '../../support/directory.ts'
import { freePort } from '../../support/freePort.ts'
import { makeServer, type Server } from './server.ts'

const run = promisify(execFile)
const versions = '/usr/lib/postgresql'

/** Debian's PostgreSQL with its defaults: `fsync` and `synchronous_commit` are on. */
export async function makePostgres(scope: Scope): Promise<Server> {
  const port = await freePort()
  const directory = emptyDirectory(scope)
  const data = join(directory, 'data')
  const as = await userOptions(directory)
  // What it makes here need not survive a loss of power; what it commits later does.
  const initialize = [program('initdb'), '--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--locale', 'C.UTF-8', '--no-sync']
  await run('setpriv', [...as, ...initialize], { cwd: directory })
  return makeServer(scope, {
    port,
    directory,
    as,
    command: [program('postgres'), '-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', ''],
    isReady: /database system is ready to accept connections/,
    stopSignal: 'SIGINT',
    abandonSignal: 'SIGQUIT',
  })
}

/** For a client on this machine. */
export function connectionString({ port }: Pick<Server, 'port'>): string {
  return `postgres://postgres@127.0.0.1:${port}/postgres`
}

/** The path of a program of the newest version that is installed. */
export function program(name: string): string {
  const [newest] = readdirSync(versions).toSorted((a, b) => Number(b) - Number(a))
  return join(versions, newest ?? '', 'bin', name)
}

/** It refuses to run as root: then it runs as Debian's user for it, to whom the directory is given. */
async function userOptions(directory: string): Promise<string[]> {
  if (process.getuid?.() !== 0) return []
  const idOf = async (option: string): Promise<number> => Number((await run('id', [option, 'postgres'])).stdout)
  const [user, group] = [await idOf('-u'), await idOf('-g')]
  chownSync(directory, user, group)
  return ['--reuid', String(user), '--regid', String(group), '--init-groups']
}
