import type { Proof } from '../support/proof.ts'
import { type Besieged, keys } from './besieged.ts'
import { hostileTexts } from './hostileValues.ts'

/** What an owner gets of Punctual's own, and of HTTP's. */
const ours = new Set([
  'host',
  'connection',
  'content-type',
  'content-length',
  'user-agent',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'schedule-name',
  'schedule-attempt',
  'schedule-due-at',
  'traceparent',
])

const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`

/** Schedules whose target's headers have hostile names and values: none may become another header at the owner. */
export async function injectHeaders({ service, owner }: Besieged): Promise<Proof> {
  const texts = [...hostileTexts, 'a\u0085b', 'a\tb', 'h\u00e9', 'x: y', 'x-a', 'a;b', 'transfer-encoding', 'HOST', 'Connection']
  const cases = texts.flatMap((text) => [{ [text]: 'x' }, { 'x-given': text }, { [`x-${text}`]: text }])
  const accepted = new Map<string, Record<string, string>>()
  for (const [index, headers] of cases.entries()) {
    const name = `header-${index}`
    const body = `{"name":"${name}","delaySeconds":0,"target":{"url":"${owner.origin}","headers":${JSON.stringify(headers)}}}`
    const response = await fetch(`${service.url}/schedules`, {
      method: 'POST',
      headers: { authorization: `Bearer ${keys.shop}`, 'content-type': 'application/json', traceparent },
      body,
    })
    await response.arrayBuffer()
    if (response.status === 201) accepted.set(name, headers)
  }
  const waiting = AbortSignal.timeout(10_000)
  while (owner.callsOf('header-').length < accepted.size && !waiting.aborted) await new Promise((resolve) => setTimeout(resolve, 20))
  const calls = owner.callsOf('header-')
  const violations = calls.flatMap(({ headers }) => {
    const given = accepted.get(headers['schedule-name'] ?? '') ?? {}
    const lower = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]))
    const extra = Object.keys(headers).filter((name) => !ours.has(name) && !Object.hasOwn(lower, name))
    const wrong = Object.entries(lower).filter(([name, value]) => headers[name] !== value)
    return extra.length + wrong.length === 0 ? [] : [`the target's headers ${JSON.stringify(given)} became ${JSON.stringify(headers)}`]
  })
  return {
    figures: [`${cases.length} targets with hostile headers: ${cases.length - accepted.size} refused, ${calls.length} delivered as given`],
    violations,
  }
}
