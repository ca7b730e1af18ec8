import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import { developmentSecret } from './adapters/embedded/developmentSecret.ts'
import { openEmbeddedStore } from './adapters/embedded/store.ts'
import { makeTimer } from './adapters/embedded/timer.ts'
import { makeSystemClock } from './adapters/system/clock.ts'
import { type Config, defaultMaxConcurrentDeliveries } from './config.ts'
import { makeOwnerClient } from './delivery/ownerClient.ts'
import type { Application } from './domain/application.ts'
import { buildApp } from './http/app.ts'
import { alwaysAs, makeAuthenticate } from './http/authenticate.ts'
import { type Log, makeLogObserver } from './observability/log.ts'
import { makeCancelSchedule } from './usecases/cancelSchedule.ts'
import { makeCreateSchedule } from './usecases/createSchedule.ts'
import { makeFiring } from './usecases/fire.ts'
import { makeReadSchedule } from './usecases/readSchedule.ts'
import { makeSlots } from './usecases/slots.ts'

/** Stopping waits this long for deliveries under way: less than the 10 s that a container is commonly given. */
const stopGraceMs = 8_000

export interface Service {
  readonly app: FastifyInstance
  /** Of development mode. */
  readonly development: { readonly signingSecret: string } | undefined
  /** Begins to deliver. */
  start(): void
  /** Takes no more requests, lets deliveries end, and closes the store. What could not end is the next process's. */
  stop(): Promise<void>
}

/** Puts the service together. Nobody else knows which adapter is behind which port. */
export async function compose(config: Config, log: Log, version: string): Promise<Service> {
  const { retentionMs } = config

  const clock = makeSystemClock()
  const observer = makeLogObserver(log)
  const store = await openEmbeddedStore(config.dataDir, clock, observer)
  const development = config.applications === undefined ? { signingSecret: developmentSecret(config.dataDir) } : undefined
  const applications = new Map(
    (config.applications ?? [developmentApplication(development?.signingSecret ?? '')]).map((each) => [each.name, each]),
  )
  const limitOf = (application: string): number => applications.get(application)?.maxConcurrentDeliveries ?? 1
  const owner = makeOwnerClient(applications, { userAgent: `punctual/${version}`, now: () => clock.now() })
  const trigger = makeTimer({
    store,
    clock,
    observer,
    // As many again as are being delivered stand ready, so that a place that falls free is taken at once.
    capacities: new Map([...applications.keys()].map((name) => [name, 2 * limitOf(name)])),
    wake: async (wakeUp) => {
      const fired = await firing.fire(wakeUp)
      if (fired.kind === 'taken') await fired.done
    },
  })
  const firing = makeFiring({ store, trigger, owner, clock, slots: makeSlots(limitOf), observer, random: Math.random, retentionMs })

  const app = await buildApp({
    useCases: {
      // Names that grow lie beside each other in the index of names, which makes them cheap to add.
      createSchedule: makeCreateSchedule({ store, trigger, owner, clock, observer, newId: randomUUID, newName: uuidv7 }),
      readSchedule: makeReadSchedule({ store }),
      cancelSchedule: makeCancelSchedule({ store, trigger, clock, observer, retentionMs }),
      listSchedules: (query) => store.list(query),
    },
    authenticate: development === undefined ? makeAuthenticate(applications) : alwaysAs('default'),
    check: () => store.check(),
    logger: log,
    version,
  })

  return {
    app,
    development,
    start: () => trigger.start(),

    async stop() {
      const drained = firing.stop()
      await trigger.stop()
      await within(stopGraceMs, Promise.all([app.close(), drained]))
      await owner.close()
      await within(1000, drained)
      await store.close()
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
