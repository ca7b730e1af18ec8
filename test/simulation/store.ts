import { AppError } from '../../src/domain/errors.ts'
import type { Due, ScheduleStore } from '../../src/domain/ports.ts'
import type { Schedule } from '../../src/domain/schedule.ts'
import type { Process, Trouble } from './process.ts'
import type { World } from './world.ts'

/** A change of a record that took effect. */
export interface Change {
  /** True time. */
  readonly at: number
  readonly by: string
  readonly previous: Schedule | undefined
  readonly next: Schedule | undefined
}

/** The store as a process has it; the embedded engine's timer asks for the last of these. */
export type StorePort = ScheduleStore & { nextDueAt(application: string, after: number): Promise<number | undefined> }

/** One store for all processes: linearizable, conditional, and now and then unavailable, before or after it has done its work. */
export interface SimulatedStore {
  readonly changes: readonly Change[]
  /** How many records are not finished. */
  unfinished(): number
  portOf(process: Process): StorePort
}

/** The due index may be this much behind. */
const indexLagMs = 1000
const slowMs = 5000

/** @param addsTogether whether it can add several records in one commit */
export function makeSimulatedStore(world: World, trouble: Trouble, addsTogether: boolean): SimulatedStore {
  const records = new Map<string, Schedule>()
  const changedAt = new Map<string, number>()
  const changes: Change[] = []
  let unfinished = 0

  function write(by: string, previous: Schedule | undefined, next: Schedule | undefined): void {
    const key = keyOf((next ?? previous) as Schedule)
    unfinished += countOf(next) - countOf(previous)
    if (next === undefined) records.delete(key)
    else records.set(key, next)
    changedAt.set(key, world.now())
    changes.push({ at: world.now(), by, previous, next })
    world.note(() => `${by}: ${describe(previous)} → ${describe(next)}`)
  }

  /** Finished records are removed when their time has come. */
  function find(application: string, name: string): Schedule | undefined {
    const found = records.get(`${application}/${name}`)
    if (found?.removeAt == null || found.removeAt > world.now()) return found
    write('retention', found, undefined)
    return undefined
  }

  function current({ application, name, id, version }: Schedule): Schedule | undefined {
    const found = find(application, name)
    return found?.id === id && found.version === version ? found : undefined
  }

  function insert(by: string, schedule: Schedule): Schedule | undefined {
    const existing = find(schedule.application, schedule.name)
    if (existing === undefined) write(by, undefined, schedule)
    return existing
  }

  /** Where each record stands in the due index: as a store may, that does not move what is claimed. */
  function dueIndex(application: string, maxLagMs: number): Due[] {
    return [...records.values()].flatMap((record): Due[] => {
      const { name, id, dueAt, delivery } = record
      if (record.application !== application || dueAt === null) return []
      if (world.now() - (changedAt.get(`${application}/${name}`) ?? 0) < maxLagMs) return []
      const foundAt = delivery !== null && world.random.chance(0.5) ? delivery.dueAt : dueAt
      const position = `${String(foundAt).padStart(15, '0')}#${name}`
      // As the embedded store does.
      return [{ application, name, id, dueAt: foundAt, position, record: addsTogether ? record : undefined }]
    })
  }

  function portOf(process: Process): StorePort {
    function ask<T>(effect: () => T): Promise<T> {
      const latencyMs = trouble('slowStore') ? world.random.between(0, slowMs) : undefined
      return process.ask(() => {
        if (trouble('storeRefusal')) throw new AppError('unavailable', 'The store refuses.')
        const answer = effect()
        if (trouble('lostAnswer')) throw new AppError('unavailable', 'The answer is lost.')
        return answer
      }, latencyMs)
    }
    return {
      insert: (schedule) =>
        ask(() => {
          const existing = insert(process.name, schedule)
          return existing === undefined ? { inserted: true } : { inserted: false, existing }
        }),
      ...(addsTogether
        ? {
            insertTogether: (_application: string, schedules: readonly Schedule[]) =>
              ask(() => schedules.map((schedule) => insert(process.name, schedule) === undefined)),
          }
        : {}),
      get: (application, name) => ask(() => find(application, name)),
      replace: (previous, next) =>
        ask(() => {
          const found = current(previous)
          if (found !== undefined) write(process.name, found, next)
          return found !== undefined
        }),
      remove: (schedule) =>
        ask(() => {
          const found = current(schedule)
          if (found !== undefined) write(process.name, found, undefined)
          return found !== undefined
        }),
      list: ({ application, namePrefix = '' }) =>
        ask(() => {
          const items = [...records.values()].filter((record) => record.application === application && record.name.startsWith(namePrefix))
          return { items, next: undefined }
        }),
      due: (application, until, limit, after = '') =>
        ask(() =>
          dueIndex(application, addsTogether || !world.random.chance(0.2) ? 0 : indexLagMs)
            .filter(({ dueAt, position }) => dueAt <= until && position > after)
            .toSorted((a, b) => (a.position < b.position ? -1 : 1))
            .slice(0, limit),
        ),
      nextDueAt: (application, after) =>
        ask(() => {
          const later = dueIndex(application, 0).flatMap(({ dueAt }) => (dueAt > after ? [dueAt] : []))
          return later.length === 0 ? undefined : Math.min(...later)
        }),
      counts: (application) =>
        ask(() => ({
          scheduled: [...records.values()].filter((record) => record.application === application && countOf(record) > 0).length,
        })),
      scan: () => ask(() => ({ items: [...records.values()], next: undefined })),
      check: () => ask(() => undefined),
    }
  }

  return { changes, unfinished: () => unfinished, portOf }
}

function keyOf({ application, name }: Schedule): string {
  return `${application}/${name}`
}

function countOf(schedule: Schedule | undefined): number {
  return schedule === undefined || schedule.dueAt === null ? 0 : 1
}

function describe(schedule: Schedule | undefined): string {
  if (schedule === undefined) return 'nothing'
  const { name, id, version, status, dueAt } = schedule
  return `${name} ${id} v${version} ${status}${dueAt === null ? '' : ` due ${new Date(dueAt).toISOString().slice(11, 23)}`}`
}
