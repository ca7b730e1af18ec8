// Stands for an application in compose.yaml, with nothing but Node.js: schedules a call, and takes it when it comes.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

const { OWN_NAME = '127.0.0.1', PORT = '3000', PUNCTUAL_URL = '', PUNCTUAL_API_KEY = '', PUNCTUAL_SIGNING_SECRET = '' } = process.env
const secret = Buffer.from(PUNCTUAL_SIGNING_SECRET.replace('whsec_', ''), 'base64')

/** How far from now a call may have been signed: one that somebody has overheard is of no use to them later. */
const toleranceSeconds = 300

/** @see https://www.standardwebhooks.com, for which there are libraries, too */
function isGenuine({ headers }: IncomingMessage, body: string): boolean {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) => String(headers[`webhook-${name}`])) as [
    string,
    string,
    string,
  ]
  const isRecent = Math.abs(Date.now() / 1000 - Number(timestamp)) <= toleranceSeconds
  const expected = Buffer.from(`v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
  const given = signatures.split(' ').map((signature) => Buffer.from(signature))
  return isRecent && given.some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected))
}

/** What has been done. An application keeps this in its database, written together with whatever it does. */
const done = new Set<string>()

/** The status to answer with. */
async function take(request: IncomingMessage): Promise<number> {
  const body = await text(request)
  if (!isGenuine(request, body)) return 401
  const id = String(request.headers['webhook-id'])
  if (!done.has(id)) console.log('called', request.url, body)
  done.add(id)
  return 204
}

const server = createServer((request, response) => {
  take(request).then(
    (status) => response.writeHead(status).end(),
    () => response.destroy(),
  )
})

server.listen(Number(PORT))
await once(server, 'listening')
const url = `http://${OWN_NAME}:${(server.address() as AddressInfo).port}/hooks/hello`
console.log('listening', url)
const response = await fetch(`${PUNCTUAL_URL}/schedules`, {
  method: 'POST',
  headers: { authorization: `Bearer ${PUNCTUAL_API_KEY}`, 'content-type': 'application/json' },
  body: JSON.stringify({ name: 'hello', delaySeconds: 10, target: { url }, payload: { text: 'hello' }, ifExists: 'replace' }),
})
console.log('scheduled', response.status, await response.text())
