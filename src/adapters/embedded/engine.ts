import { randomUUID } from 'node:crypto'
import type { Clock, Engine, Hint, Observer } from '../../domain/ports.ts'
import { openEmbeddedStore } from './store.ts'
import { makeTimer } from './timer.ts'

/** A commit with its fsync, and what waits before it when the machine is busy. */
export const claimLeadMs = 30

/**
 * A UUID that begins with the time (version 7), so that names lie beside each other in their index.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#section-5.7
 */
function growingName(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  // The random digits of version 4 are behind the same places.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

interface Dependencies {
  readonly directory: string
  readonly clock: Clock
  readonly observer: Observer
  /** How many schedules of each application may be in hand at once. */
  readonly capacities: () => ReadonlyMap<string, number>
  /** Sees to a schedule, and resolves when that has ended. */
  readonly wake: (hint: Hint) => Promise<void>
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
    newName: growingName,
    start: () => timer.start(),
    stop: () => timer.stop(),
    // Whoever shares the directory looks at the same index, and whoever starts next does so at once.
    handOver: () => undefined,
    close: () => store.close(),
  }
}
