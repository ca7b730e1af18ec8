import type { Scope } from '../support/directory.ts'
import type { Child } from './beside/child.ts'
import type { LoadCommands } from './beside/loads.ts'

/** One call that is to be made at its moment. */
export interface Job {
  /** When, in milliseconds since the epoch. */
  readonly at: number
  /** Where its HTTP call goes. */
  readonly url: string
}

/** What schedules, within the client process. A contender's `client.ts` opens one. */
export interface Client {
  /** Schedules one job; resolves when it is as durable as the contender promises. */
  add(job: Job): Promise<void>
  /** The contender's own bulk operation; undefined where it has none. */
  readonly addMany?: (jobs: readonly Job[]) => Promise<void>
  close(): Promise<unknown>
}

/** What every `client.ts` exports as `open`; the settings are those of its contender. */
export type OpenClient<Settings> = (settings: Settings) => Promise<Client>

/** Makes a job's HTTP call, and rejects where it was not answered with 200. */
export type Deliver = (data: JobData) => Promise<void>

/** What a queue keeps for a job, and its worker gets. */
export interface JobData {
  readonly url: string
  readonly payload: unknown
}

/** What every `worker.ts` exports as `work`: resolves, when it is at work, with what ends it. */
export type Work<Settings> = (settings: Settings, deliver: Deliver) => Promise<() => Promise<unknown>>

/** The process that schedules, and the loops that load the contender in it. */
export type ClientProcess = Child<LoadCommands>

/** A contender at work, on an empty store at first. */
export interface Running {
  /** Starts a process that schedules: never the one that delivers, nor the one that measures. */
  openClient(): Promise<ClientProcess>
  /** What its servers and its worker have in memory, in bytes; shared pages are counted once. */
  memoryBytes(): Promise<number>
  /** What its store takes up on the disk, in bytes. */
  diskBytes(): Promise<number>
  /** Ends worker and servers in order; what is pending stays. */
  stop(): Promise<void>
  /** Starts them again. */
  start(): Promise<void>
}

export type MeasurementName = 'create' | 'lateness' | 'burst' | 'pending'

/** Who is measured. */
export interface Contender {
  readonly title: string
  /** What it is measured in. */
  readonly measuredIn: readonly MeasurementName[]
  /** What is due sooner after it was added may come late, by its design, in milliseconds. */
  readonly looksAheadMs?: number
  /**
   * Starts it on an empty store, durable where it can be.
   *
   * @param origin where all of its calls will go, for whoever has to allow that
   */
  open(scope: Scope, origin: string): Promise<Running>
}
