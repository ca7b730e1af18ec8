import createClient from 'openapi-fetch'
import type { paths } from '../../../openapi/openapi.d.ts'
import { apiKey, isKeyWanted } from './session.ts'
import type { Problem } from './types.ts'

/** What the service did not do, and why; without a problem it has not answered as itself. */
export class Failure extends Error {
  override readonly name = 'Failure'
  /** Undefined where there was no answer at all. */
  readonly status: number | undefined
  readonly problem: Problem | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(status?: number, problem?: Problem, retryAfterSeconds?: number) {
    super(problem?.detail ?? `answered ${status ?? 'nothing'}`)
    this.status = status
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The service that has served this page, by its API. Nothing that it answers is kept by the browser. */
export const service = createClient<paths>({
  // Whatever the path that a proxy has put before it.
  baseUrl: new URL('.', location.href).href,
  cache: 'no-store',
  credentials: 'omit',
  fetch: fetchPatiently,
})

/** So often, and so long, a look is put off that the limit of the application's requests does not allow yet. */
const mostTries = 8
const mostWaitSeconds = 5

/** A limit makes looking slower. What changes something is never asked for twice. */
async function fetchPatiently(request: Request): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const response = await fetch(request)
    const waitSeconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    const isWorthWaiting = request.method === 'GET' && response.status === 429 && waitSeconds <= mostWaitSeconds
    if (!isWorthWaiting || tries === mostTries) return response
    await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000))
    request.signal.throwIfAborted()
  }
}

service.use({
  onRequest({ request }) {
    if (apiKey.value !== null && !request.headers.has('authorization')) request.headers.set('authorization', `Bearer ${apiKey.value}`)
    return request
  },
  onResponse({ request, response }) {
    // The answer to a key that has been replaced since says nothing about the new one.
    const asked = request.headers.get('authorization')
    if (response.status === 401 && asked === (apiKey.value === null ? null : `Bearer ${apiKey.value}`)) isKeyWanted.value = true
  },
})

interface Asked<Data> {
  readonly data?: Data
  readonly error?: unknown
  readonly response: Response
}

export interface Answered<Data> {
  readonly data: Data
  readonly etag: string | undefined
}

/**
 * What was asked for.
 *
 * @throws Failure where it was not answered with success
 */
export async function answered<Data>(asking: Promise<Asked<Data>>): Promise<Answered<Data>> {
  const { data, error, response } = await asking.catch((reason: unknown) => {
    throw isAbort(reason) ? reason : new Failure()
  })
  if (!response.ok || data === undefined) {
    throw new Failure(response.status, problemOf(error), Number(response.headers.get('retry-after') ?? Number.NaN) || undefined)
  }
  return { data, etag: response.headers.get('etag') ?? undefined }
}

/** A problem of the service's, and not what a proxy may say in its place. */
function problemOf(error: unknown): Problem | undefined {
  const body: unknown = typeof error === 'string' ? parse(error) : error
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body ? (body as Problem) : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isAbort(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'AbortError'
}
