// node test/bench/picture.ts RESULTS.json > picture.svg: what peers.ts has written down, as three bar charts.
import { readFileSync } from 'node:fs'
import { inWords } from './beside/measurement.ts'
import type { Results } from './beside/results.ts'
import type { MeasurementName } from './contender.ts'

interface Chart {
  readonly title: string
  readonly measurement: MeasurementName
  readonly figure: string
  /** Each step is ten times the one before. */
  readonly isLogarithmic: boolean
  /** With what the machine itself can do; where that is many times as much, the rest would be hard to tell apart. */
  readonly hasFloors: boolean
}

const charts: readonly Chart[] = [
  {
    title: 'Lateness, p99, in ms (logarithmic; less is better)',
    measurement: 'lateness',
    figure: 'p99Ms',
    isLogarithmic: true,
    hasFloors: true,
  },
  {
    title: 'Durable creates a second (more is better)',
    measurement: 'create',
    figure: 'perSecond',
    isLogarithmic: false,
    hasFloors: false,
  },
  {
    title: 'Jobs due at one instant: ms to the last (less is better)',
    measurement: 'burst',
    figure: 'lastMs',
    isLogarithmic: false,
    hasFloors: true,
  },
]

const width = 760
const margin = 24
const labelWidth = 260
const valueWidth = 70
const rowHeight = 22
const barHeight = 14
const headHeight = 38
const barsFrom = margin + labelWidth
const barsWidth = width - margin - valueWidth - barsFrom

// On a card of its own, that light pages and dark ones both leave legible.
const card = '#f4f5f7'
const ink = '#24292f'
const faint = '#d5d9de'
const colors = { own: '#1a7f5a', peer: '#8792a2', floor: '#c3cad3' }

interface Bar {
  readonly label: string
  readonly value: number
}

function barsOf(results: Results, { measurement, figure, hasFloors }: Chart): Bar[] {
  const rows = results.measurements.find(({ name }) => name === measurement)?.rows ?? []
  return rows.flatMap(({ contender, figures }) => {
    const value = figures[figure]
    return value === undefined || (isFloor(contender) && !hasFloors) ? [] : [{ label: contender, value }]
  })
}

/** What a value takes up of the axis, from 0 to 1; a logarithmic one begins at 1. */
function shareOf(value: number, greatest: number, isLogarithmic: boolean): number {
  if (!isLogarithmic) return value / greatest
  const decades = Math.ceil(Math.log10(Math.max(greatest, 10)))
  return Math.log10(Math.max(value, 1)) / decades
}

function draw(chart: Chart, bars: readonly Bar[], top: number): string {
  const greatest = Math.max(...bars.map(({ value }) => value))
  const barsTop = top + headHeight
  const rows = bars.map(({ label, value }, index) => {
    const middle = barsTop + index * rowHeight + rowHeight / 2
    const length = Math.max(2, Math.round(shareOf(value, greatest, chart.isLogarithmic) * barsWidth))
    const weight = index === 0 ? ' font-weight="600"' : ''
    return [
      text(barsFrom - 10, middle, label, `text-anchor="end"${weight}`),
      `<rect x="${barsFrom}" y="${middle - barHeight / 2}" width="${length}" height="${barHeight}" rx="2" fill="${colorOf(label, index)}"/>`,
      text(barsFrom + length + 6, middle, inWords(Math.round(value)), weight),
    ].join('\n')
  })
  const lines = chart.isLogarithmic ? decadeLines(greatest, barsTop, bars.length * rowHeight) : []
  return [text(margin, top + 12, chart.title, 'font-size="15" font-weight="600"'), ...lines, ...rows].join('\n')
}

function decadeLines(greatest: number, top: number, height: number): string[] {
  const lines: string[] = []
  for (let decade = 1; decade <= greatest * 10; decade *= 10) {
    const share = shareOf(decade, greatest, true)
    if (share > 1) break
    const x = barsFrom + share * barsWidth
    lines.push(`<line x1="${x}" y1="${top}" x2="${x}" y2="${top + height}" stroke="${faint}"/>`)
    lines.push(text(x, top - 6, inWords(decade), 'text-anchor="middle" font-size="10" opacity="0.7"'))
  }
  return lines
}

function colorOf(label: string, index: number): string {
  if (index === 0) return colors.own
  return isFloor(label) ? colors.floor : colors.peer
}

/** Their titles are in brackets. */
function isFloor(title: string): boolean {
  return title.startsWith('(')
}

function text(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x}" y="${y}" dominant-baseline="central" ${attributes}>${escaped}</text>`
}

const [file] = process.argv.slice(2)
if (file === undefined) throw new Error('Say which results: node test/bench/picture.ts RESULTS.json')
const results = JSON.parse(readFileSync(file, 'utf8')) as Results

const drawn: string[] = []
let top = margin
for (const chart of charts) {
  const bars = barsOf(results, chart)
  if (bars.length === 0) continue
  drawn.push(draw(chart, bars, top))
  top += headHeight + bars.length * rowHeight + margin
}
drawn.push(text(margin, top, `${results.machine}; medians of ${results.rounds} rounds`, 'font-size="11" opacity="0.7"'))
const height = top + margin
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Punctual beside others">
<rect width="${width}" height="${height}" rx="8" fill="${card}"/>
<g font-family="system-ui, sans-serif" font-size="13" fill="${ink}">
${drawn.join('\n')}
</g>
</svg>
`)
