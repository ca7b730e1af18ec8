/** One tenant: a client of the API, and the place where its callbacks go. */
export interface Application {
  readonly name: string
  /** SHA-256 (hex) of each API key that is valid. */
  readonly apiKeyHashes: readonly string[]
  /** Where it may be called; `loopback` (development mode): any port of this machine. */
  readonly allowedOrigins: readonly string[] | 'loopback'
  /** Each signs every call, so that a secret can be changed without a gap. */
  readonly signingSecrets: readonly string[]
  readonly maxConcurrentDeliveries: number
  /** How many unfinished schedules it may have; undefined: as many as there is room for. */
  readonly maxPendingSchedules?: number | undefined
  /** How many requests it may make in a second, of each process of the service; undefined: as many as it can. */
  readonly maxRequestsPerSecond?: number | undefined
}

/** The applications as they are now: they can change while the service runs. */
export interface Applications {
  get(name: string): Application | undefined
  all(): readonly Application[]
  /** Has somebody told after every change. */
  onChange(listener: () => void): void
}

export interface ChangeableApplications extends Applications {
  /** Puts others in their place. One that has stayed as it was stays the same object. */
  replace(applications: readonly Application[]): void
}

export function makeApplications(initial: readonly Application[]): ChangeableApplications {
  const listeners: (() => void)[] = []
  let byName = new Map(initial.map((application) => [application.name, application]))
  return {
    get: (name) => byName.get(name),
    all: () => [...byName.values()],
    onChange: (listener) => void listeners.push(listener),
    replace(applications) {
      const before = byName
      byName = new Map(applications.map((application) => [application.name, unlessSame(application, before.get(application.name))]))
      for (const listener of listeners) listener()
    },
  }
}

function unlessSame(application: Application, before: Application | undefined): Application {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(application) ? before : application
}
