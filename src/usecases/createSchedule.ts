import { AppError } from '../domain/errors.ts'
import { armAgain, create, isFinished } from '../domain/lifecycle.ts'
import type { Clock, Observer, Owner, ScheduleStore, Trigger } from '../domain/ports.ts'
import type { Content, Schedule } from '../domain/schedule.ts'
import { lastInstant } from '../domain/time.ts'
import { eachOf } from './eachOf.ts'
import { momentOf, refuseExpired, type When } from './moment.ts'
import type { PendingLimit } from './pendingLimit.ts'
import { refuseTarget } from './target.ts'

export interface CreateRequest {
  readonly application: string
  /** Generated when absent. */
  readonly name: string | undefined
  readonly when: When
  /** Counted from its moment; undefined: never. */
  readonly expiresAfterMs?: number | undefined
  readonly content: Content
  /** What to do about an unfinished schedule of the name: refuse, take its place, or leave it as it is. */
  readonly ifExists: IfExists
  /** SHA-256 (base64url) of the request's body. */
  readonly digest: string
}

export const ifExistsChoices = ['fail', 'replace', 'keep'] as const
export type IfExists = (typeof ifExistsChoices)[number]

export interface Created {
  /** False where this was a retried request, or the one that there is was to be kept: the schedule is the earlier one. */
  readonly created: boolean
  readonly schedule: Schedule
}

/** For so long the same body under the same name is the same request, sent again. */
const sameRequestMs = 24 * 3600_000

/** No creating request takes longer than this, from the record to the answer. */
const unconfirmedMs = 60_000

interface Dependencies {
  readonly store: ScheduleStore
  readonly trigger: Trigger
  readonly owner: Owner
  readonly clock: Clock
  readonly observer: Observer
  readonly pendingLimit: PendingLimit
  /** The engine's. */
  readonly createsAtOnce: number
  readonly newId: () => string
  readonly newName: () => string
}

export interface Creating {
  /**
   * Records a schedule and asks for its wake-up.
   *
   * @throws AppError `invalid_request` (the moment is past or beyond the year 9999), `target_not_allowed`, `name_in_use`,
   *   `being_delivered`, `too_many_pending`; `too_many_requests` and `unavailable` where its wake-up cannot be asked for: then
   *   it is taken back
   */
  createSchedule(request: CreateRequest): Promise<Created>
  /**
   * Creates many schedules of one application: in one commit where the store can, else so many at once as the engine
   * takes. What keeps one from being created keeps no other. Those of one name come in their order.
   *
   * @returns for each what came of it; a rejection's reason is what `createSchedule` throws
   */
  createSchedules(application: string, requests: readonly CreateRequest[]): Promise<PromiseSettledResult<Created>[]>
}

