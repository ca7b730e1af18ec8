import type { Meaning } from './spelling.ts'

interface Answer {
  readonly status: number
  readonly code?: string | undefined
}

/** The three ways in which a caller names a target; each must judge a spelling the same. */
export interface Asking {
  create(index: number, url: string): Promise<Answer>
  /** All of them in one. */
  createBatch(urls: readonly string[]): Promise<readonly Answer[]>
  /** Of a schedule that is there, and not due for long. */
  change(url: string): Promise<Answer>
}

export function askingAt(service: string, key: string): Asking {
  async function ask(method: string, path: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
    return fetch(service + path, { method, headers, body: JSON.stringify(body) })
  }

  return {
    create: async (index, url) => toAnswer(await ask('POST', '/schedules', { name: `one-${index}`, delaySeconds: 0, target: { url } })),
    async createBatch(urls) {
      const items = urls.map((url, index) => ({ name: `batch-${index}`, delaySeconds: 0, target: { url } }))
      const { results } = (await (await ask('POST', '/schedules/batch', { items })).json()) as {
        results: { status: number; problem?: { code: string } }[]
      }
      return results.map(({ status, problem }) => ({ status, code: problem?.code }))
    },
    change: async (url) => toAnswer(await ask('PATCH', '/schedules/changed', { target: { url } })),
  }
}

async function toAnswer(response: Response): Promise<Answer> {
  const body = (await response.json()) as { code?: string }
  if (response.ok) return { status: response.status }
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true
  return { status: response.status, code: isProblem ? (body.code ?? 'none') : 'no problem+json' }
}

const promised: Readonly<Record<Meaning, readonly Answer[]>> = {
  allowed: [{ status: 201 }, { status: 200 }],
  elsewhere: [{ status: 403, code: 'target_not_allowed' }],
  malformed: [{ status: 422, code: 'invalid_request' }],
}

/** Whether a caller was told what a spelling means. */
export function saysSo({ status, code }: Answer, meaning: Meaning): boolean {
  return promised[meaning].some((answer) => answer.status === status && answer.code === code)
}
