import { SpanKind, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, NodeTracerProvider, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import t from 'tap'
import { callerOf } from '../support/caller.ts'
import { application, composeService } from '../support/composed.ts'
import { startObedientOwner } from '../support/obedientOwner.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const caller = 'b7ad6b7169203331'
const traceparent = `00-${traceId}-${caller}-01`

const owner = await startObedientOwner(t)
const { app, start } = await composeService(t, { applications: [application('blog', { allowedOrigins: [owner.origin] })] })
start()
const { post, newName, waitForStatus } = callerOf(app)

async function deliver(headers: Record<string, string>, path = '/ok'): Promise<string> {
  const name = newName()
  const target = { url: owner.origin + path }
  await post({ name, delaySeconds: 0.05, target, retry: { maxAttempts: 1 } }, { headers })
  await waitForStatus(name, path === '/ok' ? 'delivered' : 'failed')
  return name
}

const toldTo = (name: string): string | undefined => owner.callsOf(name)[0]?.headers.traceparent

await t.test('without an SDK the trace of the creating request is passed on as it came, or nothing is', async (t) => {
  t.equal(toldTo(await deliver({ traceparent })), traceparent)
  t.equal(toldTo(await deliver({ traceparent: `01-${traceId}-${caller}-05` })), `01-${traceId}-${caller}-05`)
  t.equal(toldTo(await deliver({})), undefined)
  t.equal(toldTo(await deliver({ traceparent: 'none' })), undefined)
})

await t.test('with an SDK, from the creating request to the owner it is one trace', async (t) => {
  const exporter = new InMemorySpanExporter()
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  provider.register()
  t.teardown(async () => {
    trace.disable()
    await provider.shutdown()
  })
  const named = (name: string): ReadableSpan => {
    const span = exporter.getFinishedSpans().find((span) => span.name === name)
    if (span === undefined) throw new Error(`there is no span ${name}`)
    return span
  }

  const name = await deliver({ traceparent })
  const [create, fire, delivery] = [named('create schedule'), named('fire'), named('deliver')]
  t.match(create, { parentSpanContext: { spanId: caller }, attributes: { 'punctual.schedule': name, 'punctual.application': 'blog' } })
  t.match(delivery, {
    kind: SpanKind.CLIENT,
    parentSpanContext: { spanId: create.spanContext().spanId },
    attributes: { 'punctual.attempt': 1, 'http.response.status_code': 200, 'punctual.verdict': 'delivered' },
  })
  t.equal(delivery.spanContext().traceId, traceId)
  t.equal(toldTo(name), `00-${traceId}-${delivery.spanContext().spanId}-01`)
  t.match(fire, { parentSpanContext: undefined, attributes: { 'punctual.result': 'taken', 'punctual.schedule': name } })
  t.equal(delivery.links[0]?.context.spanId, fire.spanContext().spanId)

  exporter.reset()
  const failing = await deliver({}, '/gone')
  t.match(named('deliver').status, { code: 2, message: /410/ })
  t.equal(named('deliver').spanContext().traceId, named('create schedule').spanContext().traceId, 'a trace of its own')
  t.match(toldTo(failing), named('deliver').spanContext().spanId)
  const all = JSON.stringify(exporter.getFinishedSpans().map(({ attributes, status, events }) => ({ attributes, status, events })))
  t.notMatch(all, /whsec_|key-of-blog|\/gone/)
})
