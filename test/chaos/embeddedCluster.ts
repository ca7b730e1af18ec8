import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { states, storeFile } from '../../src/adapters/embedded/database.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import { startOwner } from '../support/owner.ts'
import { type RunningService, startService } from '../support/service.ts'
import type { Cluster } from './kills.ts'
import { answerMostly } from './load.ts'

/** So many processes of the embedded engine on one directory. */
export async function openEmbeddedCluster(scope: Scope, processes: number): Promise<Cluster> {
  const directory = emptyDirectory(scope)
  const dataDir = join(directory, 'data')
  const owner = await startOwner(answerMostly)
  const services: RunningService[] = []
  scope.teardown(async () => {
    await Promise.all(services.map((service) => service.end('SIGKILL')))
    await owner.close()
  })
  const start = async (): Promise<void> => {
    services.push(await startService({ dataDir, env: { LOG_LEVEL: 'warn' } }))
  }
  for (let count = 0; count < processes; count++) await start()
  let kills = 0
  return {
    owner,
    endpoints: () => services.map(({ url }) => ({ url, key: undefined })),
    async kill() {
      await services.shift()?.end('SIGKILL')
      return deliveringIn(dataDir, join(directory, `copy-${++kills}`))
    },
    restart: start,
  }
}

/** Read in a copy, so that nobody has recovered the store before the next process does. */
function deliveringIn(dataDir: string, copy: string): string[] {
  cpSync(dataDir, copy, { recursive: true })
  const database = new DatabaseSync(join(copy, storeFile))
  const rows = database.prepare('SELECT id FROM schedule WHERE state = ?').all(states.delivering)
  database.close()
  rmSync(copy, { recursive: true })
  return rows.map(({ id }) => String(id))
}
