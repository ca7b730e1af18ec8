import { startOwner, type TestOwner } from '../support/owner.ts'
import { startService } from '../support/service.ts'
import { createMany } from './createMany.ts'
import { withDirectory } from './directory.ts'
import { summary } from './summary.ts'

const count = 1000
const spreadMs = 10_000

/** 1,000 schedules over 10 s on an idle service: how late each request reached its owner. */
export async function lateness(): Promise<string[]> {
  return withDirectory(async (dataDir) => {
    const owner = await startOwner()
    const service = await startService({ dataDir })
    const late = await measureLateness(service.url, owner)
    await service.end('SIGTERM')
    await owner.close()
    return [`  ${summary(late)}`]
  })
}

/**
 * Schedules 1,000 calls over 10 s and waits for them.
 *
 * @returns for each, the wall clock's milliseconds between `at` and the moment when the owner had the request's headers
 */
export async function measureLateness(url: string, owner: TestOwner, key?: string): Promise<number[]> {
  const start = Date.now() + 3000
  const before = owner.calls.length
  const at = (index: number): string => new Date(start + Math.floor((index * spreadMs) / count)).toISOString()
  await createMany(url, count, (index) => ({ at: at(index), target: { url: `${owner.origin}/hook` }, payload: { index } }), key)
  const calls = (await owner.waitForCalls(before + count)).slice(before)
  return calls.map(({ receivedAt, headers }) => receivedAt - Date.parse(headers['schedule-due-at'] ?? ''))
}
