import { run } from 'graphile-worker'
import { callsAtOnce } from '../../beside/deliver.ts'
import type { JobData, Work } from '../../contender.ts'
import type { PeerSettings } from '../peer.ts'
import { connectionString } from '../postgres.ts'
import { quiet } from './quiet.ts'

interface Settings extends PeerSettings {
  /** In milliseconds; undefined: its default of 2,000. */
  readonly pollInterval?: number
}

export const work: Work<Settings> = async ({ port, ...polling }, deliver) => {
  const runner = await run({
    preset: {
      worker: {
        connectionString: connectionString({ port }),
        concurrentJobs: callsAtOnce,
        // Jobs are fetched, and reported as done, many at once: the settings of its own figures, worker.graphile.org/docs/performance.
        maxPoolSize: 25,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        ...polling,
      },
    },
    logger: quiet,
    noHandleSignals: true,
    taskList: { call: (data) => deliver(data as JobData) },
  })
  return () => runner.stop()
}
