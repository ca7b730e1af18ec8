import { setTimeout as sleep } from 'node:timers/promises'
import { apiOf } from '../../support/api.ts'
import { judgeAttempts } from './judgeAttempts.ts'
import type { HostileOwner } from './servers.ts'

/** How much of the bytes of a request an owner that takes none must leave unsent. */
const largePayload = 'confidential '.repeat(16_000)

export interface Wave {
  readonly number: number
  /** So many to each owner. */
  readonly calls: number
  /** The first is due then, in milliseconds since the epoch, and the last so much later. */
  readonly start: number
  readonly spreadMs: number
}

/** Schedules a wave of calls to a hostile owner. After the first attempt there is none for an hour. */
export async function lay(url: string, key: string, owner: HostileOwner, { number, calls, start, spreadMs }: Wave): Promise<void> {
  const stepMs = spreadMs / calls
  // No two owners are called at one moment.
  const offsetMs = Math.random() * stepMs
  const isLarge = owner.title.startsWith('takes no byte')
  const bodies = Array.from({ length: calls }, (_, index) => ({
    name: `wave-${number}-${index}`,
    at: new Date(start + Math.floor(offsetMs + index * stepMs)).toISOString(),
    target: { url: `${owner.origin}/hook?token=confidential`, headers: { 'x-token': 'confidential' } },
    payload: isLarge ? largePayload : 'confidential',
    retry: { maxAttempts: 2, initialDelaySeconds: 3600 },
  }))
  const api = apiOf(url, key)
  if (isLarge) for (const body of bodies) await api.create(body)
  else await api.createAll(bodies)
}

/** Waits until this many attempts of hostile owners have ended, but no longer than the instant; what has not ended is told. */
export async function untilEnded(url: string, count: number, until: number): Promise<void> {
  while (Date.now() < until) {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    const ended = metrics.matchAll(/^punctual_attempts_total\{application="hostile-\d+",.*\} (\d+)$/gm)
    if (ended.reduce((sum, [, value]) => sum + Number(value), 0) >= count) return
    await sleep(250)
  }
}

/** What of a wave to an owner was not as README promises. */
export async function judgeWave(url: string, key: string, owner: HostileOwner, { number, calls }: Wave): Promise<string[]> {
  return judgeAttempts(owner, await apiOf(url, key).list(`namePrefix=wave-${number}-`), calls)
}
