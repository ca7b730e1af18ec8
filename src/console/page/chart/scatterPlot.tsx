import { useState } from 'preact/hooks'
import type uPlot from 'uplot'
import { formatDuration } from '../format.ts'
import { goTo } from '../navigation.ts'
import type { Window } from '../ranges.ts'
import { scheduleHref } from '../route.ts'
import type { Punctuality } from '../sample.ts'
import { ticksOf } from './ticks.ts'
import { axisFont, axisWidth, colourOf, usePlot } from './usePlot.ts'

interface Props {
  readonly points: readonly Punctuality[]
  readonly window: Window
  /** Where labels may stand: the starts of equal steps. */
  readonly starts: readonly number[]
  readonly stepMs: number
  readonly timeZone: string
  readonly tell: (point: Punctuality) => string
}

const height = 220
const timesHeight = 24
const top = 8
const right = 8
const labelWidth = 64

/** What is no later than this is on the lowest line: a logarithm knows no zero. */
const lowestMs = 1

/** How close the pointer has to come, in CSS pixels. */
const reach = 14

interface Shown {
  readonly point: Punctuality
  readonly left: number
  readonly top: number
}

/** Lateness over time, on a logarithmic scale. For who sees; the sample is also told in words, and its slowest in a table. */
export function ScatterPlot({ points, window, starts, stepMs, timeZone, tell }: Props) {
  const [shown, setShown] = useState<Shown | undefined>()
  const plot = usePlot(
    (width) => plotOf({ points, window, starts, stepMs, timeZone }, width),
    [points, window.from, window.to, stepMs, timeZone],
  )

  /** The nearest point to the pointer that is near enough. */
  function look(event: MouseEvent & { readonly currentTarget: HTMLDivElement }): void {
    const { width, left, top } = event.currentTarget.getBoundingClientRect()
    const place = placing({ window, points }, width)
    const [x, y] = [event.clientX - left, event.clientY - top]
    const near = points
      .map((point) => ({ point, ...place(point) }))
      .map((placed) => ({ placed, distance: Math.hypot(placed.left - x, placed.top - y) }))
      .filter(({ distance }) => distance < reach)
    setShown(near.toSorted((a, b) => a.distance - b.distance)[0]?.placed)
  }

  return (
    <div
      class={`plot${shown === undefined ? '' : ' pointing'}`}
      style={{ height: `${height}px` }}
      aria-hidden="true"
      onMouseMove={look}
      onMouseLeave={() => setShown(undefined)}
      onClick={() => {
        if (shown !== undefined) goTo(scheduleHref(shown.point.name))
      }}
    >
      <div ref={plot} />
      {shown !== undefined && (
        <div
          class="tip"
          style={{ left: `${shown.left}px`, top: `${shown.top - 10}px`, transform: `translate(${shown.left < 200 ? 0 : -100}%, -100%)` }}
        >
          {tell(shown.point)}
        </div>
      )}
    </div>
  )
}

/** The power of ten where the scale ends. */
function ceilingOf(points: readonly Punctuality[]): number {
  const highest = Math.max(10, ...points.map(({ latenessMs }) => latenessMs))
  return 10 ** Math.ceil(Math.log10(highest))
}

/** Where points are, in CSS pixels. */
function placing(
  { window, points }: Pick<Props, 'window' | 'points'>,
  width: number,
): (point: Punctuality) => { left: number; top: number } {
  const [acrossPx, downPx] = [width - axisWidth - right, height - top - timesHeight]
  const decades = Math.log10(ceilingOf(points) / lowestMs)
  return ({ at, latenessMs }) => ({
    left: axisWidth + (acrossPx * (at - window.from)) / (window.to - window.from),
    top: top + downPx * (1 - Math.log10(Math.max(latenessMs, lowestMs) / lowestMs) / decades),
  })
}

function plotOf({ points, window, starts, stepMs, timeZone }: Omit<Props, 'tell'>, width: number) {
  const ceiling = ceilingOf(points)
  const powers = Array.from({ length: Math.round(Math.log10(ceiling)) + 1 }, (_, power) => 10 ** power)
  const ticks = ticksOf(starts, stepMs, timeZone, Math.floor((width - axisWidth - right) / labelWidth))
  const place = placing({ window, points }, width)
  return {
    data: [
      [window.from, window.to],
      [null, null],
    ] satisfies uPlot.AlignedData,
    options: {
      height,
      padding: [top, right, 0, 0] satisfies uPlot.Padding,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: (): uPlot.Range.MinMax => [window.from, window.to] },
        y: { distr: 3, range: (): uPlot.Range.MinMax => [lowestMs, ceiling] } as uPlot.Scale,
      },
      axes: [
        {
          size: timesHeight,
          gap: 6,
          font: axisFont,
          stroke: colourOf('muted'),
          splits: () => ticks.map(({ index }) => starts[index] ?? 0),
          values: () => ticks.map(({ label }) => label),
          grid: { show: false },
          ticks: { show: true, stroke: colourOf('line'), size: 4, width: 1 },
        },
        {
          size: axisWidth,
          gap: 8,
          font: axisFont,
          stroke: colourOf('muted'),
          splits: () => powers,
          filter: (_plot: uPlot, splits: number[]) => splits,
          values: () => powers.map((power) => formatDuration(power)),
          grid: { stroke: colourOf('line'), width: 1 },
          ticks: { show: false },
        },
      ] as uPlot.Axis[],
      series: [{}, {}] as uPlot.Series[],
      hooks: { draw: [({ ctx }: uPlot) => drawPoints(ctx, points, place)] },
    },
  }
}

/** Discs, and diamonds for those that needed a retry, which come on top. */
function drawPoints(
  ctx: CanvasRenderingContext2D,
  points: readonly Punctuality[],
  place: (point: Punctuality) => { readonly left: number; readonly top: number },
): void {
  ctx.save()
  ctx.scale(devicePixelRatio, devicePixelRatio)
  ctx.globalAlpha = 0.75
  ctx.fillStyle = colourOf('delivered')
  for (const point of points.filter(({ wasRetried }) => !wasRetried)) {
    const { left, top } = place(point)
    ctx.beginPath()
    ctx.arc(left, top, 3, 0, 2 * Math.PI)
    ctx.fill()
  }
  ctx.globalAlpha = 1
  ctx.fillStyle = colourOf('retry')
  for (const point of points.filter(({ wasRetried }) => wasRetried)) {
    const { left, top } = place(point)
    ctx.beginPath()
    for (const [x, y] of [
      [0, -5],
      [5, 0],
      [0, 5],
      [-5, 0],
    ] as const)
      ctx.lineTo(left + x, top + y)
    ctx.fill()
  }
  ctx.restore()
}
