import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { payload } from '../beside/job.ts'
import type { Job, OpenClient } from '../contender.ts'

/** A durable store with nothing to it: what comes during a commit is in the next one, which is answered after its fsync. */
export const open: OpenClient<string> = async (directory) => {
  const thread = new Worker(new URL('./groupCommitThread.ts', import.meta.url), { workerData: join(directory, 'floor.db') })
  let waiting: { readonly body: string; resolve(): void }[] = []
  let isBusy = false

  function commit(): void {
    const batch = waiting
    if (isBusy || batch.length === 0) return
    waiting = []
    isBusy = true
    thread.once('message', () => {
      isBusy = false
      for (const { resolve } of batch) resolve()
      commit()
    })
    thread.postMessage(batch.map(({ body }) => body))
  }

  const add = ({ at, url }: Job): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ body: JSON.stringify({ at, url, payload }), resolve })
      // All that are added in this turn go together.
      queueMicrotask(commit)
    })
  return {
    add,
    async addMany(jobs) {
      await Promise.all(jobs.map(add))
    },
    close: () => thread.terminate(),
  }
}
