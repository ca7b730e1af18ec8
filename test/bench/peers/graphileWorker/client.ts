import { makeWorkerUtils } from 'graphile-worker'
import { payload } from '../../beside/job.ts'
import type { OpenClient } from '../../contender.ts'
import type { PeerSettings } from '../peer.ts'
import { connectionString } from '../postgres.ts'
import { quiet } from './quiet.ts'

export const open: OpenClient<PeerSettings> = async ({ port }) => {
  // More connections than its 10 make it slower on two cores.
  const utils = await makeWorkerUtils({ connectionString: connectionString({ port }), logger: quiet })
  return {
    async add({ at, url }) {
      await utils.addJob('call', { url, payload }, { runAt: new Date(at) })
    },
    async addMany(jobs) {
      await utils.addJobs(jobs.map(({ at, url }) => ({ identifier: 'call', payload: { url, payload }, runAt: new Date(at) })))
    },
    close: async () => utils.release(),
  }
}
