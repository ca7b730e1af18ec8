import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import helmet from '@fastify/helmet'
import type { FastifyPluginAsync } from 'fastify'
import { isKnownTo } from './entityTag.ts'

/** What the console consists of: made by `npm run build:console`, so that nothing is needed here to make it. */
const files = {
  '/console': ['index.html', 'text/html; charset=utf-8'],
  '/console/console.js': ['console.js', 'text/javascript; charset=utf-8'],
  '/console/console.css': ['console.css', 'text/css; charset=utf-8'],
  '/console/licenses.txt': ['licenses.txt', 'text/plain; charset=utf-8'],
} as const

interface Asset {
  readonly body: Buffer
  readonly etag: string
}

/**
 * The operators' console: a page that uses the API as any caller does, with the caller's own key. Whoever asks gets the
 * page; without a key it shows nothing.
 */
export const operatorsConsole: FastifyPluginAsync = async (app) => {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        // The icon in the page.
        'img-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
      },
    },
    strictTransportSecurity: false,
  })
  // The address by which the page finds everything else has no slash at its end, also behind a proxy that puts a path before it.
  app.get('/console/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('../console', 308))
  for (const [path, [name, type]] of Object.entries(files)) {
    let loaded: Promise<Asset> | undefined
    app.get(path, { schema: { hide: true } }, async (request, reply) => {
      // Nobody may ever look at it.
      loaded ??= load(name).catch((error: unknown) => {
        loaded = undefined
        throw error
      })
      const { body, etag } = await loaded
      // Asked about each time: the files of one version belong together.
      reply.headers({ etag, 'cache-control': 'no-cache' })
      return isKnownTo(request.headers, etag) ? reply.code(304).send() : reply.type(type).send(body)
    })
  }
}

async function load(name: string): Promise<Asset> {
  const body = await readFile(new URL(`../console/dist/${name}`, import.meta.url))
  return { body, etag: `"${hash('sha256', body, 'base64url').slice(0, 22)}"` }
}
