/** The last instant that a schedule may have: the end of the year 9999, as far as RFC 3339 can write it. */
export const lastInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/i

/**
 * The instant that an RFC 3339 date-time with an offset names, in milliseconds since the epoch.
 *
 * Digits beyond the millisecond are rounded up, so that nothing is ever delivered before the moment asked for.
 *
 * @returns undefined where the text is not such a date-time, names no real date, or lies outside the years 1970 to 9999
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function parseInstant(text: string): number | undefined {
  const match = rfc3339.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number]
  const fraction = match[7] ?? ''
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const roundUp = /[1-9]/.test(fraction.slice(3)) ? 1 : 0
  const offsetHours = Number(match[9] ?? 0)
  const offsetMinutes = Number(match[10] ?? 0)
  if (hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return undefined

  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second, milliseconds))
  // Date.UTC carries a 30th of February over into March: a date that changed was none.
  if (local.getUTCFullYear() !== year || local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) return undefined

  const offset = (offsetHours * 60 + offsetMinutes) * 60_000 * (match[8] === '-' ? -1 : 1)
  const instant = local.getTime() - offset + roundUp
  return instant >= 0 && instant <= lastInstant ? instant : undefined
}

/** An instant (milliseconds since the epoch) as RFC 3339 in UTC with milliseconds: `2026-12-01T03:30:00.000Z`. */
export function formatInstant(instant: number): string {
  return new Date(instant).toISOString()
}
