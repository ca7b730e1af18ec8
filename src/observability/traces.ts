import { type Context, context, isSpanContextValid, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Owner } from '../domain/ports.ts'
import type { Created, CreateRequest } from '../usecases/createSchedule.ts'
import type { Firing } from '../usecases/fire.ts'

/**
 * Spans for what happens to a schedule, of the trace that its creating request belongs to. Without an OpenTelemetry SDK
 * in the process they are nobody's, and cost next to nothing.
 */
const tracer = trace.getTracer('punctual')

type Create = (request: CreateRequest) => Promise<Created>

export function traceCreate(create: Create): Create {
  return (request) => {
    const { traceparent } = request.content
    const options = { attributes: { 'punctual.application': request.application } }
    return tracer.startActiveSpan('create schedule', options, contextOf(traceparent), (span) =>
      ended(span, async () => {
        const own = traceparentOf(span, traceparent)
        const created = await create(own === traceparent ? request : { ...request, content: { ...request.content, traceparent: own } })
        span.setAttributes({ 'punctual.schedule': created.schedule.name, 'punctual.id': created.schedule.id })
        return created
      }),
    )
  }
}

/** A wake-up belongs to no trace: what it wakes does, and its span refers to this one. */
export function traceFire(fire: Firing['fire']): Firing['fire'] {
  return (wakeUp) => {
    const { application, name, id } = wakeUp
    const attributes = { 'punctual.application': application, 'punctual.schedule': name, 'punctual.id': id }
    return tracer.startActiveSpan('fire', { attributes, root: true }, async (span) => {
      try {
        const fired = await fire(wakeUp)
        span.setAttribute('punctual.result', fired.kind === 'taken' ? 'taken' : fired.reason)
        if (fired.kind === 'taken') void fired.done.finally(() => span.end())
        else span.end()
        return fired
      } catch (error) {
        fail(span, error)
        span.end()
        throw error
      }
    })
  }
}

/** The owner is told of the delivery's span, so that what it does is below it. */
export function traceOwner<O extends Owner>(owner: O): O {
  return {
    ...owner,
    deliver(call) {
      const { traceparent } = call.content
      const wakeUp = trace.getSpanContext(context.active())
      const options = {
        kind: SpanKind.CLIENT,
        links: wakeUp === undefined ? [] : [{ context: wakeUp }],
        attributes: {
          'punctual.application': call.application,
          'punctual.schedule': call.name,
          'punctual.id': call.id,
          'punctual.attempt': call.attempt,
          'http.request.method': call.content.target.method,
          'server.address': new URL(call.content.target.url).host,
        },
      }
      return tracer.startActiveSpan('deliver', options, contextOf(traceparent), (span) =>
        ended(span, async () => {
          const own = traceparentOf(span, traceparent)
          const result = await owner.deliver(own === traceparent ? call : { ...call, content: { ...call.content, traceparent: own } })
          span.setAttributes({ 'punctual.verdict': result.verdict, 'punctual.lateness_ms': result.startedAt - call.dueAt })
          if (result.statusCode !== undefined) span.setAttribute('http.response.status_code', result.statusCode)
          if (result.verdict !== 'delivered') span.setStatus({ code: SpanStatusCode.ERROR, message: result.error ?? result.verdict })
          return result
        }),
      )
    },
  }
}

async function ended<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    fail(span, error)
    throw error
  } finally {
    span.end()
  }
}

/** A message for callers says nothing that callers must not know, so that it may stand in a trace. */
function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
}

function contextOf(traceparent: string | null): Context {
  if (traceparent === null) return ROOT_CONTEXT
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-')
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true })
}

/** The span as others are to be told of it; where nobody records spans, it is the one that it was begun in. */
function traceparentOf(span: Span, given: string | null): string | null {
  const { traceId, spanId, traceFlags } = span.spanContext()
  if (!isSpanContextValid(span.spanContext()) || given?.includes(spanId)) return given
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}
