import type { Scope } from '../../support/directory.ts'
import type { Contender, MeasurementName } from '../contender.ts'

/** Figures by their names; undefined: the contender has no such operation. */
export type Figures = Readonly<Record<string, number | undefined>>

/** One thing that is measured of every contender in the same way. */
export interface Measurement {
  /** Contenders say by it whether they are measured in this. */
  readonly name: MeasurementName
  readonly title: string
  /** Its figures in the order of the table, with their headings. */
  readonly columns: Readonly<Record<string, string>>
  /** Measures one contender once. */
  measure(contender: Contender, scope: Scope): Promise<Figures>
}

export function inWords(count: number): string {
  return count.toLocaleString('en')
}
