import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { emptyDirectory } from '../support/directory.ts'
import { runService, startService } from '../support/service.ts'

await t.test('it says where it listens, where the docs and the console are, the signing secret, and how to schedule a call', async (t) => {
  const dataDir = emptyDirectory(t)
  const service = await startService({ dataDir })
  t.teardown(() => service.end('SIGKILL'))
  await (await fetch(`${service.url}/health/ready`)).json()
  for (const text of [
    service.url,
    `${service.url}/docs`,
    `${service.url}/console`,
    /signing secret +whsec_\S+/,
    `curl -i ${service.url}/schedules`,
  ])
    t.match(service.output(), text)
  t.ok(service.url.startsWith('http://127.0.0.1:'))
  t.notMatch(service.output(), 'Warning')
})

await t.test('the curl that it prints works as it is printed', async (t) => {
  const service = await startService({ dataDir: emptyDirectory(t) })
  t.teardown(() => service.end('SIGKILL'))
  await fetch(`${service.url}/health/live`)
  const [, json] = /-d '(.*)'/.exec(service.output()) ?? []
  const response = await fetch(`${service.url}/schedules`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: json ?? '',
  })
  t.equal(response.status, 201)
})

await t.test('the signing secret of development mode is the same after a restart', async (t) => {
  const dataDir = emptyDirectory(t)
  const secrets: (string | undefined)[] = []
  for (let start = 0; start < 2; start++) {
    const service = await startService({ dataDir })
    await fetch(`${service.url}/health/live`)
    secrets.push(/whsec_\S+/.exec(service.output())?.[0])
    t.equal(await service.end('SIGTERM'), 0)
  }
  t.ok(secrets[0])
  t.equal(secrets[0], secrets[1])
})

await t.test('what is preloaded for the service is for its main thread alone', async (t) => {
  const directory = emptyDirectory(t)
  const [preload, seen] = [join(directory, 'preload.mjs'), join(directory, 'seen')]
  writeFileSync(
    preload,
    `import { appendFileSync } from 'node:fs'; import { threadId } from 'node:worker_threads'; appendFileSync('${seen}', threadId + '\\n')`,
  )
  const service = await startService({ dataDir: join(directory, 'data'), under: ['env', `NODE_OPTIONS=--import ${preload}`] })
  t.teardown(() => service.end('SIGKILL'))
  await fetch(`${service.url}/health/ready`)
  t.equal(readFileSync(seen, 'utf8'), '0\n')
})

await t.test('the docs page and all that it needs come from the service itself', async (t) => {
  const service = await startService({ dataDir: emptyDirectory(t) })
  t.teardown(() => service.end('SIGKILL'))
  const page = await fetch(`${service.url}/docs`)
  t.equal(page.status, 200)
  t.match(page.headers.get('content-security-policy'), "default-src 'none'")
  const html = await page.text()
  const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
  t.ok(sources.length > 0)
  for (const source of sources.filter((source) => !source.startsWith('data:'))) {
    const url = new URL(source, page.url)
    t.equal(url.origin, service.url)
    t.equal((await fetch(url)).status, 200, source)
  }
  t.match(await (await fetch(`${service.url}/openapi.json`)).json(), {
    openapi: '3.1.0',
    paths: { '/schedules': {}, '/schedules/{name}': {} },
  })
})

await t.test('it refuses to start, and says why', async (t) => {
  const dataDir = emptyDirectory(t)

  await t.test('elsewhere than on loopback without an applications file', async (t) => {
    const { code, output } = await runService({ dataDir, env: { HOST: '0.0.0.0' } })
    t.equal(code, 1)
    t.match(output, /HOST is 0\.0\.0\.0, but there is no APPLICATIONS_FILE/)
    t.notMatch(output, 'at ')
  })

  await t.test('with every problem at once', async (t) => {
    const file = join(dataDir, 'applications.json')
    const blog = { apiKeyHashes: ['md5:x'], allowedOrigins: ['http://a/b'], signingSecrets: ['my-secret'], more: 1 }
    writeFileSync(file, JSON.stringify({ applications: { blog } }))
    const first = await runService({
      dataDir,
      env: { PORT: '80x', LOG_LEVEL: 'loud', ENGINE: 'steam', RETENTION_DAYS: '2.5', APPLICATIONS_FILE: file },
    })
    t.equal(first.code, 1)
    for (const text of [
      'PORT must be integer',
      'LOG_LEVEL must be one of',
      'ENGINE must be one of',
      'RETENTION_DAYS must be integer',
      '/applications/blog/apiKeyHashes/0',
      'unknown field "more"',
    ]) {
      t.match(first.output, text)
    }
    writeFileSync(
      file,
      JSON.stringify({ applications: { blog: { ...blog, apiKeyHashes: [`sha256:${'0'.repeat(64)}`], more: undefined } } }),
    )
    const second = await runService({ dataDir, env: { APPLICATIONS_FILE: file } })
    for (const text of ['"http://a/b" is not an origin', '/applications/blog/signingSecrets/0 must be "whsec_"'])
      t.match(second.output, text)
    t.notMatch(second.output, 'my-secret')
  })

  await t.test('with an applications file that is missing, or no JSON', async (t) => {
    t.match(
      (await runService({ dataDir, env: { APPLICATIONS_FILE: join(dataDir, 'nothing') } })).output,
      /APPLICATIONS_FILE .*nothing cannot be read: ENOENT/,
    )
    const file = join(dataDir, 'broken.json')
    writeFileSync(file, '{"signingSecrets": whsec_secret}')
    const { output } = await runService({ dataDir, env: { APPLICATIONS_FILE: file } })
    t.match(output, /broken\.json cannot be read: it is not JSON/)
    t.notMatch(output, 'whsec_secret')
  })

  await t.test('with a signing secret of development mode that is none', async (t) => {
    const directory = emptyDirectory(t)
    writeFileSync(join(directory, 'development-signing-secret'), '')
    const { code, output } = await runService({ dataDir: directory })
    t.equal(code, 1)
    t.match(output, /development-signing-secret does not hold a signing secret. Remove it/)
  })

  await t.test('with a data directory that is a file', async (t) => {
    const file = join(emptyDirectory(t), 'file')
    writeFileSync(file, '')
    t.match((await runService({ dataDir: file })).output, /Punctual does not start:\n {2}.*Check DATA_DIR/)
  })

  await t.test('on a port that is taken', async (t) => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    t.teardown(() => other.close())
    const { code, output } = await runService({ dataDir, env: { PORT: String((other.address() as AddressInfo).port) } })
    t.equal(code, 1)
    t.match(output, /EADDRINUSE.*HOST and PORT/)
  })

  await t.test('on a store that is damaged', async (t) => {
    const damaged = emptyDirectory(t)
    writeFileSync(join(damaged, 'punctual.db'), 'no database at all'.repeat(1000))
    const { code, output } = await runService({ dataDir: damaged })
    t.equal(code, 1)
    t.match(output, /punctual\.db is damaged .*Restore a backup/)
  })
})

await t.test('what is not HTTP is answered with a problem', async (t) => {
  const service = await startService({ dataDir: emptyDirectory(t) })
  t.teardown(() => service.end('SIGKILL'))
  const { port } = new URL(service.url)
  for (const [text, status] of [
    ['no HTTP\r\n\r\n', 400],
    [`GET /schedules HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    ['POST /schedules HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\n', 400],
  ] as const) {
    const socket = connect(Number(port), '127.0.0.1')
    socket.end(text)
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
    t.match(answer, 'application/problem+json')
    t.match(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))), { status, code: /./, detail: /./ })
  }
})
