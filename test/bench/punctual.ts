import { join } from 'node:path'
import { writeApplications } from '../support/applications.ts'
import { emptyDirectory } from '../support/directory.ts'
import { type RunningService, startService } from '../support/service.ts'
import { startChild } from './beside/child.ts'
import { callsAtOnce } from './beside/deliver.ts'
import type { LoadCommands } from './beside/loads.ts'
import { diskOf, memoryOf } from './beside/resources.ts'
import type { Contender } from './contender.ts'

const client = new URL('./beside/punctualClient.ts', import.meta.url).href

const key = 'key-of-bench'

/** The service itself, on an empty directory, as `npm start` starts it, with as many calls at once as everybody else. */
export const punctual: Contender = {
  title: 'Punctual',
  measuredIn: ['create', 'lateness', 'burst', 'pending'],
  async open(scope, origin) {
    const directory = emptyDirectory(scope)
    const dataDir = join(directory, 'data')
    const file = join(directory, 'applications.json')
    writeApplications(file, { bench: { key, origin, maxConcurrentDeliveries: callsAtOnce } })
    let service: RunningService | undefined
    const start = async (): Promise<void> => {
      // The others log nothing of each job; and what it logged would be read by the process that measures.
      service = await startService({ dataDir, env: { LOG_LEVEL: 'warn', APPLICATIONS_FILE: file } })
    }
    scope.teardown(() => service?.end('SIGKILL'))
    await start()
    return {
      openClient: () => startChild<LoadCommands>(scope, './clientProcess.ts', client, { url: service?.url, key }),
      memoryBytes: () => memoryOf([service?.pid ?? 0]),
      diskBytes: () => diskOf(dataDir),
      async stop() {
        await service?.end('SIGTERM')
      },
      start,
    }
  },
}
