import { isRangeName, type RangeName } from './ranges.ts'
import { type Status, statuses } from './types.ts'

/** Which schedules a list is of; moments are RFC 3339. */
export interface Filter {
  readonly namePrefix?: string | undefined
  readonly status?: Status | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Where the page begins. */
  readonly cursor?: string | undefined
}

/** Where in the console somebody is: all of it is in the address, so that it can be told to others. */
export type Route =
  | { readonly view: 'overview'; readonly coming: RangeName; readonly past: RangeName }
  | { readonly view: 'schedules'; readonly filter: Filter }
  | { readonly view: 'schedule'; readonly name: string }
  | { readonly view: 'nowhere' }

/** @param hash the address from `#` on */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?')
  const given = new URLSearchParams(query)
  if (path === '') {
    const [coming, past] = [given.get('coming'), given.get('past')]
    return { view: 'overview', coming: isRangeName(coming) ? coming : 'hour', past: isRangeName(past) ? past : 'hour' }
  }
  if (path === 'schedules') return { view: 'schedules', filter: parseFilter(given) }
  const name = /^schedules\/([^/]+)$/.exec(path)?.[1]
  return name === undefined ? { view: 'nowhere' } : { view: 'schedule', name: decode(name) }
}

function parseFilter(given: URLSearchParams): Filter {
  const status = statuses.find((status) => status === given.get('status'))
  return {
    namePrefix: given.get('namePrefix') || undefined,
    status,
    from: momentOf(given.get('from')),
    to: momentOf(given.get('to')),
    cursor: given.get('cursor') || undefined,
  }
}

function momentOf(text: string | null): string | undefined {
  return text === null || Number.isNaN(Date.parse(text)) ? undefined : text
}

/** What somebody has typed may be no percent-encoding. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export function overviewHref(coming: RangeName, past: RangeName): string {
  return `#/${queryOf({ coming: coming === 'hour' ? undefined : coming, past: past === 'hour' ? undefined : past })}`
}

export function listHref({ namePrefix, status, from, to, cursor }: Filter): string {
  return `#/schedules${queryOf({ namePrefix, status, from, to, cursor })}`
}

export function scheduleHref(name: string): string {
  return `#/schedules/${encodeURIComponent(name)}`
}

function queryOf(fields: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}
