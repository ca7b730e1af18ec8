import { cancel, claim, expire, settle } from '../../src/domain/lifecycle.ts'
import type { ScheduleStore } from '../../src/domain/ports.ts'
import type { Schedule } from '../../src/domain/schedule.ts'
import { newSchedule } from './schedules.ts'

const dayMs = 86_400_000
const retentionMs = 3650 * dayMs

/** A schedule of every state and shape, in turn: what it became, step by step. */
function livesOf(index: number, now: number): readonly Schedule[] {
  const at = now + dayMs + index * 1000
  const first = newSchedule({
    application: index % 3 === 0 ? 'shop' : 'blog',
    name: `n-${index}`,
    now,
    at,
    ...(index % 2 === 0 ? { timeZone: 'Asia/Kolkata', expiresAt: at + 60_000 } : {}),
    content: {
      payload: index % 5 === 0 ? null : `{ "n" : ${index}.0, "text": "ü🕰\\u0000\\ud800" }`,
      target: { url: `http://127.0.0.1:3000/${index}?q=ä`, method: 'PUT', headers: index % 4 === 0 ? {} : { 'x-a': 'ÿ' } },
      retry: { maxAttempts: 3, initialDelaySeconds: 0.5, maxDelaySeconds: 7 },
      traceparent: index % 7 === 0 ? '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' : null,
    },
  })
  const claimed = claim(first, at)
  const result = { startedAt: at + 1, durationMs: 2, statusCode: 503, responseBody: 'no 🕰' }
  switch (index % 6) {
    case 0:
      return [first]
    case 1:
      return [first, claimed]
    case 2:
      return [first, claimed, settle(claimed, { ...result, verdict: 'retry', error: 'the owner answered 503' }, at + 4, 0.5, retentionMs)]
    case 3:
      return [first, claimed, settle(claimed, { ...result, verdict: 'delivered' }, at + 4, 0.5, retentionMs)]
    case 4: {
      const canceled = cancel(first, now, retentionMs)
      return canceled.kind === 'moved' ? [first, canceled.schedule] : [first]
    }
    default:
      return [first, expire(first, at + 60_000, retentionMs)]
  }
}

/** Fills a store with schedules of every state and shape. */
export async function fillWithEverything(store: Pick<ScheduleStore, 'insert' | 'replace'>, count: number): Promise<void> {
  const now = Date.now()
  for (let begin = 0; begin < count; begin += 1000) {
    const lives = Array.from({ length: Math.min(1000, count - begin) }, (_, index) => livesOf(begin + index, now))
    await Promise.all(lives.map(([first]) => store.insert(first as Schedule)))
    await Promise.all(
      lives.map(async ([first, ...rest]) => {
        const last = rest.at(-1)
        if (last !== undefined) await store.replace(first as Schedule, last)
      }),
    )
  }
}
