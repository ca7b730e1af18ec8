import { floorTo } from './zone.ts'

const minuteMs = 60_000
const halfHourMs = 30 * minuteMs
const dayMs = 24 * 60 * minuteMs

/** A stretch of time in equal steps, next to now. */
export interface Range {
  readonly label: string
  readonly stepMs: number
  readonly steps: number
  /** How often it is worth looking again. */
  readonly refreshMs: number
}

const hour: Omit<Range, 'label'> = { stepMs: minuteMs, steps: 60, refreshMs: 10_000 }
const day: Omit<Range, 'label'> = { stepMs: halfHourMs, steps: 48, refreshMs: 30_000 }

export const comingRanges = {
  hour: { label: 'Next hour', ...hour },
  day: { label: 'Next 24 hours', ...day },
  month: { label: 'Next 60 days', stepMs: dayMs, steps: 60, refreshMs: 60_000 },
} as const satisfies Record<string, Range>

export const pastRanges = {
  hour: { label: 'Last hour', ...hour },
  day: { label: 'Last 24 hours', ...day },
  month: { label: 'Last 30 days', stepMs: dayMs, steps: 30, refreshMs: 60_000 },
} as const satisfies Record<string, Range>

export type RangeName = keyof typeof comingRanges

export function isRangeName(text: string | null): text is RangeName {
  return text !== null && Object.hasOwn(comingRanges, text)
}

export interface Window {
  readonly from: number
  readonly to: number
}

/** From the step that is under way on, by the clocks of the zone. */
export function windowAhead({ stepMs, steps }: Range, now: number, timeZone: string): Window {
  const from = floorTo(now, stepMs, timeZone)
  return { from, to: from + stepMs * steps }
}

/** Up to the step that is under way, which is part of it, by the clocks of the zone. */
export function windowBehind({ stepMs, steps }: Range, now: number, timeZone: string): Window {
  const to = floorTo(now, stepMs, timeZone) + stepMs
  return { from: to - stepMs * steps, to }
}

/** Equal parts of a window, one after the other. */
export function partsOf({ from, to }: Window, count: number): Window[] {
  const edge = (index: number): number => from + Math.round(((to - from) * index) / count)
  return Array.from({ length: count }, (_, index) => ({ from: edge(index), to: edge(index + 1) }))
}
