import { type Context, context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Owner } from '../domain/ports.ts'
import type { Creating } from '../usecases/createSchedule.ts'
import type { Firing } from '../usecases/fire.ts'

/**
 * Spans for what happens to a schedule, of the trace that its creating request belongs to. Where nobody records them (no
 * OpenTelemetry SDK is in the process, or the trace is not sampled) everything is passed on as it came.
 */
const tracer = trace.getTracer('punctual')

export function traceCreate(create: Creating['createSchedule']): Creating['createSchedule'] {
  return (request) => {
    const { application, content } = request
    const parent = contextOf(content.traceparent)
    const span = tracer.startSpan('create schedule', { attributes: { 'punctual.application': application } }, parent)
    if (!span.isRecording()) return create(request)
    return within(span, parent, async () => {
      const created = await create({ ...request, content: { ...content, traceparent: traceparentOf(span) } })
      span.setAttributes({ 'punctual.schedule': created.schedule.name, 'punctual.id': created.schedule.id })
      return created
    })
  }
}

/** One span for all: each schedule's own trace goes on from there. */
export function traceCreateAll(create: Creating['createSchedules']): Creating['createSchedules'] {
  return (application, requests) => {
    const parent = contextOf(requests[0]?.content.traceparent ?? null)
    const attributes = { 'punctual.application': application, 'punctual.schedules': requests.length }
    const span = tracer.startSpan('create schedules', { attributes }, parent)
    if (!span.isRecording()) return create(application, requests)
    const traceparent = traceparentOf(span)
    const traced = requests.map((request) => Object.assign({}, request, { content: { ...request.content, traceparent } }))
    return within(span, parent, () => create(application, traced))
  }
}

/** A wake-up belongs to no trace: what it wakes does, and its span refers to this one. */
export function traceFire(fire: Firing['fire']): Firing['fire'] {
  return async (wakeUp) => {
    const { application, name, id } = wakeUp
    const attributes = { 'punctual.application': application, 'punctual.schedule': name, 'punctual.id': id }
    const span = tracer.startSpan('fire', { attributes }, ROOT_CONTEXT)
    if (!span.isRecording()) return fire(wakeUp)
    try {
      const fired = await context.with(trace.setSpan(ROOT_CONTEXT, span), () => fire(wakeUp))
      span.setAttribute('punctual.result', fired.kind === 'taken' ? 'taken' : fired.reason)
      if (fired.kind === 'taken') void fired.done.finally(() => span.end())
      else span.end()
      return fired
    } catch (error) {
      fail(span, error)
      span.end()
      throw error
    }
  }
}

/** The owner is told of the delivery's span, so that what it does is below it. */
export function traceOwner<O extends Owner>(owner: O): O {
  return {
    ...owner,
    deliver(call) {
      const { content } = call
      const wakeUp = trace.getSpanContext(context.active())
      const parent = contextOf(content.traceparent)
      const span = tracer.startSpan('deliver', { kind: SpanKind.CLIENT, links: wakeUp === undefined ? [] : [{ context: wakeUp }] }, parent)
      if (!span.isRecording()) return owner.deliver(call)
      span.setAttributes({
        'punctual.application': call.application,
        'punctual.schedule': call.name,
        'punctual.id': call.id,
        'punctual.attempt': call.attempt,
        'http.request.method': content.target.method,
        'server.address': new URL(content.target.url).host,
      })
      return within(span, parent, async () => {
        const result = await owner.deliver({ ...call, content: { ...content, traceparent: traceparentOf(span) } })
        span.setAttributes({ 'punctual.verdict': result.verdict, 'punctual.lateness_ms': result.startedAt - call.dueAt })
        if (result.statusCode !== undefined) span.setAttribute('http.response.status_code', result.statusCode)
        if (result.verdict !== 'delivered') span.setStatus({ code: SpanStatusCode.ERROR, message: result.error ?? result.verdict })
        return result
      })
    },
  }
}

async function within<T>(span: Span, parent: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await context.with(trace.setSpan(parent, span), work)
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

/** The span as others are to be told of it. */
function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}
