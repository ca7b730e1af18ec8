import { startOwner, type TestOwner } from '../support/owner.ts'

/** An owner whose answer the path asks for: `/ok`, `/flaky` (the second time), `/failing`, `/gone`, or `/never`. */
export async function startMisbehavingOwner(): Promise<TestOwner> {
  return startOwner(({ url, headers }, response) => {
    switch (url) {
      case '/flaky':
        response.statusCode = headers['schedule-attempt'] === '1' ? 503 : 200
        response.end(response.statusCode === 200 ? '{"ok":true}' : 'warming up')
        break
      case '/failing':
        response.writeHead(500).end('<b>out of order</b>')
        break
      case '/gone':
        response.writeHead(410).end()
        break
      case '/never':
        break
      default:
        response.end('{"ok":true}')
    }
  })
}
