import { createReadStream, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import helmet from '@fastify/helmet'
import type { FastifyPluginAsync } from 'fastify'

const folder = join(import.meta.dirname, 'page')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The page, as its files are. Nothing on it comes from elsewhere, or is written into it. */
export const page: FastifyPluginAsync = async (app) => {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: false,
  })
  for (const file of readdirSync(folder)) {
    app.get(file === 'index.html' ? '/' : `/${file}`, (_request, reply) =>
      reply.type(types[extname(file)] ?? 'application/octet-stream').send(createReadStream(join(folder, file))),
    )
  }
}
