import { useEffect, useRef, useState } from 'preact/hooks'
import { CancelMany } from '../actions/cancelMany.tsx'
import { countOf, formatCount, formatDuration } from '../format.ts'
import { type Listing, loadListing } from '../listing.ts'
import { useLoaded } from '../loaded.ts'
import { Distance, Moment } from '../moment.tsx'
import { zoneChoice, zoneFor } from '../preferences.ts'
import { ProblemBox } from '../problemBox.tsx'
import { type Filter, listHref, scheduleHref } from '../route.ts'
import { StatusBadge } from '../statusBadge.tsx'
import type { Schedule } from '../types.ts'
import { Filters } from './filters.tsx'

const refreshMs = 10_000

/** A list of schedules, a page at a time. */
export function Schedules({ filter }: { readonly filter: Filter }) {
  const [isCanceling, setCanceling] = useState(false)
  const href = listHref(filter)
  const { data, failure, isLoading } = useLoaded({ load: (signal) => loadListing(filter, signal), key: href, refreshMs })
  const results = useFocusOnTurning(filter.cursor)
  return (
    <>
      <div class="head">
        <h1 tabIndex={-1}>Schedules</h1>
        <button type="button" onClick={() => setCanceling(true)}>
          Cancel by prefix…
        </button>
      </div>
      <Filters filter={filter} />
      <section class="card" aria-labelledby="results" aria-busy={isLoading}>
        <h2 id="results" tabIndex={-1} ref={results} class="hidden">
          Results
        </h2>
        {failure !== undefined && <ProblemBox failure={failure} />}
        {data !== undefined && <Page listing={data} filter={filter} />}
        {data === undefined && failure === undefined && <p class="empty">Loading…</p>}
      </section>
      {isCanceling && <CancelMany prefix={filter.namePrefix ?? ''} onClose={() => setCanceling(false)} />}
    </>
  )
}

/** Whoever turns a page reads on at its top. */
function useFocusOnTurning(cursor: string | undefined) {
  const heading = useRef<HTMLHeadingElement>(null)
  const last = useRef(cursor)
  useEffect(() => {
    if (last.current !== cursor) heading.current?.focus()
    last.current = cursor
  }, [cursor])
  return heading
}

function Page({ listing, filter }: { readonly listing: Listing; readonly filter: Filter }) {
  const { schedules, next, lookedAt } = listing
  return (
    <>
      <p class="note" role="status">
        {summaryOf(listing, filter)}
      </p>
      {schedules.length > 0 && <Table schedules={schedules} />}
      <div class="pages">
        {filter.cursor !== undefined && <a href={listHref({ ...filter, cursor: undefined })}>First page</a>}
        {next !== null && <a href={listHref({ ...filter, cursor: next })}>{lookedAt === undefined ? 'Next page' : 'Look further'}</a>}
      </div>
    </>
  )
}

function summaryOf({ schedules, next, lookedAt }: Listing, { namePrefix, cursor }: Filter): string {
  const order = namePrefix === undefined ? 'soonest first' : 'by name'
  if (lookedAt !== undefined)
    return `${formatCount(schedules.length)} among ${formatCount(lookedAt)} names that begin with “${namePrefix}”; there are more to look at.`
  if (schedules.length === 0) return cursor === undefined ? 'There is no such schedule.' : 'There are no more.'
  const more = next === null ? '' : ', and more on the next page'
  return `${countOf(schedules.length, 'schedule')}, ${order}${more}.`
}

function Table({ schedules }: { readonly schedules: readonly Schedule[] }) {
  return (
    <table class="schedules">
      <caption class="hidden">Schedules</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Due{zoneChoice.value === 'own' ? '' : ` (${zoneFor(undefined)})`}</th>
          <th scope="col">Status</th>
          <th scope="col" class="wide number">
            Attempts
          </th>
          <th scope="col" class="wide number">
            Late
          </th>
        </tr>
      </thead>
      <tbody>
        {schedules.map((schedule) => (
          <Row key={schedule.id} schedule={schedule} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ schedule }: { readonly schedule: Schedule }) {
  const { name, at, timeZone, status, target, attempts } = schedule
  const last = attempts.at(-1)
  return (
    <tr>
      <th scope="row">
        <a href={scheduleHref(name)}>{name}</a>
        <span class="target">
          {target.method} {target.url}
        </span>
      </th>
      <td>
        <Moment at={at} timeZone={timeZone} />
        <Distance at={at} />
      </td>
      <td>
        <StatusBadge sign={status} />
      </td>
      <td class="wide number">{last === undefined ? '–' : last.number}</td>
      <td class="wide number">{last === undefined ? '–' : formatDuration(last.latenessMs)}</td>
    </tr>
  )
}
