import { openEmbeddedStore } from '../../src/adapters/embedded/store.ts'
import { makeSystemClock } from '../../src/adapters/system/clock.ts'
import type { Schedule } from '../../src/domain/schedule.ts'
import { lastInstant } from '../../src/domain/time.ts'
import { makeRecordingObserver } from '../support/observer.ts'

/** All that a store answers, in every way that it can be asked. */
export interface Snapshot {
  readonly records: ReadonlyMap<string, Schedule>
  readonly text: string
}

const application = 'default'

/**
 * Opens the store in a directory as the service does, and asks for everything.
 *
 * @throws StartRefused, or AppError `unavailable`, where it is damaged and says so
 */
export async function snapshotOf(directory: string): Promise<Snapshot> {
  const store = await openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())
  try {
    const scanned: Schedule[] = []
    for (let after: string | undefined; ; ) {
      const page = await store.scan(after)
      scanned.push(...page.items)
      if (page.next === undefined) break
      after = page.next
    }
    const due = await store.due(application, lastInstant, 100_000)
    const listed = await store.list({ application, limit: 100_000 })
    const named = await Promise.all(scanned.map(({ name }) => store.get(application, name)))
    const counts = await store.counts(application)
    const records = new Map(scanned.map((schedule) => [schedule.name, schedule]))
    return { records, text: JSON.stringify([scanned, due, listed.items, named, counts]) }
  } finally {
    await store.close()
  }
}
