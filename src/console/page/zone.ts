// Instants and what clocks in a zone show then. Instants are milliseconds since the epoch.

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(timeZone, format)
  }
  return format
}

/** Whether this browser knows the zone: it may know fewer than the service. */
export function isZone(timeZone: string): boolean {
  try {
    formatOf(timeZone)
    return true
  } catch {
    return false
  }
}

/** How far ahead of UTC the clocks of a zone are at an instant, in milliseconds. */
export function offsetAt(instant: number, timeZone: string): number {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
}

/** What the clocks show, as `2026-12-01T09:00:00.000`. */
export function toLocal(instant: number, timeZone: string): string {
  return new Date(instant + offsetAt(instant, timeZone)).toISOString().slice(0, -1)
}

/**
 * The instant at which the clocks show a local time such as `2026-12-01T09:00`; where a clock change skips or repeats that,
 * one that is not far from it.
 *
 * @returns undefined where the text is no local time
 */
export function fromLocal(local: string, timeZone: string): number | undefined {
  const asUtc = Date.parse(`${local}Z`)
  if (Number.isNaN(asUtc)) return undefined
  // The offset at a first guess is the right one but for the hours around a clock change.
  return asUtc - offsetAt(asUtc - offsetAt(asUtc, timeZone), timeZone)
}

/** The last moment up to an instant at which the clocks of a zone showed a multiple of a step, such as midnight. */
export function floorTo(instant: number, stepMs: number, timeZone: string): number {
  const offset = offsetAt(instant, timeZone)
  const floored = Math.floor((instant + offset) / stepMs) * stepMs
  return floored - offsetAt(floored - offset, timeZone)
}

export type Precision = 'minutes' | 'seconds' | 'milliseconds'

const shown = { minutes: 16, seconds: 19, milliseconds: 23 } as const

/** `2026-12-01 09:00:00`, as the clocks of the zone show it. */
export function formatMoment(instant: number, timeZone: string, precision: Precision): string {
  return toLocal(instant, timeZone).slice(0, shown[precision]).replace('T', ' ')
}

/** `+05:30` */
export function formatOffset(instant: number, timeZone: string): string {
  const minutes = Math.round(offsetAt(instant, timeZone) / 60_000)
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? '−' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** `1 Dec` */
export function formatDay(instant: number, timeZone: string): string {
  const [, month = '', day = ''] = toLocal(instant, timeZone).slice(0, 10).split('-')
  return `${Number(day)} ${months[Number(month) - 1] ?? ''}`
}
