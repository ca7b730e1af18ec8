import { once } from 'node:events'
import { createServer, request as forward, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy before one or more HTTP services, which counts, and loses answers after the work was done. */
export interface TestProxy {
  readonly endpoint: string
  readonly targets: string[]
  /** The next answers never arrive: the connection breaks instead. */
  loseAnswers(count: number): void
  lost(): number
  requests(): number
  /** How many requests of each kind there were, by a header that names it. */
  requestsBy(header: string): ReadonlyMap<string, number>
  answeredBytes(): number
  close(): Promise<void>
}

/** @param targets taken in turn, as by a load balancer; read anew for each request, so that one may be taken out */
export async function startProxy(...targets: string[]): Promise<TestProxy> {
  let toLose = 0
  let lost = 0
  let requests = 0
  let answeredBytes = 0
  const seen: IncomingHttpHeaders[] = []
  const server = createServer((incoming, outgoing) => {
    const { hostname, port } = new URL(targets[requests++ % targets.length] ?? '')
    const { method, url: path, headers } = incoming
    seen.push(headers)
    const onward = forward({ hostname, port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        if (toLose > 0) {
          toLose--
          lost++
          outgoing.destroy()
          return
        }
        const body = Buffer.concat(chunks)
        answeredBytes += body.length
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(body)
      })
    })
    onward.on('error', () => outgoing.writeHead(502).end())
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    targets,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loseAnswers(count) {
      toLose = count
    },
    lost: () => lost,
    requests: () => requests,
    requestsBy(header) {
      const counts = new Map<string, number>()
      for (const headers of seen) counts.set(String(headers[header]), (counts.get(String(headers[header])) ?? 0) + 1)
      return counts
    },
    answeredBytes: () => answeredBytes,
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
