/** The browser's own. */
export const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** All that the browser knows, by their names in the IANA time zone database. */
export const zones = [...new Set([ownZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].toSorted()

/** What clocks in a zone show at an instant, as a field for date and time has it: 2026-12-01T09:00:00. */
export function localTime(instant, timeZone) {
  // Swedes write times like that.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(instant).replace(' ', 'T')
}

/** Tomorrow's nine o'clock in a zone. */
export function tomorrowAtNine(timeZone) {
  const day = new Date(`${localTime(Date.now(), timeZone).slice(0, 10)}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() + 1)
  return `${day.toISOString().slice(0, 10)}T09:00`
}

/** An instant for people, with its date unless that is today's: 1 Dec 2026, 09:00:00. */
export function clockTime(instant, timeZone = ownZone) {
  const isToday = localTime(instant, timeZone).slice(0, 10) === localTime(Date.now(), timeZone).slice(0, 10)
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium', ...(isToday ? {} : { dateStyle: 'medium' }) })
  return timeZone === ownZone ? time.format(instant) : `${time.format(instant)}, ${timeZone}`
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** How long something takes, roughly, in at most two units. */
export function duration(ms) {
  if (ms < minute) return `${Math.ceil(ms / second)} s`
  if (ms < hour) return `${Math.floor(ms / minute)} min ${Math.floor((ms % minute) / second)} s`
  if (ms < day) return `${Math.floor(ms / hour)} h ${Math.floor((ms % hour) / minute)} min`
  const days = Math.floor(ms / day)
  return days === 1 ? '1 day' : `${days} days`
}

/** How late something was, exactly where that says something. */
export function lateness(ms) {
  return ms < 10 * second ? `${ms} ms late` : `${duration(ms)} late`
}
