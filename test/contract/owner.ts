import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { Test } from 'tap'
import type { Owner } from '../../src/domain/ports.ts'
import { startOwner, type TestOwner } from '../support/owner.ts'
import { callTo, content } from '../support/schedules.ts'

export interface OpenOwner {
  readonly owner: Owner
  readonly deadlineMs: number
}

interface OpenOptions {
  readonly origin: string
  readonly signingSecrets: readonly string[]
}

const secret = `whsec_${randomBytes(32).toString('base64')}`

/** What every way to an owner does. `open` gets the origin that the application `blog` may call, and its secrets. */
export async function ownerContract(t: Test, open: (t: Test, options: OpenOptions) => Promise<OpenOwner>): Promise<void> {
  async function opened(t: Test, answer?: Parameters<typeof startOwner>[0]): Promise<OpenOwner & { server: TestOwner }> {
    const server = await startOwner(answer)
    t.teardown(() => server.close())
    return { server, ...(await open(t, { origin: server.origin, signingSecrets: [secret] })) }
  }

  /** An owner that does not even speak HTTP properly. */
  async function openedRaw(t: Test, onConnection: (socket: Socket) => void): Promise<OpenOwner & { url: string }> {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      onConnection(socket)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return { url: `${origin}/hook`, ...(await open(t, { origin, signingSecrets: [secret] })) }
  }

  await t.test('the request is as asked for, with our headers, and its body is the very bytes', async (t) => {
    const { owner, server } = await opened(t)
    const payload = '{ "n": 12345678901234567890, "t": "ä\\u0000" }'
    const call = callTo(`${server.origin}/hooks/publish?a=1&b=%20`, {
      attempt: 3,
      content: {
        ...content,
        payload,
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        target: { url: `${server.origin}/hooks/publish?a=1&b=%20`, method: 'PUT', headers: { 'x-tenant': '7' } },
      },
    })
    const result = await owner.deliver(call)
    t.match(result, { verdict: 'delivered', statusCode: 200, responseBody: 'ok', error: undefined })
    t.ok(Math.abs(result.startedAt - Date.now()) < 5000)
    t.match(server.calls, [
      {
        method: 'PUT',
        url: '/hooks/publish?a=1&b=%20',
        body: payload,
        headers: {
          'content-type': 'application/json',
          'x-tenant': '7',
          'webhook-id': call.id,
          'schedule-name': 'post-42',
          'schedule-attempt': '3',
          'schedule-due-at': '2030-01-01T00:00:00.000Z',
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        },
      },
    ])
  })

  await t.test('the signature is what the Standard Webhooks library verifies, also of an empty body', async (t) => {
    const { owner, server } = await opened(t)
    for (const payload of ['{"postId":42,"text":"grüße"}', null])
      await owner.deliver(callTo(server.origin, { content: { ...content, payload, target: { ...content.target, url: server.origin } } }))
    const webhook = new Webhook(secret)
    for (const { body, headers } of server.calls) {
      // The library wants JSON to return; an empty body has none.
      if (body === '')
        t.match(
          webhook.sign(headers['webhook-id'] ?? '', new Date(Number(headers['webhook-timestamp']) * 1000), ''),
          headers['webhook-signature'],
        )
      else t.same(webhook.verify(body, headers), JSON.parse(body))
    }
    t.equal(server.calls.length, 2)
  })

  await t.test('while a secret is changed, each of the two verifies', async (t) => {
    const server = await startOwner()
    t.teardown(() => server.close())
    const secrets = [secret, `whsec_${randomBytes(24).toString('base64')}`]
    const { owner } = await open(t, { origin: server.origin, signingSecrets: secrets })
    await owner.deliver(callTo(server.origin))
    const [call] = server.calls
    for (const each of secrets) t.same(new Webhook(each).verify(call?.body ?? '', call?.headers ?? {}), { postId: 42 })
  })

  await t.test('every method arrives', async (t) => {
    const { owner, server } = await opened(t)
    const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const
    for (const method of methods) {
      const { verdict } = await owner.deliver(
        callTo(server.origin, { content: { ...content, payload: null, target: { url: server.origin, method, headers: {} } } }),
      )
      t.equal(verdict, 'delivered', method)
    }
    t.same(
      server.calls.map(({ method }) => method),
      methods,
    )
  })

  await t.test('the status decides', async (t) => {
    const { owner, server } = await opened(t, ({ url }, response) => {
      response.statusCode = Number(url.slice(1))
      response.setHeader('retry-after', '7')
      response.end('because')
    })
    const verdictOf = async (status: number): Promise<unknown> => {
      const { verdict, retryAfterMs, statusCode } = await owner.deliver(callTo(`${server.origin}/${status}`))
      return { verdict, retryAfterMs, statusCode }
    }
    for (const status of [200, 201, 202, 204, 299]) t.match(await verdictOf(status), { verdict: 'delivered', statusCode: status })
    t.match(await verdictOf(410), { verdict: 'gone', statusCode: 410 })
    for (const status of [429, 503]) t.match(await verdictOf(status), { verdict: 'retry', retryAfterMs: 7000 })
    for (const status of [400, 401, 404, 409, 500, 502]) t.match(await verdictOf(status), { verdict: 'retry', retryAfterMs: undefined })
  })

  await t.test('a redirect is not followed', async (t) => {
    const elsewhere = await startOwner()
    t.teardown(() => elsewhere.close())
    const { owner, server } = await opened(t, (_call, response) => response.writeHead(307, { location: elsewhere.origin }).end())
    t.match(await owner.deliver(callTo(server.origin)), { verdict: 'retry', statusCode: 307, error: /redirects are not followed/ })
    t.equal(elsewhere.connections(), 0)
  })

  await t.test('an origin that is not allowed is not even connected to', async (t) => {
    const elsewhere = await startOwner()
    t.teardown(() => elsewhere.close())
    const { owner, server } = await opened(t)
    t.ok(owner.allows('blog', `${server.origin}/any/path?x`))
    t.notOk(owner.allows('blog', elsewhere.origin))
    t.notOk(owner.allows('unknown', server.origin))
    t.match(await owner.deliver(callTo(elsewhere.origin)), { verdict: 'retry', error: /does not allow/ })
    t.match(await owner.deliver(callTo(server.origin, { application: 'unknown' })), { verdict: 'retry' })
    t.equal(elsewhere.connections() + server.connections(), 0)
  })

  await t.test('of a long answer the first KiB is kept, and no character is cut in two', async (t) => {
    const { owner, server } = await opened(t, (_call, response) => response.end(`a${'ä'.repeat(20_000)}`))
    const { verdict, responseBody } = await owner.deliver(callTo(server.origin))
    t.equal(verdict, 'delivered')
    t.equal(responseBody, `a${'ä'.repeat(511)}`)
  })

  await t.test('an endless answer is not read to the end: its status counts', async (t) => {
    let written = 0
    const { owner, server } = await opened(t, (_call, response) => {
      const chunk = Buffer.alloc(16_384, 'x')
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length
      }
      response.on('drain', more)
      more()
    })
    t.match(await owner.deliver(callTo(server.origin)), { verdict: 'delivered', statusCode: 200 })
    t.ok(written < 32 * 1024 * 1024)
  })

  await t.test('what never becomes an answer is not listened to until the deadline', async (t) => {
    const stories = {
      'blank lines': ['', '\r\n'],
      'informational answers': ['', 'HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n'],
      // A status that has come counts, as that of an endless body does.
      'a chunk extension': ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;', 'extension=value;'],
    } as const
    for (const [story, [beginning, again]] of Object.entries(stories)) {
      const { owner, url } = await openedRaw(t, (socket) => {
        const more = (): void => {
          while (!socket.destroyed && socket.write(again.repeat(1000)));
        }
        socket.on('drain', more)
        socket.once('data', () => {
          socket.write(beginning)
          more()
        })
      })
      const { verdict, statusCode, error } = await owner.deliver(callTo(url))
      if (beginning === '')
        t.match({ verdict, statusCode, error }, { verdict: 'retry', statusCode: undefined, error: /longer than/ }, story)
      else t.match({ verdict, statusCode }, { verdict: 'delivered', statusCode: 200 }, story)
    }
  })

  await t.test('nobody is waited for beyond the deadline', async (t) => {
    const stories: Record<string, (socket: Socket) => void> = {
      'never answering': () => undefined,
      'a byte now and then': (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n')
        const timer = setInterval(() => socket.write('x'), 20)
        socket.on('close', () => clearInterval(timer))
      },
      'a header now and then': (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        const timer = setInterval(() => socket.write(`x-${Math.random()}: y\r\n`), 20)
        socket.on('close', () => clearInterval(timer))
      },
    }
    for (const [story, onConnection] of Object.entries(stories)) {
      const { owner, url, deadlineMs } = await openedRaw(t, onConnection)
      const begun = performance.now()
      t.match(await owner.deliver(callTo(url)), { verdict: 'retry', error: /no complete answer within/ }, story)
      t.ok(performance.now() - begun < deadlineMs + 500, story)
    }
  })

  await t.test('a broken exchange is one to be made again', async (t) => {
    const stories: Record<string, (socket: Socket) => void> = {
      'closed at once': (socket) => socket.destroy(),
      'reset at once': (socket) => socket.resetAndDestroy(),
      'reset after the request': (socket) => socket.once('data', () => socket.resetAndDestroy()),
      'reset within the answer': (socket) =>
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', () => socket.resetAndDestroy())),
      'no HTTP': (socket) => socket.once('data', () => socket.end('220 smtp.example.test ESMTP\r\n')),
      'huge headers': (socket) => socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`)),
    }
    for (const [story, onConnection] of Object.entries(stories)) {
      const { owner, url } = await openedRaw(t, onConnection)
      const { verdict, error } = await owner.deliver(callTo(url))
      t.equal(verdict, 'retry', story)
      t.ok(error !== undefined && error !== '', `${story}: ${error}`)
    }
  })

  await t.test('nobody listening is one to be made again', async (t) => {
    const { owner, server } = await opened(t)
    await server.close()
    t.match(await owner.deliver(callTo(server.origin)), { verdict: 'retry', error: /ECONNREFUSED/ })
  })
}
