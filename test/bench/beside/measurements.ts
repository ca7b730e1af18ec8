import { burst } from './burst.ts'
import { create } from './create.ts'
import { lateness } from './lateness.ts'
import type { Measurement } from './measurement.ts'
import { pending } from './pending.ts'

/** As the README's figures are made. */
export const full: readonly Measurement[] = [
  create({ warmUpMs: 1000, durationMs: 5000, inBulk: 100_000 }),
  lateness({ count: 1000, spreadMs: 10_000, addsPerSecond: 2000 }),
  burst({ count: 10_000 }),
  pending({ count: 100_000, settlesMs: 3000, stopsWithinMs: 15_000 }),
  pending({ count: 1_000_000, settlesMs: 3000, stopsWithinMs: 15_000 }),
]

/** To see that it all works: their figures mean little. */
export const quick: readonly Measurement[] = [
  create({ warmUpMs: 200, durationMs: 1000, inBulk: 3000 }),
  lateness({ count: 100, spreadMs: 1000, addsPerSecond: 200 }),
  burst({ count: 300 }),
  pending({ count: 1000, settlesMs: 500, stopsWithinMs: 3000 }),
]
