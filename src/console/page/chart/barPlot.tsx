import { useState } from 'preact/hooks'
import uPlot from 'uplot'
import type { Bar } from '../bars.ts'
import { formatCount } from '../format.ts'
import type { CountedStatus } from '../types.ts'
import { ceilingOf } from './scale.ts'
import { ticksOf } from './ticks.ts'
import { axisFont, axisWidth, colourOf, usePlot } from './usePlot.ts'

interface Props {
  readonly colour: CountedStatus | 'retry'
  readonly bars: readonly Bar[]
  readonly timeZone: string
  /** In CSS pixels, with the axis of times where that is shown. */
  readonly height: number
  readonly hasTimes: boolean
  /** What the bars are, for who does not see them. */
  readonly label: string
  /** What a bar says. */
  readonly tell: (bar: Bar) => string
  /** Where a bar leads to. */
  readonly hrefOf: (bar: Bar) => string
}

const timesHeight = 24
const top = 8
const right = 8
const labelWidth = 64

/**
 * Counts over time as bars, drawn; above them a link for each that is not empty, which can be pointed at, walked through with
 * the arrow keys, and followed.
 */
export function BarPlot({ colour, bars, timeZone, height, hasTimes, label, tell, hrefOf }: Props) {
  const [shown, setShown] = useState<number | undefined>()
  const plot = usePlot((width) => plotOf({ colour, bars, timeZone, height, hasTimes }, width), [colour, bars, timeZone, height, hasTimes])
  const pointedAt = shown === undefined ? undefined : bars[shown]
  return (
    <div class="plot" style={{ height: `${height}px` }}>
      <div ref={plot} aria-hidden="true" />
      <BarLinks bars={bars} label={label} tell={tell} hrefOf={hrefOf} bottom={hasTimes ? timesHeight : 0} onShow={setShown} />
      {pointedAt !== undefined && shown !== undefined && (
        <Tip text={tell(pointedAt)} at={(shown + 0.5) / bars.length} bottom={hasTimes ? timesHeight : 0} />
      )}
    </div>
  )
}

interface LinksProps extends Pick<Props, 'bars' | 'label' | 'tell' | 'hrefOf'> {
  readonly bottom: number
  readonly onShow: (index: number | undefined) => void
}

/** One of them can be tabbed to; the arrow keys lead to the others. */
function BarLinks({ bars, label, tell, hrefOf, bottom, onShow }: LinksProps) {
  const [chosen, setChosen] = useState(0)
  const filled = bars.flatMap((bar, index) => (bar.count > 0 ? [{ bar, index }] : []))
  const reachable = filled.find(({ index }) => index >= chosen) ?? filled.at(-1)

  if (filled.length === 0) return null
  return (
    <ul
      class="bars"
      aria-label={label}
      style={{ left: `${axisWidth}px`, right: `${right}px`, top: '0', bottom: `${bottom}px` }}
      onKeyDown={walk}
      onMouseLeave={() => onShow(undefined)}
      onFocusOut={() => onShow(undefined)}
    >
      {filled.map(({ bar, index }) => (
        <li key={index} style={{ left: `${(100 * index) / bars.length}%`, width: `${100 / bars.length}%` }}>
          <a
            href={hrefOf(bar)}
            aria-label={tell(bar)}
            tabIndex={index === reachable?.index ? 0 : -1}
            onMouseEnter={() => onShow(index)}
            onFocus={() => {
              setChosen(index)
              onShow(index)
            }}
          />
        </li>
      ))}
    </ul>
  )
}

/** From link to link by the keys. */
function walk(event: KeyboardEvent & { readonly currentTarget: HTMLUListElement }): void {
  const links = [...event.currentTarget.querySelectorAll('a')]
  const here = links.findIndex((link) => link === document.activeElement)
  const steps: Readonly<Record<string, number>> = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: links.length - 1 }
  const next = steps[event.key]
  if (next === undefined) return
  event.preventDefault()
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus()
}

/** Says what is pointed at; who listens has the link's own name. */
function Tip({ text, at, bottom }: { readonly text: string; readonly at: number; readonly bottom: number }) {
  // Kept within the plot.
  const shift = at < 0.2 ? 0 : at > 0.8 ? -100 : -50
  return (
    <div class="tips" aria-hidden="true" style={{ left: `${axisWidth}px`, right: `${right}px`, bottom: `${bottom}px` }}>
      <div class="tip" style={{ left: `${100 * at}%`, transform: `translateX(${shift}%)` }}>
        {text}
      </div>
    </div>
  )
}

type Drawn = Pick<Props, 'colour' | 'bars' | 'timeZone' | 'height' | 'hasTimes'>

function plotOf({ colour, bars, timeZone, height, hasTimes }: Drawn, width: number) {
  const ceiling = ceilingOf(Math.max(...bars.map(({ count }) => count)))
  const [first] = bars
  const stepMs = first === undefined ? 1 : first.to - first.from
  const most = Math.floor((width - axisWidth - right) / labelWidth)
  const ticks = ticksOf(
    bars.map(({ from }) => from),
    stepMs,
    timeZone,
    most,
  )
  const fill = colourOf(colour)
  return {
    data: [bars.map((_, index) => index), bars.map(({ count }) => count)] satisfies uPlot.AlignedData,
    options: {
      height,
      padding: [top, right, hasTimes ? 0 : 1, 0] satisfies uPlot.Padding,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: (): uPlot.Range.MinMax => [-0.5, bars.length - 0.5] },
        y: { range: (): uPlot.Range.MinMax => [0, ceiling] },
      },
      axes: [
        {
          show: hasTimes,
          size: timesHeight,
          gap: 6,
          font: axisFont,
          stroke: colourOf('muted'),
          splits: () => ticks.map(({ index }) => index),
          values: () => ticks.map(({ label }) => label),
          grid: { show: false },
          ticks: { show: true, stroke: colourOf('line'), size: 4, width: 1 },
        },
        {
          size: axisWidth,
          gap: 8,
          font: axisFont,
          stroke: colourOf('muted'),
          splits: () => [0, ceiling],
          // Where there is an axis of times, there is room for a zero.
          values: () => [hasTimes ? '0' : '', `${formatCount(ceiling)}${bars.some(({ isMore }) => isMore) ? '+' : ''}`],
          grid: { stroke: colourOf('line'), width: 1 },
          ticks: { show: false },
        },
      ] satisfies uPlot.Axis[],
      series: [
        {},
        { fill, width: 0, points: { show: false }, paths: uPlot.paths.bars?.({ size: [0.78, 28], radius: 0.15, align: 0 }) },
      ] as uPlot.Series[],
      hooks: { draw: [(plot: uPlot) => breakBars(plot, bars)] },
    },
  }
}

/** What was counted no further has a gap below its top: it may be much higher. */
function breakBars(plot: uPlot, bars: readonly Bar[]): void {
  const { ctx } = plot
  const ratio = devicePixelRatio
  ctx.save()
  ctx.fillStyle = colourOf('card')
  for (const [index, { count, isMore }] of bars.entries()) {
    if (!isMore) continue
    const [left, end] = [plot.valToPos(index - 0.5, 'x', true), plot.valToPos(index + 0.5, 'x', true)]
    ctx.fillRect(left, plot.valToPos(count, 'y', true) + 4 * ratio, end - left, 2 * ratio)
  }
  ctx.restore()
}
