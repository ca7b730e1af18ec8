import { apiOf } from '../support/api.ts'
import type { Proof } from '../support/proof.ts'
import { type Besieged, keys } from './besieged.ts'
import { creating } from './brokenConnections.ts'
import { open } from './rawHttp.ts'

const depth = 1000
const garbage = ['garbage', '\u0000\u0000', 'GET', '\r\n\r\nX', '}', 'POST /schedules HTTP/1.1\r\ncontent-length: x\r\n\r\n'] as const

/** Requests that do not wait for answers, and what is no request behind one that is. */
export async function pipelines({ service: { url }, owner: { origin } }: Besieged): Promise<Proof> {
  const violations: string[] = []
  const sent = Array.from({ length: depth }, (_, index) => creating(`deep-${index}`, origin)).join('')
  const ids = idsIn(await conversation(url, sent, depth))
  if (ids.length !== depth || ids.some((id, index) => id !== `deep-${index}`))
    violations.push(`of ${depth} pipelined requests ${ids.length} were answered, or not in order`)
  for (const [index, rest] of garbage.entries()) {
    const text = await conversation(url, creating(`garbage-${index}`, origin) + rest, 2)
    if (!text.startsWith('HTTP/1.1 201'))
      violations.push(`a whole request before ${JSON.stringify(rest)} was answered ${text.slice(0, 200)}`)
    if (text.split('HTTP/1.1 201').length !== 2) violations.push(`a request before ${JSON.stringify(rest)} was done twice`)
  }
  const api = apiOf(url, keys.shop)
  for (const [prefix, count] of [
    ['deep-', depth],
    ['garbage-', garbage.length],
  ] as const) {
    const { length } = await api.list(`namePrefix=${prefix}`)
    if (length !== count) violations.push(`${length} of ${count} ${prefix} are there`)
  }
  return {
    figures: [
      `${ids.length} of ${depth} requests on one connection without waiting answered in order; ${garbage.length} with garbage behind them done once`,
    ],
    violations,
  }
}

/** All that is said until there are so many answers, or the service has ended it. */
async function conversation(url: string, bytes: string, answers: number): Promise<string> {
  const socket = await open(url)
  let text = ''
  const { promise, resolve } = Promise.withResolvers<void>()
  const ending = setTimeout(() => socket.end(), 8000)
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    if (idsIn(text).length >= answers) resolve()
  })
  socket.on('close', resolve).on('end', resolve)
  socket.write(bytes)
  // What waits for the rest of a request gets the end.
  if (answers === 2) setTimeout(() => socket.end(), 300)
  await promise
  clearTimeout(ending)
  socket.destroy()
  return text
}

/** The ids of the answers, in their order. */
function idsIn(text: string): string[] {
  return [...text.matchAll(/^x-request-id: (\S+)\r$/gim)].map((match) => match[1] ?? '')
}
