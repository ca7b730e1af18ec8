import { PgBoss } from 'pg-boss'
import { payload } from '../../beside/job.ts'
import type { OpenClient } from '../../contender.ts'
import type { PeerSettings } from '../peer.ts'
import { connectionString } from '../postgres.ts'
import { queueName } from './queueName.ts'

export const open: OpenClient<PeerSettings> = async ({ port }) => {
  // Looking after the queue is left to the worker. More connections than its 10 do not make it faster on two cores.
  const boss = new PgBoss({ connectionString: connectionString({ port }), supervise: false, schedule: false })
  boss.on('error', (error) => process.stderr.write(`pg-boss: ${error.message}\n`))
  await boss.start()
  return {
    async add({ at, url }) {
      await boss.send(queueName, { url, payload }, { startAfter: new Date(at) })
    },
    async addMany(jobs) {
      await boss.insert(
        queueName,
        jobs.map(({ at, url }) => ({ data: { url, payload }, startAfter: new Date(at) })),
      )
    },
    close: () => boss.stop({ graceful: false }),
  }
}
