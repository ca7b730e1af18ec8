import { useId } from 'preact/hooks'
import { ScatterPlot } from '../chart/scatterPlot.tsx'
import { countOf, formatDuration } from '../format.ts'
import { useLoaded } from '../loaded.ts'
import { Moment } from '../moment.tsx'
import { commonZone } from '../preferences.ts'
import { ProblemBox } from '../problemBox.tsx'
import { partsOf, pastRanges, type RangeName, type Window, windowBehind } from '../ranges.ts'
import { scheduleHref } from '../route.ts'
import { type Punctuality, samplePart, sampleParts, takeSample } from '../sample.ts'
import { percentile } from '../statistics.ts'
import { formatMoment } from '../zone.ts'

/** A sample takes a dozen requests. */
const refreshMs = 60_000

/** So many of the slowest are named. */
const slowest = 10

interface Sample {
  readonly window: Window
  readonly points: readonly Punctuality[]
}

const none: readonly Punctuality[] = []

/** How late schedules were, from a sample of those that were delivered. */
export function Lateness({ past }: { readonly past: RangeName }) {
  const heading = useId()
  const range = pastRanges[past]
  const zone = commonZone.value
  const { data, failure, isLoading } = useLoaded<Sample>({
    load: async (signal) => {
      const window = windowBehind(range, Date.now(), zone)
      return { window, points: await takeSample(window, signal) }
    },
    key: `${past} ${zone}`,
    refreshMs,
  })
  const { window, points } = data ?? { window: windowBehind(range, Date.now(), zone), points: none }
  const retried = points.filter(({ wasRetried }) => wasRetried).length
  return (
    <section class="card" aria-labelledby={heading} aria-busy={isLoading}>
      <div class="head">
        <h2 id={heading}>How punctual</h2>
        <p class="note">
          {range.label}; a sample of {countOf(points.length, 'delivered schedule')}
        </p>
      </div>
      {failure !== undefined && <ProblemBox failure={failure} />}
      <Figures points={points} />
      <ScatterPlot
        points={points}
        window={window}
        starts={partsOf(window, Math.round((window.to - window.from) / range.stepMs)).map(({ from }) => from)}
        stepMs={range.stepMs}
        timeZone={zone}
        tell={({ name, at, latenessMs, wasRetried }) =>
          `${name}, ${formatMoment(at, zone, 'seconds')}: ${formatDuration(latenessMs)} late${wasRetried ? ', retried' : ''}`
        }
      />
      <p class="note legend">
        <span class="delivered">●</span> delivered at the first attempt <span class="retry">◆</span> needed a retry
        {retried > 0 && `: ${countOf(retried, 'schedule')}`}. How long after its moment the first attempt began, for the first {samplePart}{' '}
        of each of {sampleParts} equal parts of the time.
      </p>
      {points.length > 0 && <Slowest points={points} />}
    </section>
  )
}

function Figures({ points }: { readonly points: readonly Punctuality[] }) {
  const late = points.map(({ latenessMs }) => latenessMs)
  const figures = [
    ['half within', percentile(late, 0.5)],
    ['95 % within', percentile(late, 0.95)],
    ['99 % within', percentile(late, 0.99)],
    ['latest', percentile(late, 1)],
  ] as const
  return (
    <dl class="figures">
      {figures.map(([label, ms]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{ms === undefined ? '–' : formatDuration(ms)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Slowest({ points }: { readonly points: readonly Punctuality[] }) {
  const rows = points.toSorted((a, b) => b.latenessMs - a.latenessMs).slice(0, slowest)
  return (
    <details class="numbers">
      <summary>The latest {rows.length} of the sample</summary>
      <div class="scrolled" tabIndex={0} role="region" aria-label="The latest of the sample">
        <table>
          <caption class="hidden">The latest of the sample</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Due</th>
              <th scope="col" class="number">
                Late
              </th>
              <th scope="col">Retried</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, timeZone, at, latenessMs, wasRetried }) => (
              <tr key={name}>
                <th scope="row">
                  <a href={scheduleHref(name)}>{name}</a>
                </th>
                <td>
                  <Moment at={new Date(at).toISOString()} timeZone={timeZone} />
                </td>
                <td class="number">{formatDuration(latenessMs)}</td>
                <td>{wasRetried ? 'yes' : 'no'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
