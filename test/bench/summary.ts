/** Median, 99th percentile, maximum, and how many were early, of times late in milliseconds. */
export function summary(lateMs: readonly number[]): string {
  const sorted = lateMs.toSorted((a, b) => a - b)
  const at = (share: number): string => String(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))])
  return `p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   max ${at(1)} ms   early ${sorted.filter((each) => each < 0).length} of ${sorted.length}`
}
