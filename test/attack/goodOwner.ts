import type { Api } from '../support/api.ts'
import type { TestOwner } from '../support/owner.ts'

const everyMs = 10
const batch = 1000

/**
 * Schedules a call for a well-behaved owner every 10 ms, and waits for them all.
 *
 * @returns for each, the milliseconds from its time to the moment when the owner had the request's headers, sorted
 */
export async function measureGoodOwner(api: Api, owner: TestOwner, prefix: string, start: number, forMs: number): Promise<number[]> {
  const bodies = Array.from({ length: Math.floor(forMs / everyMs) }, (_, index) => ({
    name: `${prefix}-${index}`,
    at: new Date(start + index * everyMs).toISOString(),
    target: { url: owner.origin },
    payload: { index },
  }))
  for (let from = 0; from < bodies.length; from += batch) await api.createAll(bodies.slice(from, from + batch))
  const calls = await owner.waitForCalls(bodies.length, `${prefix}-`)
  return calls.map(({ receivedAt, headers }) => receivedAt - Date.parse(headers['schedule-due-at'] ?? '')).toSorted((a, b) => a - b)
}
