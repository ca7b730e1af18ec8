import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as an owning application got it. */
export interface ReceivedCall {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The wall clock when its headers were there. */
  readonly receivedAt: number
  /** What was answered; undefined while it has not been. */
  readonly status: number | undefined
}

export type Answer = (call: ReceivedCall, response: ServerResponse, request: IncomingMessage) => void

/** A real owning application on a real socket. */
export interface TestOwner {
  readonly origin: string
  readonly calls: readonly ReceivedCall[]
  /** Resolves when there have been at least so many calls, for schedules whose names begin with the prefix. */
  waitForCalls(count: number, prefix?: string): Promise<readonly ReceivedCall[]>
  /** The calls so far for schedules whose names begin like this. */
  callsOf(prefix: string): readonly ReceivedCall[]
  /** How many connections were ever made to it. */
  connections(): number
  close(): Promise<void>
}

export async function startOwner(answer: Answer = (_call, response) => response.end('ok')): Promise<TestOwner> {
  const calls: ReceivedCall[] = []
  const events = new EventEmitter()
  let connections = 0
  const server = createServer((request, response) => {
    const receivedAt = Date.now()
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const call: ReceivedCall = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
        receivedAt,
        get status() {
          return response.headersSent ? response.statusCode : undefined
        },
      }
      calls.push(call)
      answer(call, response, request)
      events.emit('call')
    })
  })
  server.on('connection', () => {
    connections++
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async waitForCalls(count, prefix) {
      const found: ReceivedCall[] = []
      for (let looked = 0; found.length < count; ) {
        if (looked === calls.length) await once(events, 'call')
        for (const call of calls.slice(looked)) {
          if (prefix === undefined || call.headers['schedule-name']?.startsWith(prefix)) found.push(call)
          looked++
        }
      }
      return found
    },
    callsOf: (prefix) => calls.filter(({ headers }) => headers['schedule-name']?.startsWith(prefix)),
    connections: () => connections,
    async close() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
