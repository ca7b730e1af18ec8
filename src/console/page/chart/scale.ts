/** The smallest of 1, 2, 5, 10, 20, 50, … that is not below a count: where an axis ends. */
export function ceilingOf(count: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(count, 1)))
  return [1, 2, 5, 10].map((factor) => factor * magnitude).find((ceiling) => ceiling >= count) ?? magnitude
}
