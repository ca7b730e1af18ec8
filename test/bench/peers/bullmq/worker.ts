import { Worker } from 'bullmq'
import { callsAtOnce } from '../../beside/deliver.ts'
import type { JobData, Work } from '../../contender.ts'
import type { PeerSettings } from '../peer.ts'
import { queueName } from './queueName.ts'

export const work: Work<PeerSettings> = async ({ port }, deliver) => {
  const worker = new Worker<JobData>(queueName, ({ data }) => deliver(data), {
    connection: { host: '127.0.0.1', port, maxRetriesPerRequest: null },
    // As its documentation advises for jobs that wait for HTTP.
    concurrency: callsAtOnce,
  })
  worker.on('error', (error) => process.stderr.write(`BullMQ: ${error.message}\n`))
  await worker.waitUntilReady()
  return () => worker.close()
}
