import type { Bar } from '../bars.ts'
import { formatBarCount, formatInterval } from '../barTexts.ts'
import type { CountedStatus } from '../types.ts'
import { hrefOfBar } from './hrefOfBar.ts'

interface Column {
  readonly status: CountedStatus
  readonly title: string
  readonly bars: readonly Bar[]
}

interface Props {
  readonly caption: string
  /** All over the same intervals. */
  readonly columns: readonly Column[]
  readonly zone: string
}

/** The same as the bars above it, in numbers; what is empty is left out. */
export function BarTable({ caption, columns, zone }: Props) {
  const intervals = columns[0]?.bars ?? []
  const rows = intervals.flatMap((interval, index) => {
    const cells = columns.map(({ status, bars }) => ({ status, bar: bars[index] }))
    return cells.some(({ bar }) => bar !== undefined && bar.count > 0) ? [{ interval, cells }] : []
  })
  return (
    <details class="numbers">
      <summary>As a table</summary>
      {rows.length === 0 ? (
        <p>There is nothing to show.</p>
      ) : (
        <div class="scrolled" tabIndex={0} role="region" aria-label={caption}>
          <table>
            <caption class="hidden">{caption}</caption>
            <thead>
              <tr>
                <th scope="col">When</th>
                {columns.map(({ title }) => (
                  <th key={title} scope="col" class="number">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ interval, cells }) => (
                <tr key={interval.from}>
                  <th scope="row">{formatInterval(interval, zone)}</th>
                  {cells.map(({ status, bar }) => (
                    <td key={status} class="number">
                      {bar === undefined || bar.count === 0 ? '0' : <a href={hrefOfBar(status, bar)}>{formatBarCount(bar)}</a>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  )
}
