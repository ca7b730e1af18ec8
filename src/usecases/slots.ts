/** Gives a place back. */
export type Release = () => void

/** Places for deliveries, so many per application, first come, first served; one application never waits for another. */
export interface Slots {
  /**
   * Resolves when the application has a place free, which is then taken.
   *
   * @throws the reason of `close`, where that comes first
   */
  acquire(application: string): Promise<Release>
  /** Whoever waits for a place, or asks for one from now on, is refused with this reason. */
  close(reason: Error): void
  /** Has whoever waits look again. */
  limitsChanged(): void
  /** How many places an application has taken. */
  taken(application: string): number
}

interface Waiting {
  readonly grant: (release: Release) => void
  readonly refuse: (reason: Error) => void
}

/** @param limitOf how many deliveries an application may have under way at once, as of now */
export function makeSlots(limitOf: (application: string) => number): Slots {
  const taken = new Map<string, number>()
  const queues = new Map<string, Set<Waiting>>()
  let closed: Error | undefined
  const takenBy = (application: string): number => taken.get(application) ?? 0

  /** The limit may have changed since they began to wait. */
  function grantFree(application: string): void {
    const queue = queues.get(application)
    for (const next of queue ?? []) {
      if (takenBy(application) >= limitOf(application)) return
      queue?.delete(next)
      taken.set(application, takenBy(application) + 1)
      next.grant(releaseOnce(application))
    }
    queues.delete(application)
  }

  function releaseOnce(application: string): Release {
    let held = true
    return () => {
      if (!held) return
      held = false
      const count = takenBy(application) - 1
      if (count === 0) taken.delete(application)
      else taken.set(application, count)
      grantFree(application)
    }
  }

  function wait(application: string): Promise<Release> {
    const queue = queues.get(application) ?? new Set<Waiting>()
    queues.set(application, queue)
    return new Promise((grant, refuse) => queue.add({ grant, refuse }))
  }

  return {
    taken: takenBy,

    limitsChanged() {
      for (const application of queues.keys()) grantFree(application)
    },

    close(reason) {
      closed = reason
      for (const queue of queues.values()) for (const { refuse } of queue) refuse(reason)
      queues.clear()
    },

    async acquire(application) {
      if (closed !== undefined) throw closed
      const isQueueing = (queues.get(application)?.size ?? 0) > 0
      if (isQueueing || takenBy(application) >= limitOf(application)) return wait(application)
      taken.set(application, takenBy(application) + 1)
      return releaseOnce(application)
    },
  }
}
