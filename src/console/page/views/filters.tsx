import { useLayoutEffect, useState } from 'preact/hooks'
import { nameField } from '../nameField.ts'
import { goTo } from '../navigation.ts'
import { commonZone } from '../preferences.ts'
import { type Filter, listHref } from '../route.ts'
import { type Status, statuses } from '../types.ts'
import { fromLocal, toLocal } from '../zone.ts'

const hourMs = 3_600_000

/** What people look for most, next to now. */
const shortcuts = [
  { label: 'From now on', filterAt: (now: number): Filter => ({ status: 'scheduled', from: toAddress(now) }) },
  { label: 'Last hour', filterAt: (now: number): Filter => ({ from: toAddress(now - hourMs), to: toAddress(now) }) },
  { label: 'Failed, last 24 h', filterAt: (now: number): Filter => ({ status: 'failed', from: toAddress(now - 24 * hourMs) }) },
] as const

/** To the second. */
function toAddress(instant: number): string {
  return new Date(Math.floor(instant / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}

/** Which schedules are listed. */
export function Filters({ filter }: { readonly filter: Filter }) {
  const zone = commonZone.value
  const [namePrefix, setNamePrefix] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')

  // What the address says, however it was come by.
  useLayoutEffect(() => {
    setNamePrefix(filter.namePrefix ?? '')
    setFrom(toField(filter.from, zone))
    setTo(toField(filter.to, zone))
  }, [filter.namePrefix, filter.from, filter.to, zone])

  function submit(status: Status | undefined): void {
    goTo(listHref({ namePrefix: namePrefix.trim() || undefined, status, from: fromField(from, zone), to: fromField(to, zone) }))
  }

  return (
    <form
      class="filters"
      aria-label="Which schedules"
      onSubmit={(event) => {
        event.preventDefault()
        submit(filter.status)
      }}
    >
      <label>
        Name begins with
        <input type="search" value={namePrefix} {...nameField} onInput={(event) => setNamePrefix(event.currentTarget.value)} />
      </label>
      <label>
        Status
        <select
          value={filter.status ?? ''}
          onChange={(event) => {
            const { value } = event.currentTarget
            submit(statuses.find((status) => status === value))
          }}
        >
          <option value="">any</option>
          {statuses.map((status) => (
            <option key={status} value={status}>
              {status}
            </option>
          ))}
        </select>
      </label>
      <label>
        Due from ({zone})
        <input type="datetime-local" step="1" value={from} onInput={(event) => setFrom(event.currentTarget.value)} />
      </label>
      <label>
        and before
        <input type="datetime-local" step="1" value={to} onInput={(event) => setTo(event.currentTarget.value)} />
      </label>
      <button type="submit">Search</button>
      <p class="shortcuts">
        {shortcuts.map(({ label, filterAt }) => (
          <button key={label} type="button" class="quiet" onClick={() => goTo(listHref(filterAt(Date.now())))}>
            {label}
          </button>
        ))}
        <a href={listHref({})}>All</a>
      </p>
    </form>
  )
}

function toField(moment: string | undefined, zone: string): string {
  return moment === undefined ? '' : toLocal(Date.parse(moment), zone).slice(0, 19)
}

function fromField(field: string, zone: string): string | undefined {
  const instant = field === '' ? undefined : fromLocal(field, zone)
  return instant === undefined ? undefined : toAddress(instant)
}
