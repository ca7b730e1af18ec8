import { Agent } from 'undici'
import type { Deliver } from '../contender.ts'

/** So many calls at once, on as many connections that are kept. */
export const callsAtOnce = 128

/** What a worker's author would write: a POST of the payload over connections that are kept. */
export function makeDeliver(): Deliver {
  const agent = new Agent({ connections: callsAtOnce, pipelining: 1 })
  return async ({ url, payload }) => {
    const { origin, pathname } = new URL(url)
    const { statusCode, body } = await agent.request({
      origin,
      path: pathname,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payload),
    })
    await body.dump()
    if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`)
  }
}
