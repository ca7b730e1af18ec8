import { inTurn } from './inTurn.ts'
import { partsOf, type Window } from './ranges.ts'
import { answered, service } from './service.ts'
import type { Schedule } from './types.ts'

/** So many looks, so many schedules at each at most, and so many looks at once. */
export const sampleParts = 20
export const samplePart = 15
const atOnce = 3

/** One delivered schedule of a sample. */
export interface Punctuality {
  readonly name: string
  readonly timeZone: string | undefined
  readonly at: number
  /** Of the first attempt that is known, in milliseconds. */
  readonly latenessMs: number
  readonly wasRetried: boolean
}

/** How late some of those delivered in a window were: the first of each of its parts, in the order of time. */
export async function takeSample(window: Window, signal: AbortSignal): Promise<Punctuality[]> {
  const pages = await inTurn(partsOf(window, sampleParts), atOnce, async ({ from, to }) => {
    const query = { status: 'delivered', from: new Date(from).toISOString(), to: new Date(to).toISOString(), limit: samplePart } as const
    const { data } = await answered(service.GET('/schedules', { params: { query }, signal }))
    return data.items
  })
  return pages.flat().flatMap(punctualityOf)
}

function punctualityOf({ name, timeZone, at, attempts }: Schedule): Punctuality[] {
  const [first] = attempts
  if (first === undefined) return []
  return [{ name, timeZone, at: Date.parse(at), latenessMs: first.latenessMs, wasRetried: attempts.length > 1 }]
}
