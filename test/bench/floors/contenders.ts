import { emptyDirectory } from '../../support/directory.ts'
import { startChild } from '../beside/child.ts'
import type { LoadCommands } from '../beside/loads.ts'
import { diskOf, memoryOf } from '../beside/resources.ts'
import type { Contender, MeasurementName } from '../contender.ts'

/** What the machine itself can do, for comparison: nothing here schedules anything that could be relied on. */
export const floors: readonly Contender[] = [
  makeFloor('(SQLite: one table, group commit)', ['create'], './groupCommit.ts'),
  makeFloor('(timers in memory, undici)', ['lateness', 'burst'], './timers.ts'),
]

/** All of it is in the client process. */
function makeFloor(title: string, measuredIn: readonly MeasurementName[], client: string): Contender {
  return {
    title,
    measuredIn,
    async open(scope) {
      const directory = emptyDirectory(scope)
      return {
        openClient: () => startChild<LoadCommands>(scope, './clientProcess.ts', new URL(client, import.meta.url).href, directory),
        memoryBytes: () => memoryOf([]),
        diskBytes: () => diskOf(directory),
        stop: async () => undefined,
        start: async () => undefined,
      }
    },
  }
}
