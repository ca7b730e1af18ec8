import { v7 as uuidv7 } from 'uuid'
import type { Clock, Engine, Observer } from '../../domain/ports.ts'
import type { WakeUp } from '../../domain/schedule.ts'
import { openEmbeddedStore } from './store.ts'
import { makeTimer } from './timer.ts'

/** A commit with its fsync. */
const claimLeadMs = 15

interface Dependencies {
  readonly directory: string
  readonly clock: Clock
  readonly observer: Observer
  /** How many schedules of each application may be in hand at once. */
  readonly capacities: () => ReadonlyMap<string, number>
  /** Sees to a schedule, and resolves when that has ended. */
  readonly wake: (wakeUp: WakeUp) => Promise<void>
}

/**
 * The engine for one machine: SQLite in a directory, and a timer over its due index.
 *
 * @throws StartRefused where the directory or the file in it cannot be used
 */
export async function openEmbeddedEngine({ directory, clock, observer, capacities, wake }: Dependencies): Promise<Engine> {
  const store = await openEmbeddedStore(directory, clock, observer)
  const timer = makeTimer({ store, clock, observer, capacities, wake })
  return {
    store,
    trigger: timer,
    claimLeadMs,
    // All at once share one commit.
    createsAtOnce: Number.POSITIVE_INFINITY,
    // Names that grow lie beside each other in the index of names.
    newName: uuidv7,
    start: () => timer.start(),
    stop: () => timer.stop(),
    // Whoever shares the directory looks at the same index, and whoever starts next does so at once.
    handOver: () => undefined,
    close: () => store.close(),
  }
}
