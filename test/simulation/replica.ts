import type { SchedulerClient } from '@aws-sdk/client-scheduler'
import { makeEventBridgeTrigger } from '../../src/adapters/aws/trigger.ts'
import { makeTimer, type Timer } from '../../src/adapters/embedded/timer.ts'
import { makeApplications } from '../../src/domain/application.ts'
import type { Observer, ScheduleStore, Trigger } from '../../src/domain/ports.ts'
import type { WakeUp } from '../../src/domain/schedule.ts'
import { type Canceling, makeCanceling } from '../../src/usecases/cancelSchedule.ts'
import { makeChangeSchedule } from '../../src/usecases/changeSchedule.ts'
import { type Creating, makeCreating } from '../../src/usecases/createSchedule.ts'
import { type Fired, makeFiring } from '../../src/usecases/fire.ts'
import { makePendingLimit } from '../../src/usecases/pendingLimit.ts'
import { makeRunSchedule } from '../../src/usecases/runSchedule.ts'
import { makeSlots } from '../../src/usecases/slots.ts'
import { makeSweep } from '../../src/usecases/sweep.ts'
import type { OwnerPort } from './owner.ts'
import type { Process } from './process.ts'
import type { SimulatedScheduler } from './scheduler.ts'
import type { StorePort } from './store.ts'
import type { World } from './world.ts'

/** How the replicas of a history are put together. */
export interface Setting {
  readonly engine: 'embedded' | 'aws'
  readonly applications: readonly string[]
  readonly maxConcurrentDeliveries: number
  readonly maxPendingSchedules: number | undefined
  readonly wakeLeadMs: number
  readonly retentionMs: number
}

/** The real use cases and triggers, in a process of their own, over a simulated store, clock, owner and Scheduler. */
export interface Replica extends Creating, Canceling {
  readonly process: Process
  readonly changeSchedule: ReturnType<typeof makeChangeSchedule>
  readonly runSchedule: ReturnType<typeof makeRunSchedule>
  fire(wakeUp: WakeUp): Promise<Fired>
  start(): void
  /** As on SIGTERM: lets deliveries end for a while, and is gone then. */
  stop(): void
}

interface Surroundings {
  readonly world: World
  readonly process: Process
  readonly setting: Setting
  readonly store: StorePort
  readonly owner: OwnerPort
  readonly scheduler: SimulatedScheduler
  readonly observer: Observer
  readonly handOver: (wakeUp: WakeUp) => void
  readonly newName: () => string
}

const claimLeadMs = { embedded: 15, aws: 60 }
const stopGraceMs = 8000

export function makeReplica({ world, process, setting, store, owner, scheduler, observer, handOver, newName }: Surroundings): Replica {
  const { random } = world
  const { clock } = process
  const { engine, retentionMs } = setting
  const applications = makeApplications(
    setting.applications.map((name) => ({
      name,
      apiKeyHashes: [],
      allowedOrigins: 'loopback' as const,
      signingSecrets: [],
      maxConcurrentDeliveries: setting.maxConcurrentDeliveries,
      maxPendingSchedules: setting.maxPendingSchedules,
    })),
  )
  const capacities = (): ReadonlyMap<string, number> =>
    new Map(setting.applications.map((name) => [name, 2 * setting.maxConcurrentDeliveries]))
  const timer = engine === 'embedded' ? makeTimer({ store, clock, observer, capacities, wake: see }) : undefined
  const trigger = timer ?? eventBridge()
  const slots = makeSlots(() => setting.maxConcurrentDeliveries)
  const firing = makeFiring({
    store,
    trigger,
    owner,
    clock,
    slots,
    observer,
    random: random.next,
    retentionMs,
    claimLeadMs: claimLeadMs[engine],
    letGo: (wakeUp) => engine === 'aws' && handOver(wakeUp),
  })
  const { fire } = firing
  const sweep = makeSweep({ store, clock, observer, fire, random: random.next, capacities })

  function eventBridge(): Trigger {
    return makeEventBridgeTrigger({
      client: scheduler.portOf(process) as unknown as SchedulerClient,
      deployment: {
        scheduleGroupName: 'punctual',
        lambdaArn: 'function',
        schedulerRoleArn: 'role',
        deadLetterQueueArn: 'queue',
        publicUrl: 'http://balancer',
        wakeLeadMs: setting.wakeLeadMs,
      },
      tokens: { tokenOf: () => '', isTokenOf: () => true },
      clock,
      observer,
      hold: (wakeUp) => void fire(wakeUp).catch(() => handOver(wakeUp)),
    })
  }

  async function see(wakeUp: WakeUp): Promise<void> {
    const fired = await fire(wakeUp)
    if (fired.kind === 'taken') await fired.done
  }

  const dependencies = { store: store as ScheduleStore, trigger, owner, clock, observer }
  return {
    process,
    fire,
    ...makeCreating({
      ...dependencies,
      pendingLimit: makePendingLimit({ store, applications }),
      createsAtOnce: engine === 'aws' ? 20 : 64,
      newId: newName,
      newName,
    }),
    ...makeCanceling({ store, trigger, clock, retentionMs }),
    changeSchedule: makeChangeSchedule(dependencies),
    runSchedule: makeRunSchedule(dependencies),
    start() {
      timer?.start()
      sweep.start()
    },
    stop() {
      world.note(() => `${process.name} is asked to stop`)
      // The order of the service's own stopping: see compose.ts.
      void Promise.all([stopTimer(timer), sweep.stop(), firing.stop()]).then(() => process.crash())
      world.after(stopGraceMs, () => process.goOn(() => owner.close()))
      world.after(stopGraceMs + 1000, () => process.goOn(() => process.crash()))
    },
  }
}

async function stopTimer(timer: Timer | undefined): Promise<void> {
  await timer?.stop()
}
