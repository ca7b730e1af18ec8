import { makeDeliver } from '../beside/deliver.ts'
import { payload } from '../beside/job.ts'
import type { Job, OpenClient } from '../contender.ts'

/** What a timer can wait for, in milliseconds. */
const longestMs = 2 ** 31 - 1

/** A bare timer for each job, and a bare HTTP client. */
export const open: OpenClient<string> = async () => {
  const deliver = makeDeliver()
  const add = async ({ at, url }: Job): Promise<void> => {
    const delayMs = at - Date.now()
    if (delayMs < longestMs) setTimeout(() => void deliver({ url, payload }), delayMs)
  }
  return {
    add,
    async addMany(jobs) {
      for (const job of jobs) await add(job)
    },
    close: async () => undefined,
  }
}
