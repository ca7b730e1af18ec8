import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What came back for bytes that were sent; undefined where the connection was closed without a word. */
export interface RawAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** So long nobody waits for an answer, in milliseconds. */
const patienceMs = 8000

/** Opens a connection to a service. */
export async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true })
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  return socket
}

/** Sends requests over one connection as long as the service keeps it open, and over another one then. */
export function makeLine(url: string): { ask(bytes: Buffer, isHead: boolean): Promise<RawAnswer | undefined>; close(): void } {
  let socket: Socket | undefined
  return {
    async ask(bytes, isHead) {
      if (socket === undefined || socket.readyState !== 'open') socket = await open(url)
      socket.write(bytes)
      const { answer } = await read(socket, isHead)
      if (answer === undefined || answer.headers.get('connection') === 'close') {
        socket.destroy()
        socket = undefined
      }
      return answer
    },
    close: () => socket?.destroy(),
  }
}

/**
 * Sends bytes that may not be a whole request over a connection of their own, and ends it in this direction when nothing
 * has come back for a while.
 *
 * @returns the first answer, and all that came
 */
export async function askOnce(url: string, bytes: Buffer, isHead: boolean): Promise<{ answer: RawAnswer | undefined; all: string }> {
  const socket = await open(url)
  const ending = setTimeout(() => socket.end(), 200)
  socket.write(bytes)
  const answered = await read(socket, isHead)
  clearTimeout(ending)
  socket.destroy()
  return answered
}

/** @throws Error where there is neither an answer nor an end in time */
export function read(socket: Socket, isHead: boolean): Promise<{ answer: RawAnswer | undefined; all: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ answer: RawAnswer | undefined; all: string }>()
  let all = ''
  const timer = setTimeout(() => reject(new Error(`no answer in ${patienceMs / 1000} s`)), patienceMs)
  const look = (chunk: Buffer): void => {
    all += chunk.toString('latin1')
    const answer = answerIn(all, isHead)
    if (answer !== undefined) resolve({ answer, all })
  }
  const end = (): void => resolve({ answer: undefined, all })
  socket.on('data', look).on('end', end).on('close', end)
  return promise.finally(() => {
    clearTimeout(timer)
    socket.off('data', look).off('end', end).off('close', end)
  })
}

/** The answer that a text begins with, once it is complete. */
export function answerIn(all: string, isHead: boolean): RawAnswer | undefined {
  const text = all.startsWith('HTTP/1.1 100') ? all.slice(all.indexOf('\r\n\r\n') + 4) : all
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const),
  )
  const status = Number(first.slice(9, 12))
  const length = isHead || status === 304 ? 0 : Number(headers.get('content-length') ?? 0)
  const body = text.slice(end + 4, end + 4 + length)
  return body.length < length ? undefined : { status, headers, body: Buffer.from(body, 'latin1').toString() }
}
