import { answered, service } from '../service.ts'

const pageNames = 1000
const mostPages = 10

/** How many schedules a prefix would cancel, as far as they were counted. */
export interface Pending {
  readonly count: number
  /** There may be more: counting ended before the names did. */
  readonly isMore: boolean
  /** The first of them, by name. */
  readonly examples: readonly string[]
}

/** Counts those that begin with a prefix and are still scheduled, with a bounded number of requests. */
export async function countPending(namePrefix: string, signal: AbortSignal, onProgress: (count: number) => void): Promise<Pending> {
  let count = 0
  const examples: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const query = { namePrefix, status: 'scheduled', limit: pageNames, cursor } as const
    const { data } = await answered(service.GET('/schedules', { params: { query }, signal }))
    count += data.items.length
    for (const { name } of data.items.slice(0, 5 - examples.length)) examples.push(name)
    if (data.nextCursor === null) return { count, isMore: false, examples }
    cursor = data.nextCursor
    onProgress(count)
  }
  return { count, isMore: true, examples }
}
