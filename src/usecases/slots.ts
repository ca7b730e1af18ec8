/** Gives a place back. */
export type Release = () => void

/** Places for deliveries, so many per application, first come, first served; one application never waits for another. */
export interface Slots {
  /**
   * Resolves when the application has a place free, which is then taken.
   *
   * @throws the signal's reason when it aborts first
   */
  acquire(application: string, signal: AbortSignal): Promise<Release>
  /** How many places an application has taken. */
  taken(application: string): number
}

interface Waiting {
  readonly grant: () => void
}

/** @param limitOf how many deliveries an application may have under way at once */
export function makeSlots(limitOf: (application: string) => number): Slots {
  const taken = new Map<string, number>()
  const queues = new Map<string, Set<Waiting>>()

  function release(application: string): void {
    const queue = queues.get(application)
    const next = queue?.values().next().value
    if (queue !== undefined && next !== undefined) {
      queue.delete(next)
      next.grant()
      return
    }
    const count = (taken.get(application) ?? 1) - 1
    if (count === 0) taken.delete(application)
    else taken.set(application, count)
  }

  function releaseOnce(application: string): Release {
    let held = true
    return () => {
      if (held) release(application)
      held = false
    }
  }

  function wait(application: string, signal: AbortSignal): Promise<Release> {
    const queue = queues.get(application) ?? new Set<Waiting>()
    queues.set(application, queue)
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        queue.delete(waiting)
        reject(signal.reason)
      }
      const waiting: Waiting = {
        grant: () => {
          signal.removeEventListener('abort', onAbort)
          resolve(releaseOnce(application))
        },
      }
      queue.add(waiting)
      signal.addEventListener('abort', onAbort, { once: true })
    })
  }

  return {
    taken: (application) => taken.get(application) ?? 0,

    async acquire(application, signal) {
      signal.throwIfAborted()
      const count = taken.get(application) ?? 0
      if (count >= limitOf(application)) return wait(application, signal)
      taken.set(application, count + 1)
      return releaseOnce(application)
    },
  }
}
