import { useId } from 'preact/hooks'
import { adjustTo } from './navigation.ts'
import type { Range, RangeName } from './ranges.ts'

interface Props {
  readonly legend: string
  readonly ranges: Readonly<Record<RangeName, Range>>
  readonly value: RangeName
  /** The address with another range in it. */
  readonly hrefOf: (range: RangeName) => string
}

/** One of a few ranges, as radio buttons, which the arrow keys choose from. */
export function RangeSwitch({ legend, ranges, value, hrefOf }: Props) {
  const name = useId()
  return (
    <fieldset class="switch">
      <legend class="hidden">{legend}</legend>
      {(Object.entries(ranges) as [RangeName, Range][]).map(([range, { label }]) => (
        <label key={range}>
          <input type="radio" name={name} checked={range === value} onChange={() => adjustTo(hrefOf(range))} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  )
}
