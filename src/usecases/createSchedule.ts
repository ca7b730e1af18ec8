import { AppError, invalid } from '../domain/errors.ts'
import { armAgain, create, isFinished } from '../domain/lifecycle.ts'
import type { Clock, Observer, Owner, ScheduleStore, Trigger } from '../domain/ports.ts'
import type { Content, Schedule } from '../domain/schedule.ts'
import { lastInstant } from '../domain/time.ts'

export interface CreateRequest {
  readonly application: string
  /** Generated when absent. */
  readonly name: string | undefined
  readonly when: { readonly at: number } | { readonly delaySeconds: number }
  readonly content: Content
  /** SHA-256 (base64url) of the request's body. */
  readonly digest: string
}

export interface Created {
  /** False where this was a retried request: the schedule is the one that the first request made. */
  readonly created: boolean
  readonly schedule: Schedule
}

/** A moment this little in the past is the caller's latency, and delivered at once; an older one is a mistake. */
const toleratedPastMs = 60_000

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
  readonly newId: () => string
  readonly newName: () => string
}

/**
 * Records a schedule and asks for its wake-up.
 *
 * @throws AppError `invalid_request` (the moment is past or beyond the year 9999), `target_not_allowed`, `name_in_use`,
 *   `too_many_requests` and `unavailable` where its wake-up cannot be asked for; then it is taken back
 */
export function makeCreateSchedule({ store, trigger, owner, clock, observer, newId, newName }: Dependencies) {
  return async function createSchedule(request: CreateRequest): Promise<Created> {
    const now = clock.now()
    let schedule: Schedule
    try {
      schedule = draft(request, now)
    } catch (refusal) {
      // What cannot be asked for any more may have been asked for in time: this is that request again.
      const earlier = request.name === undefined ? undefined : await store.get(request.application, request.name)
      if (earlier !== undefined && isSameRequest(earlier, request.digest, now)) return { created: false, schedule: earlier }
      throw refusal
    }
    const placed = await put(schedule).catch(async (error: unknown) => {
      // It may have been written all the same. Under its own name the request can be repeated; under ours it would be another.
      if (request.name === undefined) await withdraw(schedule, undefined)
      throw error
    })
    if (placed.kind === 'repeated') return { created: false, schedule: placed.existing }
    // A crash here leaves a record without a wake-up: not acknowledged yet, and delivered all the same, since whoever
    // looks for overdue records finds it.
    try {
      await trigger.arm(schedule)
    } catch (error) {
      await withdraw(schedule, placed.replaced)
      throw error
    }
    return { created: true, schedule }
  }

  function draft({ application, name, when, content, digest }: CreateRequest, now: number): Schedule {
    const at = momentOf(when, now)
    if (!owner.allows(application, content.target.url)) {
      const { origin } = new URL(content.target.url)
      throw new AppError('target_not_allowed', `The application may not call ${origin}. Its allowedOrigins say where it may.`)
    }
    return create({ application, name: name ?? newName(), id: newId(), at, content, requestDigest: digest }, now)
  }

  /** Adds the record, in a finished one's place if need be, unless this is a repeated request. */
  async function put(schedule: Schedule): Promise<Placed> {
    for (;;) {
      const answer = await store.insert(schedule)
      if (answer.inserted) return { kind: 'placed', replaced: undefined }
      const { existing } = answer
      if (isSameRequest(existing, schedule.requestDigest, schedule.createdAt)) {
        const confirmed = await confirm(existing, schedule.createdAt)
        if (confirmed !== undefined) return { kind: 'repeated', existing: confirmed }
        continue
      }
      if (!isFinished(existing)) throw nameInUse(existing)
      if (await store.replace(existing, schedule)) return { kind: 'placed', replaced: existing }
      // Somebody else changed it between the two: look again. Each round means that another request got ahead.
    }
  }

  /**
   * The first request may be under way still, about to take its record back, or its process may have died before it had
   * asked for a wake-up. So a young record is armed again before anybody is told of it; the change of version keeps it from
   * being taken back.
   *
   * @returns undefined where the record has changed meanwhile
   */
  async function confirm(existing: Schedule, now: number): Promise<Schedule | undefined> {
    if (existing.status !== 'scheduled' || now - existing.createdAt > unconfirmedMs) return existing
    const confirmed = armAgain(existing)
    if (!(await store.replace(existing, confirmed))) return undefined
    await trigger.arm(confirmed)
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
}

type Placed =
  | { readonly kind: 'placed'; readonly replaced: Schedule | undefined }
  | { readonly kind: 'repeated'; readonly existing: Schedule }

function isSameRequest(earlier: Schedule, digest: string, now: number): boolean {
  return earlier.requestDigest === digest && now - earlier.createdAt < sameRequestMs
}

function momentOf(when: CreateRequest['when'], now: number): number {
  if ('at' in when) {
    if (when.at >= now - toleratedPastMs) return when.at
    throw invalid('/at', `is ${Math.round((now - when.at) / 1000)} seconds in the past; at most 60 are taken as now`)
  }
  const at = now + Math.ceil(when.delaySeconds * 1000)
  if (at > lastInstant) throw invalid('/delaySeconds', 'ends after the year 9999')
  return at
}

function nameInUse({ name, id, status }: Schedule): AppError {
  return new AppError(
    'name_in_use',
    `There is a schedule ${name} already, status ${status}, id ${id}. Cancel it first, or choose another name.`,
  )
}
