import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { developmentSecret } from './adapters/embedded/developmentSecret.ts'
import { makeSystemClock } from './adapters/system/clock.ts'
import { makeManualClock } from './adapters/system/manualClock.ts'
import { defaultMaxConcurrentDeliveries } from './config/applicationsFile.ts'
import type { Config } from './config.ts'
import { makeOwnerClient } from './delivery/ownerClient.ts'
import { type Application, makeApplications } from './domain/application.ts'
import { makeTokens, openEngine } from './engines.ts'
import { buildApp } from './http/app.ts'
import { alwaysAs, makeAuthenticate } from './http/authenticate.ts'
import { type Log, makeLogObserver } from './observability/log.ts'
import { makeMetrics, tellAll } from './observability/metrics.ts'
import { traceCreate, traceCreateAll, traceFire, traceOwner } from './observability/traces.ts'
import { makeAdvanceClock } from './usecases/advanceClock.ts'
import { makeCanceling } from './usecases/cancelSchedule.ts'
import { makeChangeSchedule } from './usecases/changeSchedule.ts'
import { makeCreating } from './usecases/createSchedule.ts'
import { makeFiring } from './usecases/fire.ts'
import { makePendingLimit } from './usecases/pendingLimit.ts'
import { makeReadSchedule } from './usecases/readSchedule.ts'
import { makeRunSchedule } from './usecases/runSchedule.ts'
import { makeSlots } from './usecases/slots.ts'
import { makeSweep } from './usecases/sweep.ts'

/** Stopping waits this long for deliveries under way: less than the 10 s that a container is commonly given. */
const stopGraceMs = 8_000

export interface Service {
  readonly app: FastifyInstance
  /** Of development mode. */
  readonly development: { readonly signingSecret: string } | undefined
  /** Begins to deliver. */
  start(): void
  /** Puts other applications in the place of those that there are; what has not changed goes on undisturbed. */
  reconfigure(applications: readonly Application[]): void
  /** Takes no more requests, lets deliveries end, and closes the store. What could not end is the next process's. */
  stop(): Promise<void>
}

/**
 * Puts the service together. Nobody else knows which adapter is behind which port.
 *
 * @throws StartRefused where the engine cannot be used as it is configured
 */
export async function compose(config: Config, log: Log, version: string): Promise<Service> {
  const { retentionMs, engine: chosen } = config

  const realClock = makeSystemClock()
  const manualClock = config.clock === 'manual' ? makeManualClock(realClock.now(), realClock) : undefined
  const clock = manualClock ?? realClock
  const development =
    chosen.kind === 'embedded' && config.applications === undefined ? { signingSecret: developmentSecret(chosen.dataDir) } : undefined
  const applications = makeApplications(config.applications ?? [developmentApplication(development?.signingSecret ?? '')])
  const metrics = makeMetrics(applications)
  const observer = tellAll(makeLogObserver(log), metrics.observer)
  const limitOf = (application: string): number => applications.get(application)?.maxConcurrentDeliveries ?? 1
  // As many again as are being delivered stand ready, so that a place that falls free is taken at once.
  const capacities = (): ReadonlyMap<string, number> =>
    new Map(applications.all().map(({ name, maxConcurrentDeliveries }) => [name, 2 * maxConcurrentDeliveries]))
  const owner = traceOwner(
    makeOwnerClient(applications, { userAgent: `punctual/${version}`, now: () => clock.now(), signedAt: () => realClock.now() }),
  )
  const tokens = makeTokens(chosen)
  const engine = await openEngine(chosen, { clock, observer, capacities, tokens, wake: (wakeUp) => fire(wakeUp) })
  const { store, trigger } = engine
  const slots = makeSlots(limitOf)
  const firing = makeFiring({
    store,
    trigger,
    owner,
    clock,
    slots,
    observer,
    random: Math.random,
    retentionMs,
    // Time that stands still must not keep anything claimed.
    claimLeadMs: manualClock === undefined ? engine.claimLeadMs : 0,
    letGo: engine.handOver,
  })
  const fire = traceFire(firing.fire)
  const sweep = makeSweep({ store, clock, observer, fire, random: Math.random, capacities })
  metrics.watch({ counts: store.counts, held: firing.held, inFlight: slots.taken })
  const names = (): string[] => applications.all().map(({ name }) => name)
  const pendingLimit = makePendingLimit({ store, applications })
  const { createsAtOnce, newName } = engine
  const creating = makeCreating({ store, trigger, owner, clock, observer, pendingLimit, createsAtOnce, newId: randomUUID, newName })

  const app = await buildApp({
    useCases: {
      createSchedule: traceCreate(creating.createSchedule),
      createSchedules: traceCreateAll(creating.createSchedules),
      readSchedule: makeReadSchedule({ store }),
      changeSchedule: makeChangeSchedule({ store, trigger, owner, clock, observer }),
      runSchedule: makeRunSchedule({ store, trigger, clock, observer }),
      ...makeCanceling({ store, trigger, clock, retentionMs }),
      listSchedules: (query) => store.list(query),
      readTimeline: (query) => store.timeline(query),
    },
    callbacks: { tokens, fire },
    manualClock: manualClock && { clock, advanceClock: makeAdvanceClock({ store, clock: manualClock, firing, fire, applications: names }) },
    metrics,
    applications,
    authenticate: development === undefined ? makeAuthenticate(applications) : alwaysAs('default'),
    check: () => store.check(),
    logger: log,
    version,
  })

  let started = false
  applications.onChange(() => {
    slots.limitsChanged()
    if (started) sweep.start()
  })

  return {
    app,
    development,
    start() {
      started = true
      engine.start()
      sweep.start()
    },
    reconfigure: (others) => applications.replace(others),

    async stop() {
      // What sends wake-ups hears of it first, and nobody waits for anybody.
      const quiet = Promise.all([engine.stop(), sweep.stop()])
      const drained = firing.stop()
      await within(stopGraceMs, Promise.all([app.close(), quiet, drained]))
      await owner.close()
      await within(1000, drained)
      await engine.close()
    },
  }
}

function developmentApplication(signingSecret: string): Application {
  return {
    name: 'default',
    apiKeyHashes: [],
    allowedOrigins: 'loopback',
    signingSecrets: [signingSecret],
    maxConcurrentDeliveries: defaultMaxConcurrentDeliveries,
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const timeout = Promise.withResolvers<void>()
  const timer = setTimeout(timeout.resolve, ms)
  await Promise.race([work, timeout.promise])
  clearTimeout(timer)
}
