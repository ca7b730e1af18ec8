import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import type { Job, OpenClient } from '../contender.ts'
import { payload } from './job.ts'

const connections = 64
export interface PunctualSettings {
  readonly url: string
  /** None: development mode. */
  readonly key?: string
}

export const open: OpenClient<PunctualSettings> = async ({ url, key }) => {
  const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) }
  const pool = new Pool(url, { connections })

  /** Repeats what the service is too busy for, as a caller should. */
  async function post(path: string, body: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    for (;;) {
      const response = await pool.request({ path, method: 'POST', headers: { ...headers, ...more }, body })
      const text = await response.body.text()
      if (response.statusCode === 200 || response.statusCode === 201) return text
      if (response.statusCode !== 503) throw new Error(`${response.statusCode} ${text}`)
      await sleep(Number(response.headers['retry-after']) * 1000)
    }
  }

  return {
    async add(job) {
      await post('/schedules', JSON.stringify(requestOf(job)))
    },
    async addMany(jobs) {
      const text = await post('/schedules/batch', JSON.stringify({ items: jobs.map(requestOf) }), { prefer: 'return=minimal' })
      const { results } = JSON.parse(text) as { results: readonly { readonly status: number }[] }
      if (results.some(({ status }) => status !== 201)) throw new Error('not all of a batch were created')
    },
    close: () => pool.close(),
  }
}

function requestOf({ at, url }: Job) {
  return { at: new Date(at).toISOString(), target: { url }, payload }
}
