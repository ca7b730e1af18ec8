import { once } from 'node:events'
import { apiOf } from '../support/api.ts'
import type { Proof } from '../support/proof.ts'
import { type Besieged, keys } from './besieged.ts'
import { open } from './rawHttp.ts'

/** A whole request that creates a schedule a long time ahead. */
export function creating(name: string, origin: string): string {
  const body = JSON.stringify({ name, delaySeconds: 86_400, target: { url: origin } })
  return `POST /schedules HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.shop}\r\nx-request-id: ${name}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

const ways = ['reset', 'half-closed'] as const

/** Connections that break after every byte of a request: what did not arrive in full has no effect, the rest at most one. */
export async function brokenConnections({ service: { url }, owner }: Besieged): Promise<Proof> {
  const length = creating('cut-reset-000', owner.origin).length
  const cuts = Array.from({ length: length + 1 }, (_, cut) => cut)
  for (const way of ways) {
    for (let first = 0; first < cuts.length; first += 50) {
      await Promise.all(
        cuts.slice(first, first + 50).map((cut) => breakAfter(url, creating(nameOf(way, cut), owner.origin).slice(0, cut), way)),
      )
    }
  }
  const listed = await apiOf(url, keys.shop).list('namePrefix=cut-')
  const whole = new Set(ways.map((way) => nameOf(way, length)))
  const partly = listed.filter(({ name }) => !whole.has(name))
  const violations = partly.map(({ name }) => `a request that had not arrived in full created ${name}`)
  // To see that they were requests at all: of a reset one nobody knows what has arrived.
  if (!listed.some(({ name }) => name === nameOf('half-closed', length))) violations.push('a whole request, half-closed, had no effect')
  return {
    figures: [
      `${cuts.length * ways.length} connections reset or half-closed, after each of a request's ${length} bytes: ${partly.length} had an effect before the last`,
    ],
    violations,
  }
}

/** Of one length, whatever the cut. */
function nameOf(way: string, cut: number): string {
  return `cut-${way.slice(0, 5)}-${String(cut).padStart(3, '0')}`
}

async function breakAfter(url: string, bytes: string, way: (typeof ways)[number]): Promise<void> {
  const socket = await open(url)
  const closed = once(socket, 'close')
  if (bytes !== '') await new Promise((resolve) => socket.write(bytes, resolve))
  if (way === 'reset') socket.resetAndDestroy()
  else {
    socket.resume()
    socket.on('end', () => socket.destroy())
    socket.end()
  }
  await closed
}
