import assert from 'node:assert/strict'

/** A schedule as the API answers it, as far as tests look at it. */
export interface ScheduleBody {
  readonly name: string
  readonly id: string
  readonly status: string
  readonly at: string
  readonly nextAttemptAt?: string
  readonly updatedAt: string
  readonly attempts: readonly {
    readonly number: number
    readonly dueAt: string
    readonly startedAt: string
    readonly outcome: string
    readonly latenessMs: number
    readonly durationMs: number
    readonly responseBody?: string
    readonly error?: string
    readonly statusCode?: number
  }[]
}

/** A caller of the API over real sockets. */
export interface Api {
  create(body: object): Promise<ScheduleBody>
  /** Up to 1,000 in one batch, all of which must be new. */
  createAll(bodies: readonly object[]): Promise<void>
  /** Undefined where there is none. */
  read(name: string): Promise<ScheduleBody | undefined>
  /** Throws where it was not changed. */
  change(name: string, body: object): Promise<ScheduleBody>
  /** Whether it was canceled. */
  cancel(name: string): Promise<boolean>
  /** Everything, page by page. */
  list(query?: string): Promise<ScheduleBody[]>
  /** Reads a schedule again and again until it has this status. */
  waitForStatus(name: string, status: string): Promise<ScheduleBody>
}

export function apiOf(url: string, key?: string): Api {
  const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) }

  async function read(name: string): Promise<ScheduleBody | undefined> {
    const response = await fetch(`${url}/schedules/${name}`, { headers })
    return response.status === 200 ? ((await response.json()) as ScheduleBody) : undefined
  }

  return {
    async create(body) {
      const response = await fetch(`${url}/schedules`, { method: 'POST', headers, body: JSON.stringify(body) })
      const answer: unknown = await response.json()
      assert.ok(response.status === 201 || response.status === 200, JSON.stringify(answer))
      return answer as ScheduleBody
    },
    read,
    async createAll(items) {
      const response = await fetch(`${url}/schedules/batch`, { method: 'POST', headers, body: JSON.stringify({ items }) })
      const { results } = (await response.json()) as { results?: { status: number }[] }
      assert.deepEqual(new Set(results?.map(({ status }) => status)), new Set([201]), `a batch was answered ${response.status}`)
    },
    async change(name, body) {
      const response = await fetch(`${url}/schedules/${name}`, { method: 'PATCH', headers, body: JSON.stringify(body) })
      const answer: unknown = await response.json()
      assert.equal(response.status, 200, JSON.stringify(answer))
      return answer as ScheduleBody
    },
    async cancel(name) {
      const response = await fetch(`${url}/schedules/${name}`, { method: 'DELETE', headers })
      await response.arrayBuffer()
      return response.status === 200
    },
    async list(query = '') {
      const items: ScheduleBody[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const response: Response = await fetch(`${url}/schedules?limit=1000&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`, {
          headers,
        })
        const page = (await response.json()) as { items: ScheduleBody[]; nextCursor: string | null }
        assert.equal(response.status, 200, JSON.stringify(page))
        items.push(...page.items)
        cursor = page.nextCursor
      }
      return items
    },
    async waitForStatus(name, status) {
      for (;;) {
        const schedule = await read(name)
        if (schedule?.status === status) return schedule
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
  }
}
