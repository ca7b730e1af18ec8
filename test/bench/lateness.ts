import { startOwner } from '../support/owner.ts'
import { startService } from '../support/service.ts'
import { createMany } from './createMany.ts'
import { withDirectory } from './directory.ts'

const count = 1000
const spreadMs = 10_000

/** 1,000 schedules over 10 s on an idle service: how late each request reached its owner. */
export async function lateness(): Promise<string[]> {
  return withDirectory(async (dataDir) => {
    const owner = await startOwner()
    const service = await startService({ dataDir })
    const start = Date.now() + 3000
    await createMany(service.url, count, (index) => ({
      name: `bench-${index}`,
      at: new Date(start + Math.floor((index * spreadMs) / count)).toISOString(),
      target: { url: `${owner.origin}/hook` },
      payload: { index },
    }))
    const calls = await owner.waitForCalls(count)
    const late = calls.map(({ receivedAt, headers }) => receivedAt - Date.parse(headers['schedule-due-at'] ?? ''))
    await service.end('SIGTERM')
    await owner.close()
    return [`  ${summary(late)}   early: ${late.filter((each) => each < 0).length}, calls: ${calls.length}`]
  })
}

/** Median, 99th percentile and maximum. */
export function summary(lateMs: readonly number[]): string {
  const sorted = lateMs.toSorted((a, b) => a - b)
  const at = (share: number): string => String(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))])
  return `p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   max ${at(1)} ms`
}
