import { invalid } from '../domain/errors.ts'
import { formatInstant, lastInstant } from '../domain/time.ts'

/** When a caller wants its call: at an instant, which it may have named as a local time in a zone, or so long from now. */
export type When = { readonly at: number; readonly timeZone: string | null } | { readonly delaySeconds: number }

export interface Moment {
  readonly at: number
  readonly timeZone: string | null
}

/** A moment this little in the past is the caller's latency, and delivered at once; an older one is a mistake. */
const toleratedPastMs = 60_000

/** @throws AppError `invalid_request` where it is past, or beyond the year 9999 */
export function momentOf(when: When, now: number): Moment {
  if ('at' in when) {
    if (when.at >= now - toleratedPastMs) return when
    throw invalid('/at', `is ${Math.round((now - when.at) / 1000)} seconds in the past; at most 60 are taken as now`)
  }
  const at = now + Math.ceil(when.delaySeconds * 1000)
  if (at > lastInstant) throw invalid('/delaySeconds', 'ends after the year 9999')
  return { at, timeZone: null }
}

/**
 * Refuses what would expire before it could be delivered.
 *
 * @throws AppError `invalid_request`
 */
export function refuseExpired(expiresAt: number | null, now: number): void {
  if (expiresAt === null || expiresAt > now) return
  throw invalid('/expiresAfterSeconds', `ends at ${formatInstant(expiresAt)}, which is past: it could not be delivered`)
}
