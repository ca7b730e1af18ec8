import { Counter, Histogram, Registry } from 'prom-client'
import type { Observer } from '../domain/ports.ts'

/** From a millisecond to beyond a minute, in seconds. */
const latenessBuckets = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

export interface Metrics {
  readonly observer: Observer
  /** All of them, as Prometheus reads them. */
  text(): Promise<string>
  readonly contentType: string
}

/** What happens, counted. Labels have few values: applications are configured, and outcomes are of one list. */
export function makeMetrics(applications: Iterable<string>): Metrics {
  const registry = new Registry()
  const registers = [registry]
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
  const rescued = new Counter({
    name: 'punctual_sweep_rescued_total',
    help: 'Overdue schedules that nothing but the sweep has found: none in a healthy system.',
    labelNames: ['application'],
    registers,
  })
  const failures = new Counter({ name: 'punctual_failures_total', help: 'Machinery that failed; the log says which.', registers })
  // There from the start, so that a rate can be told from the first one on.
  for (const application of applications) rescued.inc({ application }, 0)

  return {
    observer: {
      attempted({ application }, { outcome, startedAt, dueAt }) {
        attempts.inc({ application, outcome })
        if (outcome !== 'interrupted') lateness.observe({ application }, (startedAt - dueAt) / 1000)
      },
      rescued: ({ application }) => rescued.inc({ application }),
      failed: () => failures.inc(),
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

/** Tells several observers. */
export function tellAll(...observers: readonly Observer[]): Observer {
  return {
    attempted: (...args) => observers.forEach((observer) => observer.attempted(...args)),
    rescued: (...args) => observers.forEach((observer) => observer.rescued(...args)),
    failed: (...args) => observers.forEach((observer) => observer.failed(...args)),
  }
}
