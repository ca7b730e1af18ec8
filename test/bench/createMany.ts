import { Pool } from 'undici'

/** Creates schedules through the API, 64 at a time. */
export async function createMany(url: string, count: number, body: (index: number) => unknown, key?: string): Promise<void> {
  const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) }
  const pool = new Pool(url, { connections: 64 })
  let next = 0
  async function worker(): Promise<void> {
    while (next < count) {
      const text = JSON.stringify(body(next++))
      const response = await pool.request({
        path: '/schedules',
        method: 'POST',
        headers,
        body: text,
      })
      const answer = await response.body.text()
      if (response.statusCode !== 201) throw new Error(`${response.statusCode} ${answer}`)
    }
  }
  await Promise.all(Array.from({ length: 64 }, worker))
  await pool.close()
}
