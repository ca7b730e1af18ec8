import type { Due, Observer } from '../../src/domain/ports.ts'
import type { Attempt, Schedule } from '../../src/domain/schedule.ts'

/** Remembers what it is told, and lets tests wait for it. */
export interface RecordingObserver extends Observer {
  readonly attempts: readonly { readonly schedule: Schedule; readonly attempt: Attempt }[]
  readonly failures: readonly { readonly what: string; readonly error: unknown }[]
  readonly rescues: readonly Due[]
  readonly expiries: readonly Schedule[]
  waitForAttempts(count: number): Promise<void>
  waitForFailures(count: number): Promise<void>
}

export function makeRecordingObserver(): RecordingObserver {
  const attempts: { schedule: Schedule; attempt: Attempt }[] = []
  const failures: { what: string; error: unknown }[] = []
  const rescues: Due[] = []
  const expiries: Schedule[] = []
  let waiting: (() => void)[] = []

  function tell(): void {
    const told = waiting
    waiting = []
    for (const resume of told) resume()
  }

  async function waitFor(isDone: () => boolean): Promise<void> {
    while (!isDone()) await new Promise<void>((resolve) => waiting.push(resolve))
  }

  return {
    attempts,
    failures,
    rescues,
    expiries,
    attempted(schedule, attempt) {
      attempts.push({ schedule, attempt })
      tell()
    },
    expired(schedule) {
      expiries.push(schedule)
      tell()
    },
    committed: () => undefined,
    rescued(wakeUp) {
      rescues.push(wakeUp)
      tell()
    },
    failed(what, error) {
      failures.push({ what, error })
      tell()
    },
    waitForAttempts: (count) => waitFor(() => attempts.length >= count),
    waitForFailures: (count) => waitFor(() => failures.length >= count),
  }
}
