// Hostile owners in a thread of their own, so that what they do at full speed keeps nobody busy but the service.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { behavioursOf, type Kind } from './behavioursOf.ts'
import type { Conduct } from './conduct.ts'

let ended = 0
const open = new Set<Socket>()

function meet(conduct: Conduct, socket: Socket): void {
  open.add(socket)
  socket.on('error', () => undefined)
  socket.on('close', () => {
    open.delete(socket)
    ended += socket.bytesWritten
  })
  conduct(socket)
}

async function listen(conduct: Conduct): Promise<Server> {
  const server = createServer({ noDelay: true, allowHalfOpen: false }, (socket) => meet(conduct, socket)).listen(0, '127.0.0.1', 4096)
  await once(server, 'listening')
  return server
}

const ports: Record<string, number> = {}
const { kind, victim } = workerData as { kind: Kind; victim: string }
for (const [title, { conduct }] of Object.entries(behavioursOf(kind, victim))) {
  ports[title] = ((await listen(conduct)).address() as AddressInfo).port
}
parentPort?.postMessage(ports)
/** Asked: how many bytes they have said so far. */
parentPort?.on('message', () => {
  let said = ended
  for (const socket of open) said += socket.bytesWritten
  parentPort?.postMessage(said)
})