export function makeCreating({
  store,
  trigger,
  owner,
  clock,
  observer,
  pendingLimit,
  createsAtOnce,
  newId,
  newName,
}: Dependencies): Creating {
  async function createSchedule(request: CreateRequest): Promise<Created> {
    try {
      return await pendingLimit.within(request.application, () => add(request))
    } catch (error) {
      if (request.name === undefined || !isRefusal(error)) throw error
      const earlier = await store.get(request.application, request.name)
      if (earlier === undefined) throw error
      // Whoever keeps an unfinished one, or takes its place, adds none.
      if (error.code === 'too_many_pending' && !isFinished(earlier)) return add(request)
      // What cannot be asked for any more may have been asked for in time: this is that request again.
      if (request.ifExists !== 'replace' && isSameRequest(earlier, request.digest, clock.now())) {
        const confirmed = await confirm(earlier, clock.now())
        return confirmed === undefined ? createSchedule(request) : { created: false, schedule: confirmed }
      }
      throw error
    }
  }

  async function add(request: CreateRequest): Promise<Created> {
    const schedule = draft(request, clock.now())
    const placed = await put(schedule, request.ifExists).catch(async (error: unknown) => {
      // It may have been written all the same. Under its own name the request can be repeated; under ours it would be another.
      if (request.name === undefined) await withdraw(schedule, undefined)
      throw error
    })
    if (placed.kind === 'repeated') return { created: false, schedule: placed.existing }
    return armed(schedule, placed.replaced)
  }

  async function armed(schedule: Schedule, replaced: Schedule | undefined): Promise<Created> {
    // A crash here leaves a record without a wake-up: not acknowledged yet, and delivered all the same, since whoever
    // looks for overdue records finds it.
    try {
      await trigger.arm(schedule)
    } catch (error) {
      await withdraw(schedule, replaced)
      throw error
    }
    if (replaced !== undefined && !isFinished(replaced)) await trigger.disarm(replaced)
    return { created: true, schedule }
  }

  function draft({ application, name, when, expiresAfterMs, content, digest }: CreateRequest, now: number): Schedule {
    const { at, timeZone } = momentOf(when, now)
    const expiresAt = expiresAfterMs === undefined ? null : Math.min(at + expiresAfterMs, lastInstant)
    refuseExpired(expiresAt, now)
    refuseTarget(owner, application, content.target.url)
    return create({ application, name: name ?? newName(), id: newId(), at, timeZone, expiresAt, content, requestDigest: digest }, now)
  }

  async function createSchedules(application: string, requests: readonly CreateRequest[]): Promise<PromiseSettledResult<Created>[]> {
    const insert = store.insertTogether
    if (insert === undefined || pendingLimit.holdsFor(application)) return eachOf(requests, createsAtOnce, inTurn())
    const now = clock.now()
    const drafts = requests.map((request) => draftOf(request, now))
    const schedules = drafts.filter((schedule) => schedule !== undefined)
    const added = await insert(application, schedules)
      .catch(async (error: unknown) => {
        // As with a single one: what may have been written under a name of ours is taken back.
        const ours = drafts.filter((schedule, index) => schedule !== undefined && requests[index]?.name === undefined)
        await Promise.all(ours.map((schedule) => withdraw(schedule as Schedule, undefined)))
        throw error
      })
      .then((answers) => new Set(schedules.filter((_, index) => answers[index])))
    const create = inTurn()
    return Promise.allSettled(
      requests.map(async (request, index) => {
        const schedule = drafts[index]
        // What was not added is in somebody's way, or refused: by itself it is told why, or finds the one that there is.
        return schedule !== undefined && added.has(schedule) ? armed(schedule, undefined) : create(request)
      }),
    )
  }

  /** What is wrong with a request is found again when it is looked at by itself. */
  function draftOf(request: CreateRequest, now: number): Schedule | undefined {
    try {
      return draft(request, now)
    } catch {
      return undefined
    }
  }

  /** Creates one after the other where they have the same name. */
  function inTurn(): Creating['createSchedule'] {
    const latest = new Map<string, Promise<unknown>>()
    return (request) => {
      if (request.name === undefined) return createSchedule(request)
      const create = (): Promise<Created> => createSchedule(request)
      const before = latest.get(request.name)
      const created = before === undefined ? create() : before.then(create, create)
      latest.set(request.name, created)
      return created
    }
  }

  /** Adds the record, in another one's place if need be, unless that one is to be kept. */
  async function put(schedule: Schedule, ifExists: IfExists): Promise<Placed> {
    for (;;) {
      const answer = await store.insert(schedule)
      if (answer.inserted) return { kind: 'placed', replaced: undefined }
      const { existing } = answer
      if (isToBeKept(existing, schedule, ifExists)) {
        const confirmed = await confirm(existing, schedule.createdAt)
        if (confirmed !== undefined) return { kind: 'repeated', existing: confirmed }
        continue
      }
      if (!isFinished(existing) && ifExists !== 'replace') throw nameInUse(existing)
      if (existing.status === 'delivering') throw beingDelivered(existing)
      if (await store.replace(existing, schedule)) return { kind: 'placed', replaced: existing }
      // Somebody else changed it between the two: look again. Each round means that another request got ahead.
    }
  }

  /**
   * The first request may be under way still, about to take its record back, or its process may have died before it had
   * asked for a wake-up. So a young record is armed again, once, before anybody is told of it; the change of version keeps it
   * from being taken back.
   *
   * @returns undefined where the record has changed meanwhile
   */
  async function confirm(existing: Schedule, now: number): Promise<Schedule | undefined> {
    const isConfirmed = existing.arming > 1 || now - existing.createdAt > unconfirmedMs
    if (existing.status !== 'scheduled' || isConfirmed) return existing
    const confirmed = armAgain(existing)
    if (!(await store.replace(existing, confirmed))) return undefined
    try {
      await trigger.arm(confirmed)
    } catch (error) {
      // Unconfirmed as before, so that the next one to repeat it tries again.
      await store.replace(confirmed, { ...existing, version: confirmed.version + 1 }).catch(() => undefined)
      throw error
    }
    await trigger.disarm(existing)
    return confirmed
  }

  /** The caller is told that it failed, so everything is made as it was; unless the same request, repeated, got through. */
  async function withdraw(schedule: Schedule, replaced: Schedule | undefined): Promise<void> {
    try {
      if (replaced === undefined) await store.remove(schedule)
      else await store.replace(schedule, replaced)
    } catch (error) {
      observer.failed('a schedule whose creation failed could not be taken back either, and may be delivered', error, schedule)
    }
  }

  return { createSchedule, createSchedules }
}

type Placed =
  | { readonly kind: 'placed'; readonly replaced: Schedule | undefined }
  | { readonly kind: 'repeated'; readonly existing: Schedule }

function isSameRequest(earlier: Schedule, digest: string, now: number): boolean {
  return earlier.requestDigest === digest && now - earlier.createdAt < sameRequestMs
}

/** Whether the request was refused for what it asks, and not for what has failed. */
function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && ['invalid_request', 'target_not_allowed', 'too_many_pending'].includes(error.code)
}

/** Who asks for a new one in any case is not repeating itself; who would keep the one there is means an unfinished one. */
function isToBeKept(existing: Schedule, schedule: Schedule, ifExists: IfExists): boolean {
  if (ifExists === 'replace') return false
  if (ifExists === 'keep' && !isFinished(existing)) return true
  return isSameRequest(existing, schedule.requestDigest, schedule.createdAt)
}

function nameInUse({ name, id, status }: Schedule): AppError {
  return new AppError(
    'name_in_use',
    `There is a schedule ${name} already, status ${status}, id ${id}. Cancel it first, choose another name, or say ifExists.`,
  )
}

function beingDelivered({ name, id }: Schedule): AppError {
  return new AppError('being_delivered', `The schedule ${name}, id ${id}, is being delivered right now: nothing can take its place.`, {
    retryAfterSeconds: 1,
  })
}
