import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { Scope } from '../../support/directory.ts'

/** Places on this machine where no call may ever arrive. */
export interface Victims {
  /** A port that one of them listens on at every address of this machine. */
  readonly port: number
  /** Connections so far, whatever came over them. */
  connections(): number
}

/** @param allowed the port of the allowed origin: its neighbours at other addresses are victims, too */
export async function startVictims(scope: Scope, allowed: number): Promise<Victims> {
  let connections = 0
  async function listen(host: string, port: number): Promise<number> {
    const server = createServer((socket) => {
      connections++
      socket.on('error', () => undefined).end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    })
    server.listen({ host, port, ipv6Only: true })
    await once(server, 'listening')
    scope.teardown(() => server.close())
    return (server.address() as AddressInfo).port
  }
  for (const host of ['127.0.0.2', '127.0.0.17', '::1']) await listen(host, allowed)
  const port = await listen('0.0.0.0', 0)
  await listen('::', port)
  return { port, connections: () => connections }
}
