// Stands in for the language's own until that is everywhere.
import { Temporal } from 'temporal-polyfill'

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
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6])]
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

/** The last two instants that were written out, the later one first. */
let [first, second] = [
  { instant: 0, text: '1970-01-01T00:00:00.000Z' },
  { instant: 0, text: '1970-01-01T00:00:00.000Z' },
]

/** An instant (milliseconds since the epoch) as RFC 3339 in UTC with milliseconds: `2026-12-01T03:30:00.000Z`. */
export function formatInstant(instant: number): string {
  // Records have the same moments in several places, and those that come together have some in common; it is dear to write one out.
  if (instant === first.instant) return first.text
  if (instant === second.instant) return second.text
  second = first
  first = { instant, text: new Date(instant).toISOString() }
  return first.text
}

/** What a local time means that a clock change skips or repeats: nothing, the earlier instant, or the later one. */
export const disambiguations = ['reject', 'earlier', 'later'] as const
export type Disambiguation = (typeof disambiguations)[number]

const localTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?$/i

/** What a local time in a zone amounts to. */
export type LocalInstant =
  | { readonly kind: 'instant'; readonly at: number; readonly timeZone: string }
  /** `timeZone` is none that this machine knows. */
  | { readonly kind: 'unknown_zone' }
  /** The text is no local date-time, names no real date, or lies outside the years 1970 to 9999. */
  | { readonly kind: 'malformed' }
  /** The clocks skip it or go through it twice, and the caller has chosen neither instant. */
  | { readonly kind: 'skipped' | 'repeated'; readonly earlier: number; readonly later: number }

/**
 * The instant (milliseconds since the epoch) at which clocks in a zone show a local time. Digits beyond the millisecond
 * are rounded up, as with `parseInstant`.
 *
 * @param timeZone a name of the IANA time zone database, such as `Asia/Kolkata`
 */
export function parseLocalTime(text: string, timeZone: string, disambiguation: Disambiguation): LocalInstant {
  const zone = zoneOf(timeZone)
  if (zone === undefined) return { kind: 'unknown_zone' }
  // As if it were UTC, which tells whether it is a date-time at all, and rounds.
  const asUtc = localTime.test(text) ? parseInstant(`${text}Z`) : undefined
  if (asUtc === undefined) return { kind: 'malformed' }
  const local = Temporal.PlainDateTime.from(formatInstant(asUtc).slice(0, -1))
  const [earlier, later] = (['earlier', 'later'] as const).map((choice) => local.toZonedDateTime(zone, { disambiguation: choice })) as [
    Temporal.ZonedDateTime,
    Temporal.ZonedDateTime,
  ]
  const instants = { earlier: earlier.epochMilliseconds, later: later.epochMilliseconds }
  if (instants.earlier !== instants.later && disambiguation === 'reject') {
    return { kind: earlier.toPlainDateTime().equals(local) ? 'repeated' : 'skipped', ...instants }
  }
  const at = disambiguation === 'later' ? instants.later : instants.earlier
  return at >= 0 && at <= lastInstant ? { kind: 'instant', at, timeZone: zone } : { kind: 'malformed' }
}

/** What clocks in a zone show at an instant, as RFC 3339 with the zone's offset then: `2026-12-01T09:00:00.000+05:30`. */
export function formatLocalTime(instant: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: 'never', smallestUnit: 'millisecond' })
}

/** Whether this machine knows the time zone. */
export function isTimeZone(timeZone: string): boolean {
  return zoneOf(timeZone) !== undefined
}

/** The zone's name in its usual spelling; undefined where there is none. A bare offset is no zone: it knows no clock changes. */
function zoneOf(timeZone: string): string | undefined {
  if (!/^[A-Za-z]/.test(timeZone)) return undefined
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone).timeZoneId
  } catch {
    return undefined
  }
}
