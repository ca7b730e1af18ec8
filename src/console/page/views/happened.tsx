import { useId } from 'preact/hooks'
import { type Bars, emptyBars, loadBars, totalOf } from '../bars.ts'
import { formatBarCount, formatInterval } from '../barTexts.ts'
import { BarPlot } from '../chart/barPlot.tsx'
import { useLoaded } from '../loaded.ts'
import { commonZone } from '../preferences.ts'
import { ProblemBox } from '../problemBox.tsx'
import { RangeSwitch } from '../rangeSwitch.tsx'
import { pastRanges, type Range, type RangeName, windowBehind } from '../ranges.ts'
import { overviewHref } from '../route.ts'
import { StatusIcon } from '../statusBadge.tsx'
import type { CountedStatus } from '../types.ts'
import { BarTable } from './barTable.tsx'
import { hrefOfBar } from './hrefOfBar.ts'

interface Props {
  readonly coming: RangeName
  readonly past: RangeName
}

/** What was due and is unfinished has been tried without success, or is being delivered. */
const outcomes = [
  { status: 'delivered', title: 'delivered' },
  { status: 'scheduled', title: 'unfinished' },
  { status: 'failed', title: 'failed' },
  { status: 'expired', title: 'expired' },
  { status: 'canceled', title: 'canceled' },
] as const satisfies readonly { readonly status: CountedStatus; readonly title: string }[]

/** What has become of what was due, each outcome on a scale of its own: a few that failed are not lost among the many. */
export function Happened({ coming, past }: Props) {
  const heading = useId()
  const range = pastRanges[past]
  const zone = commonZone.value
  const { data, failure, isLoading } = useLoaded({
    load: (signal) => loadOutcomes(range, zone, signal),
    key: `${past} ${zone}`,
    refreshMs: range.refreshMs,
  })
  const empty = emptyBars(windowBehind(range, Date.now(), zone), range.steps)
  const rows = outcomes.map(({ status, title }) => ({ status, title, bars: data?.[status] ?? empty }))
  return (
    <section class="card" aria-labelledby={heading} aria-busy={isLoading}>
      <div class="head">
        <h2 id={heading}>What happened</h2>
        <RangeSwitch legend="How far back" ranges={pastRanges} value={past} hrefOf={(range) => overviewHref(coming, range)} />
      </div>
      {failure !== undefined && <ProblemBox failure={failure} />}
      <div class="outcomes">
        {rows.map(({ status, title, bars }, index) => (
          <div key={status} class="outcome">
            <p class={`figure ${status}`}>
              <StatusIcon sign={status === 'scheduled' ? 'retry' : status} />
              <strong>{data === undefined ? '–' : formatBarCount(totalOf(bars))}</strong> {title}
            </p>
            <BarPlot
              colour={status === 'scheduled' ? 'retry' : status}
              bars={bars}
              timeZone={zone}
              height={index === rows.length - 1 ? 80 : 56}
              hasTimes={index === rows.length - 1}
              label={`Schedules ${title}; the arrow keys lead from one interval to the next`}
              tell={(bar) => `${formatInterval(bar, zone)}: ${formatBarCount(bar)} ${title}`}
              hrefOf={(bar) => hrefOfBar(status, bar)}
            />
          </div>
        ))}
      </div>
      <p class="note">By the moment that was asked for, each on a scale of its own.</p>
      <BarTable caption="Schedules by what has become of them" columns={rows} zone={zone} />
    </section>
  )
}

/** Of the step that is under way, what is not due yet is no outcome. */
async function loadOutcomes(range: Range, zone: string, signal: AbortSignal): Promise<Bars> {
  const now = Date.now()
  const window = windowBehind(range, now, zone)
  const underWay = { from: window.to - range.stepMs, to: now + 1 }
  const statuses = outcomes.map(({ status }) => status)
  const [bars, due] = await Promise.all([loadBars(window, range.steps, statuses, signal), loadBars(underWay, 1, ['scheduled'], signal)])
  return { ...bars, scheduled: [...(bars.scheduled ?? []).slice(0, -1), ...(due.scheduled ?? [])] }
}
