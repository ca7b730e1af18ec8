import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { CallbackTokens, Observer } from '../../domain/ports.ts'
import type { WakeUp } from '../../domain/schedule.ts'
import { callbackOf } from './callback.ts'

/** Enough to be done with thousands while a process stops, and few enough for whoever takes them. */
const connections = 32

const timeoutMs = 2000

/** Whoever distributes the requests may need a while to see that this process takes none any more. */
const pauseMs = 200
const patienceMs = 7000

/** Where nobody has taken anything by then, nobody is there. */
const soleReplicaMs = 2000

interface Dependencies {
  readonly publicUrl: string
  readonly tokens: CallbackTokens
  readonly observer: Observer
}

export interface HandOver {
  /** Has another replica hold what this one cannot. Never rejects: the sweep would find it, a little late. */
  handOver(wakeUp: WakeUp): void
  /** Resolves when all have been handed over, or given up, in bounded time. */
  close(): Promise<void>
}

/** The way of a wake-up from the function, taken by a replica that stops: the public URL leads to one that does not. */
export function makeHandOver({ publicUrl, tokens, observer }: Dependencies): HandOver {
  const agent = new Agent({ connections, connectTimeout: timeoutMs, headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
  const underWay = new Set<Promise<void>>()
  let taken = 0
  let notTaken = 0

  /** Whether it was taken, or needs nobody. */
  async function post(wakeUp: WakeUp, signal: AbortSignal): Promise<boolean> {
    const { url, token, id } = callbackOf(publicUrl, tokens, wakeUp)
    const { statusCode, body } = await request(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id }),
      dispatcher: agent,
      signal,
    })
    await body.dump()
    // 404: its record is gone, so that there is nothing left to see to.
    return statusCode < 300 || statusCode === 404
  }

  async function offer(wakeUp: WakeUp): Promise<void> {
    const begun = performance.now()
    const deadline = AbortSignal.timeout(patienceMs)
    while (performance.now() - begun < (taken > 0 ? patienceMs : soleReplicaMs)) {
      const wasTaken = await post(wakeUp, deadline).catch(() => false)
      if (wasTaken) {
        taken++
        return
      }
      await sleep(pauseMs)
    }
    notTaken++
  }

  /** Once for all that were offered together. */
  function tellWhenDone(): void {
    if (underWay.size > 0 || notTaken === 0) return
    observer.failed(`nobody has taken over ${notTaken} schedules that were held here: the sweep will find them, a little late`, undefined)
    notTaken = 0
  }

  return {
    handOver(wakeUp) {
      const done = offer(wakeUp).finally(() => {
        underWay.delete(done)
        tellWhenDone()
      })
      underWay.add(done)
    },

    async close() {
      while (underWay.size > 0) await Promise.all(underWay)
      await agent.destroy()
    },
  }
}
