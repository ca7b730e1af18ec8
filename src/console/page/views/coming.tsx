import { useId } from 'preact/hooks'
import { type Bar, emptyBars, loadBars, totalOf } from '../bars.ts'
import { formatBarCount, formatInterval } from '../barTexts.ts'
import { BarPlot } from '../chart/barPlot.tsx'
import { useLoaded } from '../loaded.ts'
import { commonZone } from '../preferences.ts'
import { ProblemBox } from '../problemBox.tsx'
import { RangeSwitch } from '../rangeSwitch.tsx'
import { comingRanges, type RangeName, windowAhead } from '../ranges.ts'
import { overviewHref } from '../route.ts'
import { BarTable } from './barTable.tsx'
import { hrefOfBar } from './hrefOfBar.ts'

interface Props {
  readonly coming: RangeName
  readonly past: RangeName
}

/** How many schedules are to be delivered when. */
export function Coming({ coming, past }: Props) {
  const heading = useId()
  const range = comingRanges[coming]
  const zone = commonZone.value
  const { data, failure, isLoading } = useLoaded({
    load: (signal) => loadBars(windowAhead(range, Date.now(), zone), range.steps, ['scheduled'], signal),
    key: `${coming} ${zone}`,
    refreshMs: range.refreshMs,
  })
  const bars = data?.scheduled ?? emptyBars(windowAhead(range, Date.now(), zone), range.steps)
  const total = totalOf(bars)
  const highest = bars.reduce<Bar | undefined>((most, bar) => (bar.count > (most?.count ?? 0) ? bar : most), undefined)
  return (
    <section class="card" aria-labelledby={heading} aria-busy={isLoading}>
      <div class="head">
        <h2 id={heading}>What is coming</h2>
        <RangeSwitch legend="How far ahead" ranges={comingRanges} value={coming} hrefOf={(range) => overviewHref(range, past)} />
      </div>
      {failure !== undefined && <ProblemBox failure={failure} />}
      <p class="figure">
        <strong>{data === undefined ? '–' : formatBarCount(total)}</strong> pending
        {highest !== undefined && highest.count > 1 && (
          <span class="aside">
            busiest {formatInterval(highest, zone)}, with {formatBarCount(highest)}
          </span>
        )}
      </p>
      <BarPlot
        colour="scheduled"
        bars={bars}
        timeZone={zone}
        height={190}
        hasTimes
        label="Pending schedules; the arrow keys lead from one interval to the next"
        tell={(bar) => `${formatInterval(bar, zone)}: ${formatBarCount(bar)} pending`}
        hrefOf={(bar) => hrefOfBar('scheduled', bar)}
      />
      <BarTable caption="Pending schedules" columns={[{ status: 'scheduled', title: 'pending', bars }]} zone={zone} />
    </section>
  )
}
