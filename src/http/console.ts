import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import helmet from '@fastify/helmet'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../domain/errors.ts'
import { isKnownTo } from './entityTag.ts'

/** What the console consists of: made by `npm run build:console`, so that nothing is needed here to make it. */
const types: ReadonlyMap<string, string> = new Map([
  ['index.html', 'text/html; charset=utf-8'],
  ['console.js', 'text/javascript; charset=utf-8'],
  ['console.css', 'text/css; charset=utf-8'],
  ['licenses.txt', 'text/plain; charset=utf-8'],
])

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
  const assets = new Map<string, Promise<Asset>>()

  async function send(name: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const type = types.get(name)
    if (type === undefined) throw new AppError('not_found', `There is no ${request.url.split('?')[0]}. See /console.`)
    // Nobody may ever look at it.
    const loading = assets.get(name) ?? load(name)
    assets.set(name, loading)
    const { body, etag } = await loading.catch((error: unknown) => {
      assets.delete(name)
      throw error
    })
    // Asked about each time: the files of one version belong together.
    reply.headers({ etag, 'cache-control': 'no-cache' })
    return isKnownTo(request.headers, etag) ? reply.code(304).send() : reply.type(type).send(body)
  }

  app.get('/console', { schema: { hide: true } }, (request, reply) => send('index.html', request, reply))
  app.get<{ Params: { '*': string } }>('/console/*', { schema: { hide: true } }, async (request, reply) => {
    const name = request.params['*']
    // The address by which the page finds everything else has no slash at its end, also behind a proxy that puts a path before it.
    return name === '' ? reply.redirect('../console', 308) : send(name, request, reply)
  })
}

async function load(name: string): Promise<Asset> {
  const body = await readFile(new URL(`../console/dist/${name}`, import.meta.url))
  return { body, etag: `"${hash('sha256', body, 'base64url').slice(0, 22)}"` }
}
