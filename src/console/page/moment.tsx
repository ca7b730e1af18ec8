import { useEffect, useState } from 'preact/hooks'
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

/** How far away a moment is, kept up to date. */
export function Distance({ at }: { readonly at: string }) {
  const now = useNow(1000)
  return <span class="distance">{formatDistance(Date.parse(at), now)}</span>
}

/** The time, as often as it has to be known. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
