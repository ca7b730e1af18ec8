/** `1,000` */
export function formatCount(count: number): string {
  return count.toLocaleString('en')
}

/** So many things: `1 schedule`, `2 schedules`. */
export function countOf(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? '' : 's'}`
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const

/** A length of time to two of its largest units: `12 ms`, `1.3 s`, `5 min 20 s`, `2 d 3 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1000).toFixed(1).replace('.0', '')} s`
  // To the second, so that 59.9 s do not end up as 60 s.
  const whole = Math.round(ms / 1000) * 1000
  const first = units.findIndex(([, size]) => whole >= size)
  const parts = units.slice(first, first + 2).map(([unit, size], index, [largest]) => {
    const rest = index === 0 || largest === undefined ? whole : whole % largest[1]
    return [Math.floor(rest / size), unit] as const
  })
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

/** `in 5 min`, `3 h 10 min ago`, `now`: in whole minutes, and below one in seconds. */
export function formatDistance(instant: number, now: number): string {
  const distance = Math.abs(instant - now)
  if (distance < 1000) return 'now'
  const step = distance < 60_000 ? 1000 : 60_000
  const text = formatDuration(Math.floor(distance / step) * step)
  return instant > now ? `in ${text}` : `${text} ago`
}
