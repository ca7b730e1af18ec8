import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '../support/api.ts'

/** Callers who create one schedule after the other. */
export interface Load {
  /** What was acknowledged, by its name, and when. */
  readonly acknowledged: ReadonlyMap<string, number>
  /** Resolves when the last answers have come. */
  end(): Promise<void>
}

const callers = 2
const pauseMs = 20

/** @param origin of their owner; they are due within a second */
export function startLoad(api: Api, origin: string): Load {
  const acknowledged = new Map<string, number>()
  const ending = new AbortController()
  let count = 0

  async function call(): Promise<void> {
    while (!ending.signal.aborted) {
      const name = `load-${count++}`
      const created = await api.create({ name, delaySeconds: (count % 10) / 10, target: { url: origin } }).catch(() => undefined)
      if (created !== undefined) acknowledged.set(name, Date.now())
      await sleep(pauseMs)
    }
  }

  const calls = Array.from({ length: callers }, call)
  return {
    acknowledged,
    async end() {
      ending.abort()
      await Promise.all(calls)
    },
  }
}
