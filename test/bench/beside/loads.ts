import type { Client } from '../contender.ts'
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
  /** Begins to add jobs that stay pending, at a steady pace, or at what the contender can do at 64 at once. */
  beginPaced(how: { readonly origin: string; readonly perSecond: number }): void
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
  async function addFar(origin: string, turn: () => boolean | Promise<boolean>, added: (tookMs: number) => void): Promise<void> {
    const far = farAhead(origin, farJobs)
    let next = 0
    await atOnce(addsAtOnce, async () => {
      while (await turn()) {
        const [job] = jobsOf(far, next++ % farJobs, 1)
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
      await addFar(
        origin,
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
    beginPaced({ origin, perSecond }) {
      const begun = performance.now()
      const pace = makePace(perSecond)
      let added = 0
      const ended = addFar(origin, pace.turn, () => added++).then(() => (added / (performance.now() - begun)) * 1000)
      paced = { pace, ended }
    },
    async endPaced() {
      if (paced === undefined) throw new Error('nothing is paced')
      paced.pace.end()
      return paced.ended
    },
  }
}

async function atOnce(count: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, work))
}
