import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'

const connections = 64

/**
 * Creates schedules through the API, 64 at a time; repeats what the service is too busy for, as a caller should.
 *
 * @returns how often it was too busy
 */
export async function createMany(url: string, count: number, body: (index: number) => unknown, key?: string): Promise<number> {
  const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) }
  const pool = new Pool(url, { connections })
  let next = 0
  let refused = 0
  async function create(text: string): Promise<void> {
    for (;;) {
      const response = await pool.request({ path: '/schedules', method: 'POST', headers, body: text })
      const answer = await response.body.text()
      if (response.statusCode === 201 || response.statusCode === 200) return
      if (response.statusCode !== 503 && response.statusCode !== 429) throw new Error(`${response.statusCode} ${answer}`)
      refused++
      await sleep(Number(response.headers['retry-after']) * 1000)
    }
  }
  async function worker(): Promise<void> {
    while (next < count) await create(JSON.stringify(body(next++)))
  }
  await Promise.all(Array.from({ length: connections }, worker))
  await pool.close()
  return refused
}
