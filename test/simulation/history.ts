import type { Observer } from '../../src/domain/ports.ts'
import type { WakeUp } from '../../src/domain/schedule.ts'
import { type Callers, makeCallers } from './callers.ts'
import { drawFaults, type Faults } from './faults.ts'
import { makeSimulatedOwner, type OwnerPort, type SimulatedOwner } from './owner.ts'
import { type Machine, makeMachine, makeProcess, type Process, type Trouble } from './process.ts'
import { makeRandom, type Random } from './random.ts'
import { makeReplica, type Replica, type Setting } from './replica.ts'
import { makeSimulatedScheduler } from './scheduler.ts'
import { makeSimulatedStore, type SimulatedStore, type StorePort } from './store.ts'
import { makeWorld } from './world.ts'

/** All that happened, for the checks. */
export interface History {
  readonly setting: Setting
  readonly faults: Faults
  readonly store: SimulatedStore
  readonly owner: SimulatedOwner
  readonly callers: Callers
  /** How often each kind of fault really happened. */
  readonly troubles: ReadonlyMap<keyof Faults, number>
  /** What the processes said of failing machinery. */
  readonly failures: readonly { readonly what: string; readonly error: unknown }[]
  readonly startedAt: number
  readonly endedAt: number
}

/** Breaks the service on purpose, to see that the checks notice. */
export interface Sabotage {
  readonly replica?: (replica: Replica) => Replica
  readonly store?: (store: StorePort) => StorePort
  readonly process?: (process: Process) => Process
  readonly owner?: (owner: OwnerPort, process: Process) => OwnerPort
}

const start = Date.UTC(2030, 0, 1)
/** Faults end then; what is left has to come to its end by itself. */
const troubledMs = 120_000
/** More than any schedule, retry, lease and lost wake-up of a history takes together. */
const givenMs = 3_600_000
const restartMs = 2000
const functionPatienceMs = 10_000

/** Plays one history: all of it follows from the seed. */
export async function playHistory(seed: number, write?: (line: string) => void, sabotage: Sabotage = {}): Promise<History> {
  const random = makeRandom(seed)
  const world = makeWorld(random, start, write)
  const setting = drawSetting(random)
  const faults = drawFaults(random)
  const troubles = new Map<keyof Faults, number>()
  const trouble: Trouble = (kind) => {
    const happens = world.now() < start + troubledMs && random.chance(faults[kind])
    if (happens) troubles.set(kind, (troubles.get(kind) ?? 0) + 1)
    return happens
  }
  world.note(() => `${JSON.stringify(setting)} ${JSON.stringify(faults)}`)

  const replicas = new Set<Replica>()
  const failures: { what: string; error: unknown }[] = []
  const observer: Observer = {
    attempted: () => undefined,
    expired: () => undefined,
    rescued: () => undefined,
    committed: () => undefined,
    failed: (what, error) => failures.push({ what, error }),
  }
  const store = makeSimulatedStore(world, trouble, setting.engine === 'embedded')
  const owner = makeSimulatedOwner(world, trouble)
  const scheduler = makeSimulatedScheduler(world, trouble, deliver)
  let names = 0

  function pickReplica(): Replica | undefined {
    return replicas.size === 0 ? undefined : random.pick([...replicas])
  }

  /** As the function does: to any replica, which takes it or not. */
  function deliver(wakeUp: WakeUp, onEnd: (wasTaken: boolean) => void = () => undefined): void {
    let isOver = false
    const end = (wasTaken: boolean): void => {
      if (!isOver) onEnd(wasTaken)
      isOver = true
    }
    world.after(random.between(1, 50), () => {
      const fired = pickReplica()?.fire(wakeUp)
      fired?.then(
        () => end(true),
        () => end(false),
      )
    })
    world.after(functionPatienceMs, () => end(false))
  }

  function startReplica(name: string, machine: Machine): void {
    const made = makeProcess(world, trouble, machine, name)
    const process = sabotage.process?.(made) ?? made
    const port = store.portOf(process)
    const replica = makeReplica({
      world,
      process,
      setting,
      store: sabotage.store?.(port) ?? port,
      owner: sabotage.owner?.(owner.portOf(process), process) ?? owner.portOf(process),
      scheduler,
      handOver: deliver,
      observer,
      newName: () => `n${++names}`,
    })
    const running = sabotage.replica?.(replica) ?? replica
    replicas.add(running)
    process.onEnd(() => {
      replicas.delete(running)
      world.after(random.between(1, restartMs), () => startReplica(`${name}'`, machine))
    })
    running.start()
    considerStopping(running)
  }

  /** Once a second. */
  function considerStopping(replica: Replica): void {
    if (!replicas.has(replica) || world.now() > start + troubledMs) return
    if (!trouble('stop')) return world.after(1000, () => considerStopping(replica))
    replicas.delete(replica)
    replica.stop()
  }

  const callers = makeCallers({
    world,
    applications: setting.applications,
    count: random.between(4, 25),
    duringMs: random.pick([500, 5000, 60_000]),
    pickReplica,
  })
  // On AWS each replica has a machine of its own, and clocks that agree within seconds; who shares a directory shares a clock.
  const shared = makeMachine(world, 600_000)
  for (const name of ['one', 'two']) startReplica(name, setting.engine === 'aws' ? makeMachine(world, 2000) : shared)
  callers.start()
  const isOver = (): boolean => callers.underWay() === 0 && store.unfinished() === 0
  do {
    await world.run(start + givenMs, isOver)
    // What is on its way still, such as a wake-up, or the work of a process that stood still, has to end as well.
    const moreUntil = world.now() + random.pick([0, 0, 30_000])
    await world.run(moreUntil, () => false)
  } while (!isOver() && world.now() < start + givenMs)
  return { setting, faults, store, owner, callers, troubles, failures, startedAt: start, endedAt: world.now() }
}

function drawSetting(random: Random): Setting {
  return {
    engine: random.pick(['embedded', 'aws']),
    applications: random.pick([['blog'], ['blog', 'shop']]),
    maxConcurrentDeliveries: random.pick([1, 2, 64]),
    maxPendingSchedules: random.chance(0.2) ? random.between(1, 4) : undefined,
    wakeLeadMs: random.pick([75_000, 90_000]),
    retentionMs: random.pick([60_000, 86_400_000]),
  }
}
