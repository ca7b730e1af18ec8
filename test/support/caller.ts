import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { keys } from './composed.ts'

export interface Request {
  readonly method?: InjectOptions['method']
  readonly path?: string
  readonly body?: unknown
  /** The body as text, instead. */
  readonly text?: string | Buffer
  /** Empty: none. */
  readonly key?: string | undefined
  readonly headers?: Record<string, string>
}

/** Somebody who calls the API, by default as the application blog. */
export interface Caller {
  ask(request: Request): Promise<LightMyRequestResponse>
  post(body: unknown, more?: Request): Promise<LightMyRequestResponse>
  /** A name that nobody else has. */
  newName(): string
  /** Reads a schedule again and again until it has this status. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as `json()` of a response
  waitForStatus(name: string, status: string): Promise<any>
}

let names = 0

export function callerOf(app: FastifyInstance): Caller {
  async function ask({ method = 'GET', path = '/schedules', body, text, key = keys.blog, headers = {} }: Request) {
    const payload = text ?? (body === undefined ? undefined : JSON.stringify(body))
    return app.inject({
      method,
      url: path,
      headers: {
        ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload === undefined ? {} : { payload }),
    })
  }

  return {
    ask,
    post: (body, more = {}) => ask({ method: 'POST', body, ...more }),
    newName: () => `post-${++names}`,
    async waitForStatus(name, status) {
      for (;;) {
        const response = await ask({ path: `/schedules/${name}` })
        if (response.statusCode !== 200) throw new Error(`there is no ${name} to wait for: ${response.payload}`)
        const schedule = response.json()
        if (schedule.status === status) return schedule
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
  }
}

/** A problem of this code, as the API has it. */
export function isProblem(
  t: { match: (a: unknown, b: object) => unknown },
  response: LightMyRequestResponse,
  status: number,
  code: string,
  pointer?: string,
): void {
  t.match(
    { status: response.statusCode, type: response.headers['content-type'], body: response.json() },
    {
      status,
      type: /^application\/problem\+json/,
      body: {
        type: 'about:blank',
        status,
        code,
        title: /./,
        detail: /./,
        ...(pointer === undefined ? {} : { errors: [{ pointer, message: /./ }] }),
      },
    },
  )
}
