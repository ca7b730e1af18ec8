import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import t from 'tap'
import { httpApp } from '../support/http.ts'

const slowly = Promise.withResolvers<void>()
const { app, logged } = await httpApp({
  otherwise: async () => {
    await slowly.promise
    throw new Error('not part of this test')
  },
})
await app.listen({ host: '127.0.0.1', port: 0 })
t.teardown(() => app.close())
const { port } = app.server.address() as AddressInfo

/** All that is answered to these bytes until the service closes the connection, or falls silent. */
async function talk(bytes: string, isOver = (text: string): boolean => text.includes('}')): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  const over = Promise.withResolvers<void>()
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    if (isOver(text)) over.resolve()
  })
  socket.write(bytes)
  await Promise.race([over.promise, once(socket, 'close')])
  socket.destroy()
  return text
}

await t.test('a method that only HTTP knows is answered 405 where there is something, and 404 elsewhere', async (t) => {
  t.match(
    await talk('PROPFIND /schedules HTTP/1.1\r\nhost: x\r\n\r\n'),
    /^HTTP\/1\.1 405 [^]*allow: DELETE, GET, HEAD, POST[^]*method_not_allowed/,
  )
  t.match(await talk('PROPFIND /nothing HTTP/1.1\r\nhost: x\r\n\r\n'), /^HTTP\/1\.1 404 [^]*not_found/)
})

await t.test('any route 400: a request without exactly one Host is told so, as a problem', async (t) => {
  for (const hosts of ['', 'host: a\r\nhost: b\r\n']) {
    t.match(await talk(`GET /health/live HTTP/1.1\r\n${hosts}\r\n`), /^HTTP\/1\.1 400 [^]*problem\+json[^]*malformed_request/)
  }
  t.match(await talk('GET /health/live HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200/, 'an older version needs none')
})

await t.test('an expectation that nobody knows is ignored', async (t) => {
  t.match(await talk('GET /health/live HTTP/1.1\r\nhost: x\r\nexpect: wonders\r\n\r\n'), /^HTTP\/1\.1 200/)
})

await t.test('what is no request is answered with an id, which is in the log', async (t) => {
  const text = await talk('garbage\r\n\r\n')
  const id = /^x-request-id: (\S+)\r$/im.exec(text)?.[1] ?? 'none'
  t.match(text, /^HTTP\/1\.1 400 [^]*problem\+json[^]*malformed_request/)
  t.ok(logged.some((line) => line.includes(id)))
})

await t.test('garbage behind a request is not taken for what that one is answered', async (t) => {
  const talked = talk('GET /schedules HTTP/1.1\r\nhost: x\r\nx-request-id: mine\r\n\r\ngarbage\r\n\r\n', () => false)
  setTimeout(slowly.resolve, 50)
  t.match(await talked, /^HTTP\/1\.1 500 [^]*x-request-id: mine[^]*HTTP\/1\.1 400 /)
})

await t.test('any route 413: who sends too much is told so, and not cut off before', async (t) => {
  const head = 'POST /schedules HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'
  t.match(
    await talk(`${head}content-length: 1000000\r\n\r\n${' '.repeat(1_000_000)}`),
    /^HTTP\/1\.1 413 [^]*keep-alive[^]*payload_too_large/,
  )
  t.match(await talk(`${head}content-length: 10000000000\r\n\r\n`), /^HTTP\/1\.1 413 [^]*connection: close/)
})

await t.test('who is slow holds a connection for 10 s of headers and 30 s of a request', async (t) => {
  const { headersTimeout, requestTimeout, timeout } = app.server
  t.same({ headersTimeout, requestTimeout, timeout }, { headersTimeout: 10_000, requestTimeout: 30_000, timeout: 600_000 })
})

await t.test('a name in a URL that is none is not in the log', async (t) => {
  await app.inject('/schedules/a%E2%80%A8b%C2%9B31m')
  t.notMatch(logged.at(-1), /[\u0080-\u009f\u2028]/)
  t.match(logged.at(-1), /"route":"\/schedules\/:name"/)
  await app.inject('/schedules/post-42')
  t.match(logged.at(-1), /"schedule":"post-42"/)
})
