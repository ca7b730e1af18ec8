import { percentile } from './beside/statistics.ts'

/** Median, 99th percentile, maximum, and how many were early, of times late in milliseconds. */
export function summary(lateMs: readonly number[]): string {
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(lateMs, share))
  return `p50 ${p50} ms   p99 ${p99} ms   max ${max} ms   early ${lateMs.filter((each) => each < 0).length} of ${lateMs.length}`
}
