import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { bundleHandler } from '../../lambda/bundle.ts'
import type { handler as Handler } from '../../lambda/handler.ts'
import { startOwner } from '../support/owner.ts'

// What is deployed is the bundle: so that is what is tested.
const directory = mkdtempSync(join(tmpdir(), 'punctual-test-'))
t.teardown(() => rmSync(directory, { recursive: true }))
const bytes = bundleHandler(directory)
const { handler } = (await import(join(directory, 'index.mjs'))) as { handler: typeof Handler }

const token = 'secret-token-of-this-job'
const wakeUp = (origin: string, path = '/callbacks/blog/post-42') => ({ url: origin + path, token, id: 'id-1' })

/** Deployed for this service. */
function deployedFor(origin: string): void {
  process.env.PUBLIC_URL = `${origin}/base`
}

/** A server that does what it likes with its sockets. */
async function rawServer(t: Test, onConnection: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  deployedFor(origin)
  return origin
}

/** The error of a call, which never has the token in it. */
async function failure(t: Test, work: Promise<void>): Promise<Error> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown as Error,
  )
  if (error === undefined) throw new Error('it did not throw')
  t.notMatch(`${error.message} ${String(error.cause)}`, token)
  return error
}

await t.test('it is one small file that imports nothing', async (t) => {
  t.same(readdirSync(directory), ['index.mjs'])
  t.ok(bytes < 4096, `${bytes} bytes`)
  t.notMatch(readFileSync(join(directory, 'index.mjs'), 'utf8'), /\bimport\b|\brequire\b/)
})

await t.test('it posts the id to the job, with its token, over connections that are kept', async (t) => {
  const service = await startOwner((_call, response) => response.writeHead(202).end('{"result":"taken"}'))
  t.teardown(() => service.close())
  deployedFor(service.origin)
  for (let call = 0; call < 10; call++) await handler(wakeUp(service.origin))
  t.equal(service.calls.length, 10)
  t.match(service.calls[0], {
    method: 'POST',
    url: '/callbacks/blog/post-42',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"id":"id-1"}',
  })
  t.ok(service.connections() <= 2, `${service.connections()} connections`)
})

await t.test('any answer but 2xx is an error that says what the service said', async (t) => {
  let status = 0
  const service = await startOwner((_call, response) => response.writeHead(status).end(`{"code":"because-${status}"}${'x'.repeat(10_000)}`))
  t.teardown(() => service.close())
  deployedFor(service.origin)
  for (status of [400, 401, 404, 429, 500, 503]) {
    const { message } = await failure(t, handler(wakeUp(service.origin)))
    t.match(message, `/callbacks/blog/post-42 answered ${status}: {"code":"because-${status}"}`)
    t.ok(message.length < 500)
  }
})

await t.test('a redirect is not followed: the token is for nobody else', async (t) => {
  const elsewhere = await startOwner()
  const service = await startOwner((_call, response) => response.writeHead(307, { location: elsewhere.origin }).end())
  t.teardown(() => Promise.all([service.close(), elsewhere.close()]))
  deployedFor(service.origin)
  t.match((await failure(t, handler(wakeUp(service.origin)))).message, 'answered 307')
  t.equal(elsewhere.calls.length, 0)
})

await t.test('only the service that it was deployed for is called', async (t) => {
  const elsewhere = await startOwner()
  t.teardown(() => elsewhere.close())
  deployedFor('http://127.0.0.1:1')
  const port = new URL(elsewhere.origin).port
  for (const url of [elsewhere.origin, `http://127.0.0.1:1@127.0.0.1:${port}`, 'https://127.0.0.1:1', 'file:///etc/passwd', 'nonsense', ''])
    t.match((await failure(t, handler({ url, token, id: 'id-1' }))).message, 'was deployed for http://127.0.0.1:1', url)
  t.equal(elsewhere.calls.length, 0)
  delete process.env.PUBLIC_URL
  t.match((await failure(t, handler(wakeUp(elsewhere.origin)))).message, 'deploy the stack again')
})

await t.test('a kept connection that turns out to be dropped is not the end: the call is made once more', async (t) => {
  let connections = 0
  const origin = await rawServer(t, (socket) => {
    connections++
    socket.on('data', () => {
      if (connections === 1) socket.resetAndDestroy()
      else socket.end('HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n')
    })
  })
  await handler(wakeUp(origin))
  t.equal(connections, 2)
})

await t.test('a server that is not there, resets, or breaks off is an error that says so', async (t) => {
  deployedFor('http://127.0.0.1:1')
  t.match((await failure(t, handler(wakeUp('http://127.0.0.1:1')))).message, /gave no answer: (connect ECONNREFUSED|bad port)/)
  const resetting = await rawServer(t, (socket) => socket.once('data', () => socket.resetAndDestroy()))
  t.match((await failure(t, handler(wakeUp(resetting)))).message, 'gave no answer: ')
  const breaking = await rawServer(t, (socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf of it')),
  )
  t.match((await failure(t, handler(wakeUp(breaking)))).message, 'gave no answer: ')
  const senseless = await rawServer(t, (socket) => socket.once('data', () => socket.end('Hello!\r\n\r\n')))
  t.match((await failure(t, handler(wakeUp(senseless)))).message, 'gave no answer: ')
})

await t.test(
  'a server that hangs, before its headers or within its body, is given up after ten seconds',
  { timeout: 30_000 },
  async (t) => {
    const sockets: Socket[] = []
    const origin = await rawServer(t, (socket) => {
      sockets.push(socket)
      socket.once('data', (data) => {
        if (data.includes('drip')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n')
      })
    })
    t.teardown(() => sockets.forEach((socket) => socket.destroy()))
    const begun = performance.now()
    const errors = await Promise.all([failure(t, handler(wakeUp(origin, '/silent'))), failure(t, handler(wakeUp(origin, '/drip')))])
    for (const { message } of errors) t.match(message, /gave no answer: .*timeout/)
    t.ok(performance.now() - begun < 12_000)
  },
)
