import type { Bar } from './bars.ts'
import { formatCount } from './format.ts'
import { formatDay, formatMoment } from './zone.ts'

const dayMs = 86_400_000

/** When a bar is: `09:00 – 09:01`, or a day. */
export function formatInterval({ from, to }: Pick<Bar, 'from' | 'to'>, timeZone: string): string {
  if (to - from >= dayMs) return formatDay((from + to) / 2, timeZone)
  const [start, end] = [from, to].map((edge) => formatMoment(edge, timeZone, 'minutes').slice(11))
  return `${start} – ${end}`
}

/** `12`, or `1,000+` */
export function formatBarCount({ count, isMore }: Pick<Bar, 'count' | 'isMore'>): string {
  return `${formatCount(count)}${isMore ? '+' : ''}`
}
