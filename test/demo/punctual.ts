import { randomUUID } from 'node:crypto'
import createClient from 'openapi-fetch'
import type { components, paths } from '../../openapi/openapi.d.ts'

type Schemas = components['schemas']

/** When a post is to appear: a local time in a zone, or so long from now. */
export type When = Pick<Schemas['CreateSchedule'], 'at' | 'timeZone' | 'disambiguation' | 'delaySeconds'>

/** A post that waits for its moment. */
export interface ScheduledPost {
  readonly name: string
  readonly text: string
  /** RFC 3339, in UTC. */
  readonly at: string
  /** Where it was asked for as a local time: the zone. */
  readonly timeZone: string | undefined
}

/** Punctual has not done it, and the problem says why. */
export class Refused extends Error {
  readonly problem: Pick<Schemas['Problem'], 'status' | 'code' | 'title' | 'detail' | 'errors'>

  constructor(problem: Refused['problem']) {
    super(problem.detail)
    this.problem = problem
  }
}

interface Options {
  readonly url: string
  readonly key: string
  /** Where it is to call. */
  readonly hook: string
}

export type Punctual = ReturnType<typeof makePunctual>

/** What the application asks of Punctual. Each throws `Refused`. */
export function makePunctual({ url, key, hook }: Options) {
  const api = createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${key}` } })
  api.use({ onError: ({ error }) => unreachable(error) })

  return {
    async schedule({ text, ...when }: When & { text: string }): Promise<ScheduledPost> {
      const body = { name: `post-${randomUUID()}`, ...when, target: { url: hook }, payload: { text } }
      return toPost(dataOf(await api.POST('/schedules', { body })))
    },

    /** Soonest first. */
    async scheduled(): Promise<ScheduledPost[]> {
      const { items } = dataOf(await api.GET('/schedules', { params: { query: { status: 'scheduled' } } }))
      return items.map(toPost)
    },

    /** With its entity tag, which says which state of it this is. */
    async read(name: string): Promise<{ post: ScheduledPost; etag: string }> {
      const answer = await api.GET('/schedules/{name}', { params: { path: { name } } })
      return { post: toPost(dataOf(answer)), etag: answer.response.headers.get('etag') ?? '' }
    },

    /** Only if it is still in the state that whoever changes it has seen. */
    async change(name: string, etag: string, { text, ...when }: When & { text?: string }): Promise<ScheduledPost> {
      const params = { path: { name }, header: { 'if-match': etag } }
      const body = { ...when, ...(text === undefined ? {} : { payload: { text } }) }
      return toPost(dataOf(await api.PATCH('/schedules/{name}', { params, body })))
    },

    /** When this has resolved, the post will not appear. */
    async withdraw(name: string): Promise<void> {
      dataOf(await api.DELETE('/schedules/{name}', { params: { path: { name } } }))
    },
  }
}

function toPost({ name, payload, at, timeZone }: Schemas['Schedule']): ScheduledPost {
  return { name, text: (payload as { text: string }).text, at, timeZone }
}

function dataOf<T>({ data, error }: { data?: T; error?: Refused['problem'] }): T {
  if (error !== undefined) throw new Refused(error)
  return data as T
}

function unreachable(cause: unknown): Refused {
  const detail = 'Punctual cannot be reached right now. Try again.'
  return Object.assign(new Refused({ status: 503, code: 'unavailable', title: 'Temporarily unavailable', detail }), { cause })
}
