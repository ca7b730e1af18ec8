// The application that is called: it answers at once, and keeps how late each call came.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from './serve.ts'

export interface SinkCommands {
  origin(nothing: null): string
  waitFor(what: { readonly count: number; readonly withinMs: number }): Promise<number[]>
}

/** By the job's URL, so that a call that is made twice counts once. */
let lateMs = new Map<string, number>()
let arrived: () => void = () => undefined

const server = createServer((request, response) => {
  const now = Date.now()
  const url = request.url ?? ''
  request.resume()
  request.on('end', () => response.end('ok'))
  if (lateMs.has(url)) return
  lateMs.set(url, now - Number(url.split('/')[1]))
  arrived()
})
// As for any service behind a pool: connections outlive a pause.
server.keepAliveTimeout = 120_000
server.listen(0, '127.0.0.1')
await once(server, 'listening')

const commands: SinkCommands = {
  origin: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  async waitFor({ count, withinMs }) {
    await new Promise<void>((resolve, reject) => {
      const tooLong = setTimeout(() => reject(new Error(`of ${count} calls, ${lateMs.size} have come within ${withinMs} ms`)), withinMs)
      arrived = () => {
        if (lateMs.size < count) return
        clearTimeout(tooLong)
        resolve()
      }
      arrived()
    })
    const all = [...lateMs.values()]
    lateMs = new Map()
    return all
  },
}
serve({ ...commands }, () => server.close())
