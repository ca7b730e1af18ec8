import type { Client, Job } from '../contender.ts'
import { farAhead, jobsOf, type Spread } from './job.ts'
import { makePace, type Pace } from './pace.ts'
import { percentile } from './statistics.ts'

/** Adds under way at once. */
const addsAtOnce = 64
const bulkCallsAtOnce = 3
const jobsInOneCall = 1000
/** So many far-ahead jobs differ in their moments. */
const farJobs = 1_000_000

/** What the client process does, each a whole measurement. */
export interface LoadCommands {
  /** Adds jobs that stay pending, one by one, 64 at once. */
  adds(how: { readonly origin: string; readonly warmUpMs: number; readonly durationMs: number }): Promise<Adds>
  /** Adds them by the contender's bulk operation; undefined where it has none. */
  bulk(how: { readonly origin: string; readonly count: number }): Promise<number | undefined>
  /** Adds these jobs as fast as the contender can. */
  schedule(jobs: Spread): Promise<void>
  /**
   * Begins to add jobs at a steady pace, or at what the contender can do at 64 at once: such as stay pending, or are due so
   * many milliseconds later.
   */
  beginPaced(how: { readonly origin: string; readonly perSecond: number; readonly dueInMs?: number }): void
  /** Ends that, with how many a second it has been. */
  endPaced(nothing: null): Promise<number>
}

export interface Adds {
  readonly perSecond: number
  /** Of the time from the call to its answer, in milliseconds. */
  readonly p99Ms: number
}

export function makeLoads(client: Client): LoadCommands {
  const { addMany } = client
  let paced: { readonly pace: Pace; readonly ended: Promise<number> } | undefined

  async function schedule(jobs: Spread): Promise<void> {
    let next = 0
    if (addMany === undefined) {
      await atOnce(addsAtOnce, async () => {
        while (next < jobs.total) for (const job of jobsOf(jobs, next++, 1)) await client.add(job)
      })
      return
    }
    await atOnce(bulkCallsAtOnce, async () => {
      while (next < jobs.total) {
        const first = next
        next += jobsInOneCall
        await addMany(jobsOf(jobs, first, Math.min(jobsInOneCall, jobs.total - first)))
      }
    })
  }

  /** @param turn resolves when it is time for another, or with false when there are to be no more */
  async function addOneByOne(
    nextJob: () => Job | undefined,
    turn: () => boolean | Promise<boolean>,
    added: (tookMs: number) => void,
  ): Promise<void> {
    await atOnce(addsAtOnce, async () => {
      while (await turn()) {
        const job = nextJob()
        if (job === undefined) return
        const begun = performance.now()
        await client.add(job)
        added(performance.now() - begun)
      }
    })
  }

  return {
    async adds({ origin, warmUpMs, durationMs }) {
      const from = performance.now() + warmUpMs
      const until = from + durationMs
      const tookMs: number[] = []
      await addOneByOne(
        farJobsOf(origin),
        () => performance.now() < until,
        (took) => {
          const now = performance.now()
          if (now >= from && now < until) tookMs.push(took)
        },
      )
      return { perSecond: (tookMs.length / durationMs) * 1000, p99Ms: percentile(tookMs, 0.99) }
    },
    async bulk({ origin, count }) {
      if (addMany === undefined) return undefined
      const begun = performance.now()
      await schedule(farAhead(origin, count))
      return (count / (performance.now() - begun)) * 1000
    },
    schedule,
    beginPaced({ origin, perSecond, dueInMs }) {
      const begun = performance.now()
      const pace = makePace(perSecond)
      let added = 0
      const jobs = dueInMs === undefined ? farJobsOf(origin) : jobsDueIn(origin, dueInMs)
      const ended = addOneByOne(jobs, pace.turn, () => added++).then(() => (added / (performance.now() - begun)) * 1000)
      paced = { pace, ended }
    },
    async endPaced() {
      if (paced === undefined) throw new Error('nothing is paced')
      paced.pace.end()
      return paced.ended
    },
  }
}

/** One after the other, of those that stay pending. */
function farJobsOf(origin: string): () => Job | undefined {
  const far = farAhead(origin, farJobs)
  let next = 0
  return () => jobsOf(far, next++ % farJobs, 1)[0]
}

/** One after the other, each due so long after it was asked for. */
function jobsDueIn(origin: string, ms: number): () => Job {
  let next = 0
  return () => {
    const at = Date.now() + ms
    return { at, url: `${origin}/${at}/${next++}` }
  }
}

async function atOnce(count: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, work))
}
