import type { DeliveryResult } from './lifecycle.ts'
import type { Attempt, Content, Schedule, Status, TimelineStatus, WakeUp } from './schedule.ts'

export interface ListQuery {
  readonly application: string
  readonly status?: Status | undefined
  /** Bounds on `at`, in milliseconds since the epoch: from (inclusive), to (exclusive). */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Only names that begin with this; such a list is in the order of names. */
  readonly namePrefix?: string | undefined
  readonly limit: number
  /** The `next` of the page before. Means something only to the store that gave it. */
  readonly after?: string | undefined
}

export interface Page {
  /** Soonest `at` first, or by name where a prefix was asked for. May be fewer than asked for although more follow: `next` alone tells. */
  readonly items: readonly Schedule[]
  readonly next: string | undefined
}

/** How many schedules there are in each status; a status that nobody counts is not among them. */
export type Counts = Readonly<Partial<Record<Status, number>>>

/** What a timeline is of. */
export interface TimelineQuery {
  readonly application: string
  readonly statuses: readonly TimelineStatus[]
  /** In order; an interval reaches from each to the next, without that. In milliseconds since the epoch. */
  readonly edges: readonly number[]
  /** Counting ends here: such a count stands for that many or more. */
  readonly countedUpTo: number
}

/** How many schedules have their `at` in which interval, at a cost that depends on the intervals and not on what there is. */
export interface Timeline {
  /**
   * For each interval the counts of the statuses asked for; what is being delivered counts as `scheduled`. A store may lag
   * behind a little, and may count what is about to be removed.
   *
   * @throws AppError `unavailable`
   */
  timeline(query: TimelineQuery): Promise<readonly Counts[]>
}

/** A wake-up from whoever may have read the record just now. */
export interface Hint extends WakeUp {
  /** The record as it was then, where that has cost next to nothing. */
  readonly record?: Schedule | undefined
}

/** A row of the due index. */
export interface Due extends Hint {
  readonly dueAt: number
  /** Where it stands in the index; means something only to the store that gave it. */
  readonly position: string
}

/**
 * Where the records live. Whatever a method has answered is durable. Every change is conditional, so that of two who
 * act on the same record one wins and the other is told.
 *
 * All methods reject with an AppError `unavailable` when the store cannot do its work.
 */
export interface ScheduleStore {
  /** Adds a record under a name that is free, or answers with the one that has it. */
  insert(schedule: Schedule): Promise<{ readonly inserted: true } | { readonly inserted: false; readonly existing: Schedule }>
  /**
   * Adds several records of one application, those whose names are free, in one commit; only where the store can.
   *
   * @returns for each, in their order, whether it was added
   */
  insertTogether?(application: string, schedules: readonly Schedule[]): Promise<readonly boolean[]>
  get(application: string, name: string): Promise<Schedule | undefined>
  /** Puts `next` in the place of `previous`; false where the record is no longer that version of that incarnation. */
  replace(previous: Schedule, next: Schedule): Promise<boolean>
  /** Takes a record back; false where it is no longer that version of that incarnation. */
  remove(schedule: Schedule): Promise<boolean>
  list(query: ListQuery): Promise<Page>
  /**
   * The application's records with `dueAt` ≤ `until`, soonest first. These are hints: an index may lag behind a little,
   * and what is being delivered may be named although its lease lives. Nothing that has been due for long is missing.
   *
   * @param after only rows behind this position
   */
  due(application: string, until: number, limit: number, after?: string): Promise<readonly Due[]>
  /**
   * How many schedules the application has, at the cost of a single read. A store may tell the unfinished ones alone, and
   * take all of those for `scheduled`; and it may be a little off where processes have died.
   */
  counts(application: string): Promise<Counts>
  /**
   * Every record of every application, in no particular order, to be taken elsewhere; what is added meanwhile may be
   * missing.
   *
   * @param after the `next` of the page before
   */
  scan(after?: string): Promise<Page>
  /** Resolves when the store can be read and written. */
  check(): Promise<void>
}

/** Sees to it that a wake-up comes when a schedule is due. May wake too often, never too seldom. */
export interface Trigger {
  /**
   * Asks for a wake-up at `dueAt`. Rejects only where it is certain that none will come; then nothing is left behind.
   */
  arm(schedule: Schedule): Promise<void>
  /** Takes that back, as well as may be: a wake-up that comes nevertheless finds the record changed. Never rejects. */
  disarm(schedule: Schedule): Promise<void>
}

/** A store, and the trigger that goes with it. */
export interface Engine {
  readonly store: ScheduleStore & Timeline
  readonly trigger: Trigger
  /** How long before its moment a delivery is to be claimed: what a durable write takes at worst, nearly always. */
  readonly claimLeadMs: number
  /** How many schedules are to be created at once, when many are asked for in one request. */
  readonly createsAtOnce: number
  /** Names for schedules that were given none, such as are cheap to add here. */
  newName(): string
  /** Begins to send wake-ups. */
  start(): void
  /** No wake-up comes from here after this has resolved. */
  stop(): Promise<void>
  /** Sees to it that another process wakes what this one held and, since it is stopping, lets go of. */
  handOver(wakeUp: WakeUp): void
  /** Lets go of the store: what is asked of it from now on fails. */
  close(): Promise<void>
}

/** How a wake-up from outside proves itself. Each token opens one incarnation of one schedule, and nothing else. */
export interface CallbackTokens {
  tokenOf(wakeUp: WakeUp): string
  /** How long this takes tells nothing about the right token. */
  isTokenOf(wakeUp: WakeUp, token: string): boolean
}

/** One attempt's request to an owning application. */
export interface Call {
  readonly application: string
  readonly name: string
  readonly id: string
  readonly attempt: number
  readonly dueAt: number
  readonly content: Content
}

/** The applications on the other end. */
export interface Owner {
  /** Whether the application's configuration lets it be called at this URL. */
  allows(application: string, url: string): boolean
  /** Makes one attempt, within the delivery deadline. Never rejects: whatever happens is a result. */
  deliver(call: Call): Promise<DeliveryResult>
}

export interface Clock {
  /** The wall clock, in milliseconds since the epoch. */
  now(): number
  /**
   * Resolves once the wall clock has reached the instant, never before, whatever steps it takes on the way.
   *
   * @throws the signal's reason when it aborts
   */
  sleepUntil(instant: number, signal?: AbortSignal): Promise<void>
  /**
   * Resolves after so many milliseconds, and no later where the wall clock is set back meanwhile; where it is set forward,
   * sooner. For work that is done again and again.
   *
   * @throws the signal's reason when it aborts
   */
  pause(ms: number, signal?: AbortSignal): Promise<void>
}

/** A clock that stands still until somebody turns it: time for tests. What is paused is paused in real time. */
export interface ManualClock extends Clock {
  /** Turns it forward, and wakes whoever sleeps until then, in the order of time. Never turns it back. */
  set(instant: number): void
}

/** Told what happens, for logs and metrics. */
export interface Observer {
  /** An attempt has ended and is written down. */
  attempted(schedule: Schedule, attempt: Attempt): void
  /** A schedule has expired before it could be delivered. */
  expired(schedule: Schedule): void
  /** The sweep has taken in hand what was overdue and nothing else had woken: in a healthy system this is never told. */
  rescued(wakeUp: Due): void
  /** Machinery failed. The work itself is not lost: the record is still due. */
  failed(what: string, error: unknown, wakeUp?: WakeUp): void
  /** Writes have been made durable, together: how long the first of them had waited its turn, and how long they took. */
  committed(waitedMs: number, tookMs: number): void
}
