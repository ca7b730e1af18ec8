import type { Job } from '../contender.ts'

/** What each job carries to its owner: some 300 bytes as JSON, for everybody the same. */
export const payload = {
  postId: 42,
  title: 'What is to be said about it',
  author: { id: 7, name: 'Asha Verma', email: 'asha.verma@example.com' },
  text: 'hello, this is the text of a post that is to be published later, at the moment that its author has chosen for it',
  tags: ['news', 'evening', 'local'],
  notify: ['email', 'push'],
}

/** The jobs `first` to `first + count - 1` of those that are spread evenly; the sink knows each by its URL. */
export function jobsOf({ origin, from, spreadMs, total }: Spread, first: number, count: number): Job[] {
  return Array.from({ length: count }, (_, offset) => {
    const index = first + offset
    const at = from + Math.floor((index * spreadMs) / total)
    return { at, url: `${origin}/${at}/${index}` }
  })
}

/** So many jobs, spread evenly over some time. */
export interface Spread {
  /** The sink's. */
  readonly origin: string
  /** When the first is due, in milliseconds since the epoch. */
  readonly from: number
  readonly spreadMs: number
  readonly total: number
}

const dayMs = 24 * 3600_000

/** Jobs that stay pending: over the month after the next one. */
export function farAhead(origin: string, total: number): Spread {
  return { origin, from: Date.now() + 30 * dayMs, spreadMs: 30 * dayMs, total }
}
