import type { Answer } from '../support/owner.ts'
import type { Ledger } from './ledger.ts'

/** A process of the service as its callers have it. */
export interface Endpoint {
  readonly url: string
  readonly key: string | undefined
}

interface Options {
  /** Any process that is there; undefined: none is. */
  readonly pick: () => Endpoint | undefined
  readonly ledger: Ledger
  readonly origin: string
  readonly callers: number
  readonly random: () => number
}

export interface Load {
  /** Resolves when every caller has had its last answer. */
  stop(): Promise<void>
}

const nobodyThereMs = 20

/** Callers that create schedules for the next two seconds, and cancel, change and run some of them, without a pause. */
export function startLoad({ pick, ledger, origin, callers, random }: Options): Load {
  const over = new AbortController()
  let names = 0

  async function call(method: string, path: string, body?: object): Promise<{ status: number; body: unknown } | undefined> {
    const endpoint = pick()
    if (endpoint === undefined) {
      await new Promise((resolve) => setTimeout(resolve, nobodyThereMs))
      return undefined
    }
    const { url, key } = endpoint
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    }
    try {
      const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
      return { status: response.status, body: await response.json() }
    } catch {
      // The process died with the answer, or before it had the request.
      return undefined
    }
  }

  const soon = (): string => new Date(Date.now() + Math.floor(random() * 2000)).toISOString()

  async function createOne(): Promise<void> {
    const name = `chaos-${++names}`
    const at = soon()
    const stubborn = random() < 0.15
    const target = { url: origin }
    const retry = { maxAttempts: 10, initialDelaySeconds: 1, maxDelaySeconds: 2 }
    const created = await call('POST', '/schedules', { name, at, target, retry, payload: { token: 0, stubborn } })
    if (created?.status !== 201) return
    const { id } = created.body as { id: string }
    ledger.created(id, name, Date.parse(at))
    const choice = random()
    if (choice < 0.2) await cancel(id, name)
    else if (choice < 0.4) await change(id, name, stubborn)
    else if (choice < 0.45) await run(id, name)
  }

  async function cancel(id: string, name: string): Promise<void> {
    ledger.wantsCanceled(id)
    if ((await call('DELETE', `/schedules/${name}`))?.status === 200) ledger.canceled(id)
  }

  async function change(id: string, name: string, stubborn: boolean): Promise<void> {
    const at = soon()
    const answer = await call('PATCH', `/schedules/${name}`, { at, payload: { token: 1, stubborn } })
    if (answer?.status === 200) ledger.changed(id, Date.parse(at), 1)
    // Whether it holds nobody knows.
    else if (answer === undefined) ledger.mayBeSooner(id)
  }

  async function run(id: string, name: string): Promise<void> {
    ledger.wantsRun(id)
    await call('POST', `/schedules/${name}/run`)
  }

  async function goOn(): Promise<void> {
    while (!over.signal.aborted) await createOne()
  }

  const running = Array.from({ length: callers }, goOn)
  return {
    async stop() {
      over.abort()
      await Promise.all(running)
    },
  }
}

/** An owner that is busy at the first attempt of some, and slow with some. */
export const answerMostly: Answer = ({ headers, body }, response) => {
  const { stubborn } = JSON.parse(body) as { stubborn: boolean }
  if (stubborn && headers['schedule-attempt'] === '1') {
    response.writeHead(503).end()
    return
  }
  const slowMs = (headers['webhook-id'] ?? '').startsWith('0') ? 300 : 0
  setTimeout(() => response.end('ok'), slowMs)
}
