import type { MeasurementName } from '../contender.ts'
import { type Figures, inWords } from './measurement.ts'
import { median } from './statistics.ts'

/** What a run has found out, as it is written down. */
export interface Results {
  /** When and on what. */
  readonly machine: string
  readonly versions: Readonly<Record<string, string>>
  readonly rounds: number
  readonly measurements: readonly MeasurementResults[]
}

export interface MeasurementResults {
  readonly name: MeasurementName
  readonly title: string
  readonly columns: Readonly<Record<string, string>>
  readonly rows: readonly Row[]
}

export interface Row {
  readonly contender: string
  /** Medians of the rounds. */
  readonly figures: Figures
  /** Of each round. */
  readonly rounds: readonly Figures[]
  /** Why there are no more of them. */
  readonly error: string | undefined
}

/** The median of each figure. */
export function medians(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0] ?? {})
  return Object.fromEntries(
    names.map((name) => {
      const values = rounds.map((figures) => figures[name]).filter((value) => value !== undefined)
      return [name, values.length === 0 ? undefined : median(values)]
    }),
  )
}

/** One measurement as aligned text: each figure, and as a multiple of the first contender's. */
export function tableOf({ title, columns, rows }: MeasurementResults): string {
  const names = Object.keys(columns)
  const lines = [
    ['', ...Object.values(columns).flatMap((heading) => [heading, ''])],
    ...rows.map(({ contender, figures }) => [
      contender,
      ...names.flatMap((name) => [rounded(figures[name]), multiple(figures[name], rows[0]?.figures[name])]),
    ]),
  ]
  const widths = (lines[0] ?? []).map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)))
  const texts = lines.map((line) =>
    // The contender and the multiples stand to the left, the figures to the right.
    line.map((cell, index) => (index % 2 === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join(' '),
  )
  const errors = rows.flatMap(({ contender, error }) => (error === undefined ? [] : [`${contender}: ${error}`]))
  return `${title}\n${[...texts, ...errors].map((line) => `  ${line.trimEnd()}\n`).join('')}`
}

function multiple(value: number | undefined, basis: number | undefined): string {
  const ratio = (value ?? Number.NaN) / (basis ?? Number.NaN)
  return Number.isFinite(ratio) ? `×${rounded(ratio)}` : ''
}

/** To what can be read at a glance. */
function rounded(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–'
  if (Math.abs(value) >= 1000) return inWords(Math.round(value))
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)
}
