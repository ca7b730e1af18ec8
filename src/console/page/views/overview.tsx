import type { RangeName } from '../ranges.ts'
import { Coming } from './coming.tsx'
import { Happened } from './happened.tsx'
import { Lateness } from './lateness.tsx'

interface Props {
  readonly coming: RangeName
  readonly past: RangeName
}

/** What is coming, what has happened, and how punctual that was. */
export function Overview({ coming, past }: Props) {
  return (
    <>
      <h1 tabIndex={-1}>Overview</h1>
      <Coming coming={coming} past={past} />
      <Happened coming={coming} past={past} />
      <Lateness past={past} />
    </>
  )
}
