import { once } from 'node:events'
import { apiOf } from '../support/api.ts'
import { latenesses } from '../support/aws/deployment.ts'
import type { Proof } from '../support/proof.ts'
import { type Besieged, keys } from './besieged.ts'
import { open } from './rawHttp.ts'

/** What the service allows, as its document says, in milliseconds; and what looking for it and a busy machine may add. */
const headersMs = 10_000
const requestMs = 30_000
const graceMs = 3000

const head = `POST /schedules HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.blog}\r\ncontent-type: application/json\r\n`

/** Of each kind, how it begins, how it goes on each second, and how long it may. */
const kinds = {
  'say nothing': { first: '', byte: '', limitMs: headersMs },
  'send headers, a byte a second': { first: 'POST /schedules HTTP/1.1\r\nhost: x\r\nx: ', byte: 'a', limitMs: headersMs },
  'send headers, a header a second': { first: head, byte: 'a: b\r\n', limitMs: headersMs },
  'send a body, a byte a second': { first: `${head}content-length: 1000\r\n\r\n`, byte: ' ', limitMs: requestMs },
  'send a chunked body, a chunk a second': { first: `${head}transfer-encoding: chunked\r\n\r\n`, byte: '1\r\n \r\n', limitMs: requestMs },
} as const

/** Hundreds of callers who are as slow as they like, while a good one is answered at once and schedules stay on time. */
export async function slowCallers(besieged: Besieged, isShort: boolean): Promise<Proof> {
  const each = isShort ? 60 : 100
  const chosen = Object.entries(kinds).filter(([, { limitMs }]) => !isShort || limitMs === headersMs)
  const violations: string[] = []
  const slow = Promise.all(
    chosen.map(async ([kind, { first, byte, limitMs }]) => {
      const closed = await Promise.all(Array.from({ length: each }, () => crawl(besieged.service.url, first, byte, limitMs + graceMs)))
      const late = closed.filter(({ isClosed }) => !isClosed).length
      if (late > 0) violations.push(`${late} of ${each} who ${kind} were not closed within ${(limitMs + graceMs) / 1000} s`)
      const untold = closed.filter(({ text }) => !text.includes('408') || !text.includes('request_timeout')).length
      if (untold > 0) violations.push(`${untold} of ${each} who ${kind} were not told 408 request_timeout: ${closed[0]?.text}`)
      return `${each} who ${kind}: closed after ${(Math.max(...closed.map(({ ms }) => ms)) / 1000).toFixed(1)} s at most`
    }),
  )
  const good = await goodCaller(besieged, slow)
  return { figures: [...(await slow), ...good.figures], violations: [...violations, ...good.violations] }
}

async function crawl(
  url: string,
  first: string,
  byte: string,
  patienceMs: number,
): Promise<{ ms: number; isClosed: boolean; text: string }> {
  const socket = await open(url)
  const begun = performance.now()
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  if (first !== '') socket.write(first)
  const writing = setInterval(() => byte !== '' && socket.writable && socket.write(byte), 1000)
  const isClosed = await once(socket, 'end', { signal: AbortSignal.timeout(patienceMs) }).then(
    () => true,
    () => socket.destroyed,
  )
  clearInterval(writing)
  socket.destroy()
  return { ms: performance.now() - begun, isClosed, text }
}

/** Nobody notices the slow ones. */
async function goodCaller({ service, owner }: Besieged, slow: Promise<unknown>): Promise<Proof> {
  const api = apiOf(service.url, keys.blog)
  const took: number[] = []
  const over = new AbortController()
  void slow.finally(() => over.abort())
  while (!over.signal.aborted) {
    const begun = performance.now()
    await api.create({ name: `good-${took.length}`, delaySeconds: 1, target: { url: owner.origin } })
    took.push(performance.now() - begun)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const calls = await owner.waitForCalls(took.length, 'good-')
  const latest = latenesses(calls).at(-1) ?? 0
  const slowest = Math.max(...took)
  // A person notices neither; beside the service, this process shares two cores with hundreds of sockets of its own.
  const violations = slowest > 1000 ? [`a good caller waited ${slowest} ms`] : []
  if (latest > 1000) violations.push(`a schedule was ${latest} ms late`)
  return {
    figures: [
      `meanwhile ${took.length} creates of a good caller: the slowest took ${Math.round(slowest)} ms; delivered ${latest} ms late at most`,
    ],
    violations,
  }
}
