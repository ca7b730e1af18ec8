import t from 'tap'
import { isOrigin, makeAllowedTarget } from '../../src/delivery/allowedTarget.ts'

await t.test('the origin decides, after parsing', async (t) => {
  const allowed = makeAllowedTarget(['http://main-server:3000', 'https://example.test', 'http://127.0.0.1:8000', 'http://[::1]:9000'])
  for (const url of [
    'http://main-server:3000',
    'http://main-server:3000/hooks/publish?x=1',
    'HTTP://MAIN-SERVER:3000/',
    'https://example.test/a',
    'https://example.test:443/a',
    // Other spellings of one address are the same address.
    'http://127.1:8000/',
    'http://2130706433:8000/',
    'http://0x7f.0.0.1:8000/',
    'http://0177.0.0.1:8000/',
    'http://[::ffff:127.0.0.1]:8000/',
    'http://[0:0:0:0:0:ffff:7f00:1]:8000/',
    'http://１２７.０.０.１:8000/',
    'http://[0:0:0:0:0:0:0:1]:9000/',
  ]) {
    t.ok(allowed(url), url)
  }
  for (const url of [
    'http://main-server/',
    'http://main-server:3001/',
    'https://main-server:3000/',
    'http://main-server.:3000/',
    'http://main-server:3000.evil.test/',
    'http://main-server:3000@evil.test/',
    'http://user:pass@main-server:3000/',
    'http://evil.test/?http://main-server:3000',
    'http://evil.test#main-server:3000',
    'http://sub.main-server:3000/',
    'https://example.test:8443/',
    'http://127.0.0.2:8000/',
    'http://localhost:8000/',
    'http://[::ffff:127.0.0.2]:8000/',
    'http://[64:ff9b::7f00:1]:8000/',
    'ftp://main-server:3000/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'main-server:3000',
    '//main-server:3000',
    '',
  ]) {
    t.notOk(allowed(url), url)
  }
})

await t.test('in development mode this machine may be called, on any port, and nothing else', async (t) => {
  const allowed = makeAllowedTarget('loopback')
  for (const url of [
    'http://localhost:3000/',
    'https://localhost/',
    'http://127.0.0.1:1/',
    'http://127.1.2.3/',
    'http://[::1]:80/',
    'http://0x7f000001/',
  ])
    t.ok(allowed(url), url)
  for (const url of [
    'http://0.0.0.0/',
    'http://[::]/',
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://localhost.evil.test/',
    'http://127.0.0.1.evil.test/',
    'http://1270.0.0.1.test/',
    'http://[::ffff:10.0.0.1]/',
    'http://[fe80::1]/',
    'http://example.test/',
  ]) {
    t.notOk(allowed(url), url)
  }
})

await t.test('an origin in the configuration is an origin and nothing more', async (t) => {
  for (const text of ['http://main-server:3000', 'https://example.test', 'https://example.test/']) t.ok(isOrigin(text), text)
  for (const text of [
    '',
    'main-server',
    'https://example.test/path',
    'https://example.test?',
    'https://example.test#',
    'https://u@example.test',
    'ftp://example.test',
    '*',
  ]) {
    t.notOk(isOrigin(text), text)
  }
})
