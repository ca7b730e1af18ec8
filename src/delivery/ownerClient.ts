import { StringDecoder } from 'node:string_decoder'
import { Agent, type Dispatcher } from 'undici'
import type { Application, Applications } from '../domain/application.ts'
import { type DeliveryResult, deliveryDeadlineMs, keptResponseBytes } from '../domain/lifecycle.ts'
import type { Call, Owner } from '../domain/ports.ts'
import { formatInstant } from '../domain/time.ts'
import { type AllowedTarget, makeAllowedTarget } from './allowedTarget.ts'
import { AnswerTooLong, makeBoundedConnector } from './boundedConnector.ts'
import { judge } from './outcome.ts'
import { type SigningKey, sign, signingKey } from './signature.ts'

/** Of a longer body the rest is not read: the connection is closed, and the status counts. */
const maxResponseBytes = 64 * 1024

/** Of an answer as a whole: the body, and as much again for all that is around and before it. */
const maxAnswerBytes = 2 * maxResponseBytes

const noBody = new Uint8Array()

export interface OwnerClient extends Owner {
  /** Closes every connection; what is under way ends as `interrupted`. */
  close(): Promise<void>
}

interface Line {
  readonly application: Application
  readonly isAllowed: AllowedTarget
  readonly keys: readonly SigningKey[]
  readonly agent: Agent
}

interface Options {
  readonly userAgent: string
  /** For the whole exchange, from the connection to the last byte of the answer, in milliseconds. */
  readonly deadlineMs?: number
  /** The service's clock, in milliseconds since the epoch. */
  readonly now: () => number
  /** What an owner's own clock shows, which it compares with the signature's time; by default the service's. */
  readonly signedAt?: () => number
}

/**
 * Calls the owning applications over HTTP: each over its own connections, signed, within a deadline, with a bounded
 * answer, never following a redirect.
 */
