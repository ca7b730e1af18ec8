import { setTimeout as sleep } from 'node:timers/promises'
import { Agent } from 'undici'
import type { CallbackTokens, Observer } from '../../domain/ports.ts'
import type { WakeUp } from '../../domain/schedule.ts'

/** Enough to be done with thousands while a process stops, and few enough for whoever takes them. */
const connections = 32

const attempts = 5
const timeoutMs = 2000

/** Whoever distributes the requests needs a moment to see that this process takes none any more. */
const pauseMs = 300

interface Dependencies {
  readonly publicUrl: string
  readonly tokens: CallbackTokens
  readonly observer: Observer
}

export interface HandOver {
  /** Has another replica hold a wake-up that this one lets go of. Never rejects: the sweep would find it, a little late. */
  handOver(wakeUp: WakeUp): void
  /** Resolves when all have been handed over, or given up. */
  close(): Promise<void>
}

/** The way of a wake-up from the function, taken by a replica that stops: the public URL leads to one that does not. */
export function makeHandOver({ publicUrl, tokens, observer }: Dependencies): HandOver {
  const agent = new Agent({ connections, connectTimeout: timeoutMs, headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
  const underWay = new Set<Promise<void>>()

  async function post({ application, name, id }: WakeUp): Promise<boolean> {
    const url = new URL(`${publicUrl}/callbacks/${application}/${name}`)
    const { statusCode, body } = await agent.request({
      origin: url.origin,
      path: url.pathname,
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.tokenOf({ application, name, id })}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id }),
    })
    await body.dump()
    return statusCode < 300
  }

  async function tryAgainAndAgain(wakeUp: WakeUp): Promise<void> {
    let failure: unknown
    for (let attempt = 1; attempt <= attempts; attempt++) {
      try {
        if (await post(wakeUp)) return
      } catch (error) {
        failure = error
      }
      await sleep(pauseMs)
    }
    observer.failed('nobody took over what this process held: the sweep will find it, a little late', failure, wakeUp)
  }

  return {
    handOver(wakeUp) {
      const done = tryAgainAndAgain(wakeUp).finally(() => underWay.delete(done))
      underWay.add(done)
    },

    async close() {
      await Promise.all(underWay)
      await agent.close()
    },
  }
}
