import { partsOf, type Window } from './ranges.ts'
import { answered, service } from './service.ts'
import type { CountedStatus, Timeline } from './types.ts'

/** How many schedules of one status there are in an interval; `isMore`: so many, or more. */
export interface Bar {
  readonly from: number
  readonly to: number
  readonly count: number
  readonly isMore: boolean
}

export type Bars = Readonly<Partial<Record<CountedStatus, readonly Bar[]>>>

/** Counts in equal steps of a window, of each status asked for. */
export async function loadBars(window: Window, steps: number, status: readonly CountedStatus[], signal: AbortSignal): Promise<Bars> {
  const query = { from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString(), buckets: steps, status: [...status] }
  const { data } = await answered(service.GET('/timeline', { params: { query }, signal }))
  return Object.fromEntries(status.map((status) => [status, barsOf(data, status)]))
}

function barsOf({ buckets, countedUpTo }: Timeline, status: CountedStatus): Bar[] {
  return buckets.map(({ from, to, counts }) => {
    const count = counts[status] ?? 0
    return { from: Date.parse(from), to: Date.parse(to), count, isMore: count >= countedUpTo }
  })
}

/** All bars of a window together. */
export function totalOf(bars: readonly Bar[]): Pick<Bar, 'count' | 'isMore'> {
  return { count: bars.reduce((total, { count }) => total + count, 0), isMore: bars.some(({ isMore }) => isMore) }
}

/** What is drawn until there is an answer. */
export function emptyBars(window: Window, steps: number): Bar[] {
  return partsOf(window, steps).map(({ from, to }) => ({ from, to, count: 0, isMore: false }))
}
