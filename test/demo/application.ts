import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Feed } from './feed.ts'
import { page } from './page.ts'
import { type Punctual, Refused } from './punctual.ts'
import { webhook } from './webhook.ts'

const text = Type.String({ maxLength: 500, pattern: '\\S' })

const when = {
  at: Type.Optional(Type.String()),
  timeZone: Type.Optional(Type.String()),
  disambiguation: Type.Optional(Type.Enum(['earlier', 'later'])),
  delaySeconds: Type.Optional(Type.Number()),
}

const params = Type.Object({ name: Type.String() })

interface Options {
  readonly punctual: Punctual
  readonly feed: Feed
  readonly signingSecret: string
}

/**
 * The owning application. Whoever writes a post talks to it alone; what waits is Punctual's to keep, what has been
 * published is its own.
 */
export async function makeApplication({ punctual, feed, signingSecret }: Options): Promise<FastifyInstance> {
  const app = Fastify({ forceCloseConnections: true }).withTypeProvider<TypeBoxTypeProvider>()
  const pages = new EventEmitter().setMaxListeners(0)
  const lookAgain = () => pages.emit('change')

  await app.register(page)
  await app.register(webhook, { feed, signingSecret, onPublished: lookAgain })

  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof Refused)) return reply.send(error)
    return reply.code(error.problem.status).type('application/problem+json').send(error.problem)
  })

  app.get('/feed', async () => feed.latest())

  app.get('/scheduled', async () => punctual.scheduled())

  app.post('/scheduled', { schema: { body: Type.Object({ text, ...when }) } }, async ({ body }, reply) => {
    const post = await punctual.schedule(body)
    lookAgain()
    return reply.code(201).send(post)
  })

  app.get('/scheduled/:name', { schema: { params } }, async ({ params }, reply) => {
    const { post, etag } = await punctual.read(params.name)
    return reply.header('etag', etag).send(post)
  })

  const change = Type.Object({ text: Type.Optional(text), ...when })
  const headers = Type.Object({ 'if-match': Type.String() })
  app.patch('/scheduled/:name', { schema: { params, headers, body: change } }, async ({ params, headers, body }) => {
    const post = await punctual.change(params.name, headers['if-match'], body)
    lookAgain()
    return post
  })

  app.delete('/scheduled/:name', { schema: { params } }, async ({ params }, reply) => {
    await punctual.withdraw(params.name)
    lookAgain()
    return reply.code(204).send()
  })

  // Says that there is something new, and not what: a page that was away for a while misses nothing.
  app.get('/events', (_request, reply) => {
    const stream = new PassThrough()
    const tell = () => stream.write('data: change\n\n')
    pages.on('change', tell)
    stream.on('close', () => pages.off('change', tell))
    // How soon to come back; and with it the headers leave at once.
    stream.write('retry: 1000\n\n')
    return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream)
  })

  return app
}
