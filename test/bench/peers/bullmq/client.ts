import { Queue } from 'bullmq'
import { payload } from '../../beside/job.ts'
import type { Job, JobData, OpenClient } from '../../contender.ts'
import type { PeerSettings } from '../peer.ts'
import { queueName } from './queueName.ts'

export const open: OpenClient<PeerSettings> = async ({ port }) => {
  const queue = new Queue<JobData>(queueName, { connection: { host: '127.0.0.1', port } })
  await queue.waitUntilReady()
  return {
    async add({ at, url }) {
      await queue.add('call', { url, payload }, optionsOf(at))
    },
    async addMany(jobs) {
      await queue.addBulk(jobs.map(({ at, url }: Job) => ({ name: 'call', data: { url, payload }, opts: optionsOf(at) })))
    },
    close: () => queue.close(),
  }
}

/** It is told a delay, which counts from the timestamp. */
function optionsOf(at: number) {
  const timestamp = Date.now()
  return { timestamp, delay: at - timestamp, removeOnComplete: true }
}
