import { formatDay, offsetAt, toLocal } from '../zone.ts'

export interface Tick {
  readonly index: number
  readonly label: string
}

const minuteMs = 60_000
const dayMs = 1440 * minuteMs

/** Between two labels, in steps of the length: what people count by. */
const strides: ReadonlyMap<number, readonly number[]> = new Map([
  [minuteMs, [10, 15, 30]],
  [30 * minuteMs, [8, 12, 24]],
  [dayMs, [7, 14, 28]],
])

/**
 * Which steps of an axis are labelled, by the clocks of the zone: on the hour and not somewhere after it.
 *
 * @param starts where each step begins
 * @param most how many labels there is room for
 */
export function ticksOf(starts: readonly number[], stepMs: number, timeZone: string, most: number): Tick[] {
  const choices = (strides.get(stepMs) ?? [1]).map((stride) => ticksEvery(stride, starts, stepMs, timeZone))
  return choices.find((ticks) => ticks.length <= most) ?? choices.at(-1) ?? []
}

/** Where the weeks of the calendar that computers count by begin: the first of January 1970 was a Thursday. */
const thursday = 3

function ticksEvery(stride: number, starts: readonly number[], stepMs: number, timeZone: string): Tick[] {
  const isDaily = stepMs >= dayMs
  return starts.flatMap((start, index) => {
    // A day that begins an hour off, after a clock change, is still that day.
    const instant = isDaily ? start + stepMs / 2 : start
    const step = Math.floor((instant + offsetAt(instant, timeZone)) / stepMs)
    return (isDaily ? step + thursday : step) % stride === 0 ? [{ index, label: labelOf(instant, isDaily, timeZone) }] : []
  })
}

function labelOf(instant: number, isDaily: boolean, timeZone: string): string {
  const time = toLocal(instant, timeZone).slice(11, 16)
  return isDaily || time === '00:00' ? formatDay(instant, timeZone) : time
}
