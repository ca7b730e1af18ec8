import type { Filter } from './route.ts'
import { answered, service } from './service.ts'
import type { Schedule } from './types.ts'

/** So many rows make a page. */
const pageRows = 50

/** By a prefix and something else, the service looks through names: so many at a time, and so often for one page. */
const namesAtOnce = 200
const mostLooks = 5

/** A page of a list. */
export interface Listing {
  readonly schedules: readonly Schedule[]
  /** Where the next page begins; null: there is none. */
  readonly next: string | null
  /** So many names were looked at, and the page is not full yet: what is looked for is rare. */
  readonly lookedAt: number | undefined
}

/** A page of the schedules that match, with a bounded number of requests. */
export async function loadListing(filter: Filter, signal: AbortSignal): Promise<Listing> {
  const { namePrefix, status, from, to, cursor } = filter
  // Only then a page may be short although more follow, but for large payloads.
  const isSearch = namePrefix !== undefined && (status !== undefined || from !== undefined || to !== undefined)
  const limit = isSearch ? namesAtOnce : pageRows
  const schedules: Schedule[] = []
  let next: string | null = cursor ?? null
  for (let look = 1; ; look++) {
    const query = { namePrefix, status, from, to, limit, cursor: next ?? undefined }
    const { data } = await answered(service.GET('/schedules', { params: { query }, signal }))
    schedules.push(...data.items)
    next = data.nextCursor
    if (next === null || schedules.length >= pageRows || !isSearch) return { schedules, next, lookedAt: undefined }
    if (look === mostLooks) return { schedules, next, lookedAt: look * namesAtOnce }
  }
}
