import { signal } from '@preact/signals'
import { formatDistance } from './format.ts'
import { zoneChoice, zoneFor } from './preferences.ts'
import { formatMoment, formatOffset, type Precision } from './zone.ts'

interface Props {
  /** RFC 3339 */
  readonly at: string
  /** The schedule's own zone. */
  readonly timeZone?: string | undefined
  readonly precision?: Precision
}

/** A moment in the zone that was chosen; what it is in UTC is its title. */
export function Moment({ at, timeZone, precision = 'seconds' }: Props) {
  const instant = Date.parse(at)
  const zone = zoneFor(timeZone)
  return (
    <time dateTime={at} title={`${at} (${zone} is UTC${formatOffset(instant, zone)})`}>
      {formatMoment(instant, zone, precision)}
      {zoneChoice.value === 'own' && <span class="zone"> {zone}</span>}
    </time>
  )
}

/** The time, to the second. */
export const now = signal(Date.now())

setInterval(() => {
  now.value = Date.now()
}, 1000)

/** How far away a moment is, kept up to date. */
export function Distance({ at }: { readonly at: string }) {
  return <span class="distance">{formatDistance(Date.parse(at), now.value)}</span>
}