export function makeOwnerClient(
  applications: Applications,
  { userAgent, deadlineMs = deliveryDeadlineMs, now, signedAt = now }: Options,
): OwnerClient {
  const lines = new Map<string, Line>()
  let closed = false

  /** A line is of one application as it is configured: of another configuration it is another line. */
  function lineOf(name: string): Line | undefined {
    const application = applications.get(name)
    if (application === undefined) return undefined
    const known = lines.get(name)
    if (known?.application === application) return known
    // What is under way ends as it would have.
    void known?.agent.close()
    const line = open(application)
    lines.set(name, line)
    return line
  }

  function open(application: Application): Line {
    return {
      application,
      isAllowed: makeAllowedTarget(application.allowedOrigins),
      keys: application.signingSecrets.map(signingKey),
      // One agent each, so that one owner's hanging connections are never another's.
      agent: new Agent({
        connections: application.maxConcurrentDeliveries,
        pipelining: 1,
        allowH2: false,
        connect: makeBoundedConnector({ connectTimeoutMs: deadlineMs, maxAnswerBytes }),
        // The deadline below covers them all, and exactly.
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
    }
  }

  return {
    allows: (application, url) => lineOf(application)?.isAllowed(url) ?? false,

    async deliver(call) {
      const line = lineOf(call.application)
      const startedAt = now()
      if (!line?.isAllowed(call.content.target.url)) {
        return { verdict: 'retry', startedAt, durationMs: 0, error: "the application's configuration does not allow this target any more" }
      }
      const timestampSeconds = Math.floor(signedAt() / 1000)
      const body = call.content.payload === null ? noBody : Buffer.from(call.content.payload)
      const headers = headersOf(call, userAgent, timestampSeconds, sign(line.keys, call.id, timestampSeconds, body))
      return exchange(line.agent, call, headers, body, { startedAt, deadlineMs, now, isClosed: () => closed })
    },

    async close() {
      closed = true
      await Promise.all([...lines.values()].map(({ agent }) => agent.destroy()))
    },
  }
}

function headersOf(call: Call, userAgent: string, timestampSeconds: number, signature: string): Record<string, string> {
  const { content } = call
  return {
    'content-type': 'application/json',
    'user-agent': userAgent,
    ...content.target.headers,
    'webhook-id': call.id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signature,
    'schedule-name': call.name,
    'schedule-attempt': String(call.attempt),
    'schedule-due-at': formatInstant(call.dueAt),
    ...(content.traceparent === null ? {} : { traceparent: content.traceparent }),
  }
}

interface Circumstances {
  readonly startedAt: number
  readonly deadlineMs: number
  readonly now: () => number
  readonly isClosed: () => boolean
}

function exchange(
  agent: Agent,
  call: Call,
  headers: Record<string, string>,
  body: Uint8Array,
  { startedAt, deadlineMs, now, isClosed }: Circumstances,
): Promise<DeliveryResult> {
  const begun = performance.now()
  const url = new URL(call.content.target.url)
  return new Promise((resolve) => {
    let ended = false
    let controller: Dispatcher.DispatchController | undefined
    let statusCode: number | undefined
    let retryAfter: string | undefined
    let received = 0
    const kept: Buffer[] = []

    /** The first to end the exchange decides what came of it; whatever follows is the connection being torn down. */
    function end(verdict: Pick<DeliveryResult, 'verdict' | 'error' | 'retryAfterMs'>): void {
      if (ended) return
      ended = true
      clearTimeout(deadline)
      const responseBody = received === 0 ? undefined : beginningOf(kept)
      resolve({ ...verdict, startedAt, durationMs: Math.round(performance.now() - begun), statusCode, responseBody })
    }

    function fail(error: unknown): void {
      if (isClosed()) end({ verdict: 'interrupted', error: 'the service was stopped before the owner had answered' })
      else end({ verdict: 'retry', error: describe(error) })
    }

    const deadline = setTimeout(() => {
      end({ verdict: 'retry', error: `no complete answer within ${deadlineMs / 1000} seconds` })
      controller?.abort(new Error('deadline'))
    }, deadlineMs)

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started
        // A process that stood still since then may find its lease over: nothing is sent that late.
        if (ended || performance.now() - begun >= deadlineMs || now() - startedAt >= deadlineMs) started.abort(new Error('deadline'))
      },
      onResponseStart(_controller, status, responseHeaders) {
        // An informational one says nothing: the answer is yet to come.
        if (status < 200) return
        statusCode = status
        const value = responseHeaders['retry-after']
        retryAfter = Array.isArray(value) ? value[0] : value
      },
      onResponseData(running, chunk) {
        if (received < keptResponseBytes) kept.push(Buffer.from(chunk.subarray(0, keptResponseBytes - received)))
        received += chunk.length
        if (received <= maxResponseBytes) return
        end(judge(statusCode ?? 0, retryAfter, now()))
        running.abort(new Error('the answer is too long'))
      },
      onResponseEnd() {
        end(judge(statusCode ?? 0, retryAfter, now()))
      },
      onResponseError(_controller, error) {
        if (error instanceof AnswerTooLong && statusCode !== undefined) end(judge(statusCode, retryAfter, now()))
        else fail(error)
      },
    }
    try {
      const { method } = call.content.target
      agent.dispatch(
        { origin: url.origin, path: `${url.pathname}${url.search}`, method, headers, body: body.length === 0 ? null : body },
        handler,
      )
    } catch (error) {
      fail(error)
    }
  })
}

/** As text, without a character that was cut in two at the end. */
function beginningOf(chunks: readonly Buffer[]): string {
  return new StringDecoder('utf8').write(Buffer.concat(chunks))
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'the exchange failed'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  // When a host has several addresses and none answers, there is one error for each, and no text of its own.
  const text =
    error.message === '' && error instanceof AggregateError
      ? error.errors.map((inner) => (inner instanceof Error ? inner.message : '')).join('; ')
      : error.message
  return code === undefined || text.includes(code) ? text : `${text} (${code})`
}
