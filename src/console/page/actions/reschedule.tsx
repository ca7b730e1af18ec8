import { useId, useState } from 'preact/hooks'
import { Dialog } from '../dialog.tsx'
import { formatDistance } from '../format.ts'
import { useNow } from '../moment.tsx'
import { announce } from '../notice.tsx'
import { viewersZone, zoneFor } from '../preferences.ts'
import { ProblemBox } from '../problemBox.tsx'
import { answered, service } from '../service.ts'
import type { Schedule } from '../types.ts'
import { useFocusOnMount } from '../useFocusOnMount.ts'
import { formatMoment, fromLocal, isZone, toLocal } from '../zone.ts'
import { useAction } from './action.ts'
import type { Seen } from './confirm.tsx'

interface Props {
  readonly schedule: Schedule
  readonly seen: Seen
  readonly onClose: () => void
}

const disambiguations = { reject: 'is refused', earlier: 'means the earlier moment', later: 'means the later moment' } as const

type Disambiguation = keyof typeof disambiguations

/** Moves a schedule to another moment, as clocks in a zone will show it. */
export function Reschedule({ schedule, seen, onClose }: Props) {
  const [zone, setZone] = useState(() => schedule.timeZone ?? zoneFor(undefined))
  const [local, setLocal] = useState(() => toLocal(Date.parse(schedule.at), isZone(zone) ? zone : 'UTC').slice(0, 19))
  const [disambiguation, setDisambiguation] = useState<Disambiguation>('reject')
  const field = useFocusOnMount<HTMLInputElement>()
  const zones = useId()
  const preview = useId()
  const action = useAction()

  async function move(): Promise<void> {
    // What a field shows may lack its seconds.
    const at = local.length === 16 ? `${local}:00` : local
    const { name, etag } = seen
    const when = zone === 'UTC' ? { at: `${at}Z` } : { at, timeZone: zone, disambiguation }
    const { data } = await answered(
      service.PATCH('/schedules/{name}', { params: { path: { name }, header: { 'if-match': etag } }, body: when }),
    )
    announce(`${name} is due ${formatMoment(Date.parse(data.at), zoneFor(data.timeZone), 'seconds')} now.`)
    onClose()
  }

  return (
    <Dialog title={`Reschedule: ${seen.name}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          action.start(move)
        }}
      >
        <label>
          Date and time
          <input
            ref={field}
            type="datetime-local"
            step="1"
            required
            value={local}
            aria-describedby={preview}
            onInput={(event) => setLocal(event.currentTarget.value)}
          />
        </label>
        <label>
          In the zone
          <input
            list={zones}
            required
            value={zone}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => setZone(event.currentTarget.value)}
          />
        </label>
        <datalist id={zones}>
          {[...new Set(['UTC', viewersZone, ...Intl.supportedValuesOf('timeZone')])].map((zone) => (
            <option key={zone} value={zone}>
              {zone}
            </option>
          ))}
        </datalist>
        {zone !== 'UTC' && (
          <label>
            A time that a clock change skips or repeats
            <select value={disambiguation} onChange={(event) => setDisambiguation(event.currentTarget.value as Disambiguation)}>
              {Object.entries(disambiguations).map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
        )}
        <p id={preview} class="note">
          <Preview local={local} zone={zone} />
        </p>
        {action.failure !== undefined && <ProblemBox failure={action.failure} />}
        <div class="buttons">
          <button type="button" onClick={onClose}>
            {action.failure === undefined ? 'Leave it' : 'Close'}
          </button>
          <button type="submit" class="primary" disabled={action.isBusy}>
            Reschedule
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** What was entered, seen from here. */
function Preview({ local, zone }: { readonly local: string; readonly zone: string }) {
  const now = useNow(1000)
  if (!isZone(zone)) return <>This browser knows no such zone; the service may.</>
  const instant = fromLocal(local, zone)
  if (instant === undefined) return <>Choose a date and a time.</>
  return (
    <>
      {formatMoment(instant, 'UTC', 'seconds')} UTC, {formatDistance(instant, now)}
    </>
  )
}
