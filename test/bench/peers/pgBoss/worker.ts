import { PgBoss } from 'pg-boss'
import type { JobData, Work } from '../../contender.ts'
import type { PeerSettings } from '../peer.ts'
import { connectionString } from '../postgres.ts'
import { queueName } from './queueName.ts'

interface Settings extends PeerSettings {
  /** Undefined: its default of 2. */
  readonly pollingIntervalSeconds?: number
}

export const work: Work<Settings> = async ({ port, ...polling }, deliver) => {
  const boss = new PgBoss({ connectionString: connectionString({ port }) })
  boss.on('error', (error) => process.stderr.write(`pg-boss: ${error.message}\n`))
  await boss.start()
  await boss.createQueue(queueName)
  // Many at once, and more at once while there are more: as its documentation tells for throughput.
  const options = { ...polling, batchSize: 1000, burstWhenBatchFull: true, perJobResults: true } as const
  await boss.work<JobData>(queueName, options, (jobs) =>
    Promise.all(
      jobs.map(async ({ id, data }) => {
        await deliver(data)
        return { id, status: 'completed' as const }
      }),
    ),
  )
  return () => boss.stop()
}
