import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { AppError } from '../domain/errors.ts'
import { problemOf, problemType } from './problem.ts'

const headersTimeoutMs = 10_000
const requestTimeoutMs = 30_000

/** How long a caller can hold on to a connection, and what Node would else refuse without a word. */
export const connectionLimits = {
  // Headers and body together.
  requestTimeout: requestTimeoutMs,
  // Where nothing moves: an answer that is not read, too. Canceling a hundred thousand by their prefix takes its time.
  connectionTimeout: 600_000,
  // Between two requests: longer than load balancers commonly keep theirs, so that they are the first to close.
  keepAliveTimeout: 72_000,
  http: {
    headersTimeout: headersTimeoutMs,
    // How often Node looks for what is late; by default that may add another 30 s.
    connectionsCheckingInterval: 1000,
    // `answerAlways` does.
    requireHostHeader: false,
  },
} as const

/** The last request that each connection has had. */
const latest = new WeakMap<Socket, { readonly request: IncomingMessage; readonly response: ServerResponse }>()

/** Has what Node answers by itself, with an empty body, answered like everything else. */
export function answerAlways(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw }, reply, done) => {
    latest.set(raw.socket, { request: raw, response: reply.raw })
    // RFC 9112, section 3.2.
    if (raw.httpVersion !== '1.1' || countHosts(raw.rawHeaders) === 1) done()
    else done(new AppError('malformed_request', 'A request needs exactly one Host header.'))
  })
  // What is expected beyond 100-continue may be ignored (RFC 9110, section 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
}

/** @param rawHeaders names and values in turn */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count
}

/** Closing waits for connections; without this a kept-alive one would be waited for until its next request. */
export function closeConnectionsWhenClosing(app: Pick<FastifyInstance, 'addHook'>): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close')
    done()
  })
}

/** What is not even HTTP, or came too slowly: answered on the bare socket. */
export function refuseNoRequest(log: FastifyBaseLogger, error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  // What stands behind a whole request must not be taken for what that one is answered.
  const { request, response } = latest.get(socket) ?? {}
  if (request?.complete && response?.closed === false) {
    response.once('close', () => refuseNoRequest(log, error, socket))
    return
  }
  const problem = problemOf(clientError(error))
  const body = JSON.stringify(problem)
  const requestId = randomUUID()
  log.debug({ requestId, code: problem.code, reason: error.code }, 'no request')
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nX-Request-Id: ${requestId}\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

function clientError({ code }: NodeJS.ErrnoException): AppError {
  if (code === 'HPE_HEADER_OVERFLOW') return new AppError('headers_too_large', 'The URL and the headers together are larger than 16 KiB.')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const seconds = [headersTimeoutMs, requestTimeoutMs].map((ms) => ms / 1000)
    return new AppError('request_timeout', `The headers did not arrive within ${seconds[0]} seconds, or the body within ${seconds[1]}.`)
  }
  return new AppError('malformed_request', 'This is not an HTTP request.')
}
