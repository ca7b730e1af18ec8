import { Counter, collectDefaultMetrics, Gauge, type GaugeConfiguration, Histogram, Registry } from 'prom-client'
import type { Applications } from '../domain/application.ts'
import type { Counts, Observer } from '../domain/ports.ts'

/** From a millisecond to minutes, in seconds. */
const latenessBuckets = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

/** Of requests and writes, which take from a fraction of a millisecond to seconds. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What is told when somebody asks, and not whenever it changes. */
export interface State {
  counts(application: string): Promise<Counts>
  held(): number
  inFlight(application: string): number
}

export interface Metrics {
  readonly observer: Observer
  /** Has the state shown, too. */
  watch(state: State): void
  requested(method: string, route: string, status: number, tookMs: number): void
  /** All of them, as Prometheus reads them. */
  text(): Promise<string>
  readonly contentType: string
}

/** What happens, counted. Labels have few values: applications are configured, and everything else is of one list. */
export function makeMetrics(applications: Pick<Applications, 'all' | 'onChange'>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const attempts = new Counter({
    name: 'punctual_attempts_total',
    help: 'Attempts that have ended.',
    labelNames: ['application', 'outcome'],
    registers,
  })
  const lateness = new Histogram({
    name: 'punctual_lateness_seconds',
    help: 'How long after it was due an attempt was begun.',
    labelNames: ['application'],
    buckets: latenessBuckets,
    registers,
  })
  const expired = new Counter({
    name: 'punctual_expired_total',
    help: 'Schedules that expired before they could be delivered.',
    labelNames: ['application'],
    registers,
  })
  const rescued = new Counter({
    name: 'punctual_sweep_rescued_total',
    help: 'Overdue schedules that nothing but the sweep has found: none in a healthy system.',
    labelNames: ['application'],
    registers,
  })
  const failures = new Counter({ name: 'punctual_failures_total', help: 'Machinery that failed; the log says which.', registers })
  const queueTime = new Histogram({
    name: 'punctual_store_queue_seconds',
    help: 'How long the first of the writes that were made durable together had waited its turn.',
    buckets: durationBuckets,
    registers,
  })
  const commitTime = new Histogram({
    name: 'punctual_store_commit_seconds',
    help: 'How long it took to make writes durable that were made so together.',
    buckets: durationBuckets,
    registers,
  })
  const requests = new Histogram({
    name: 'punctual_http_request_seconds',
    help: 'Requests that were answered.',
    labelNames: ['method', 'route', 'status'],
    buckets: durationBuckets,
    registers,
  })

  /** There from the start, so that a rate can be told from the first one on. */
  function begin(): void {
    for (const { name } of applications.all()) for (const counter of [expired, rescued]) counter.inc({ application: name }, 0)
  }
  begin()
  applications.onChange(begin)

  return {
    observer: {
      attempted({ application }, { outcome, startedAt, dueAt }) {
        attempts.inc({ application, outcome })
        if (outcome !== 'interrupted') lateness.observe({ application }, (startedAt - dueAt) / 1000)
      },
      expired: ({ application }) => expired.inc({ application }),
      rescued: ({ application }) => rescued.inc({ application }),
      failed: () => failures.inc(),
      committed(waitedMs, tookMs) {
        queueTime.observe(waitedMs / 1000)
        commitTime.observe(tookMs / 1000)
      },
    },
    watch: (state) => watch(state, registry, applications),
    requested: (method, route, status, tookMs) => requests.observe({ method, route, status }, tookMs / 1000),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

/** Gauges that ask when they are asked. */
function watch(state: State, registry: Registry, applications: Pick<Applications, 'all'>): void {
  const register = (gauge: Omit<GaugeConfiguration<string>, 'registers'>): void =>
    registry.registerMetric(new Gauge({ ...gauge, registers: [] }))
  register({
    name: 'punctual_schedules',
    help: 'Schedules that there are. On AWS only those that are not finished, all of them as scheduled.',
    labelNames: ['application', 'status'],
    async collect() {
      const all = applications.all()
      // Whatever else there is to be told is told, also while the store cannot be read.
      const counts = await Promise.all(all.map(({ name }) => state.counts(name).catch((): Counts => ({}))))
      this.reset()
      all.forEach(({ name }, index) => {
        for (const [status, count] of Object.entries(counts[index] ?? {})) this.set({ application: name, status }, count)
      })
    },
  })
  register({
    name: 'punctual_held_wakeups',
    help: 'Wake-ups that are held in this process until it is time.',
    collect() {
      this.set(state.held())
    },
  })
  register({
    name: 'punctual_deliveries_in_flight',
    help: 'Deliveries under way in this process.',
    labelNames: ['application'],
    collect() {
      this.reset()
      for (const { name } of applications.all()) this.set({ application: name }, state.inFlight(name))
    },
  })
}

/** Tells several observers. */
export function tellAll(...observers: readonly Observer[]): Observer {
  return {
    attempted: (...args) => observers.forEach((observer) => observer.attempted(...args)),
    expired: (...args) => observers.forEach((observer) => observer.expired(...args)),
    rescued: (...args) => observers.forEach((observer) => observer.rescued(...args)),
    failed: (...args) => observers.forEach((observer) => observer.failed(...args)),
    committed: (...args) => observers.forEach((observer) => observer.committed(...args)),
  }
}
