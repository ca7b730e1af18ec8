import type { ServerResponse } from 'node:http'
import type { Test } from 'tap'
import { startOwner, type TestOwner } from './owner.ts'

/** An owner that does as the path of its URL says: `/ok`, `/busy` (503), `/gone` (410), or `/hold`, until it is released. */
export interface ObedientOwner extends TestOwner {
  /** Answers 200 to all that are held, once there are this many. */
  release(count: number): Promise<void>
}

export async function startObedientOwner(t: Pick<Test, 'teardown'>): Promise<ObedientOwner> {
  const held: ServerResponse[] = []
  const owner = await startOwner(({ url }, response) => {
    if (url.startsWith('/hold')) held.push(response)
    else response.writeHead(url.startsWith('/busy') ? 503 : url.startsWith('/gone') ? 410 : 200).end('said')
  })
  t.teardown(() => owner.close())
  return {
    ...owner,
    async release(count) {
      while (held.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
      for (const response of held.splice(0)) response.end('ok')
    },
  }
}
