import type { FastifyPluginAsync } from 'fastify'
import { Webhook } from 'standardwebhooks'
import type { Feed } from './feed.ts'

interface Options {
  readonly feed: Feed
  readonly signingSecret: string
  readonly onPublished: () => void
}

/** Where Punctual calls when a post's moment has come. */
export const webhook: FastifyPluginAsync<Options> = async (app, { feed, signingSecret, onPublished }) => {
  const punctual = new Webhook(signingSecret)

  // The signature is over the bytes as they came.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.post('/hooks/publish', async (request, reply) => {
    const publishedAt = Date.now()
    const headers = request.headers as Record<string, string>
    let payload: unknown
    try {
      payload = punctual.verify(request.body as Buffer, headers)
    } catch {
      return reply.code(401).send()
    }
    const { text } = payload as { text: string }
    // Under an id that it has seen, the feed does nothing: the same call may come twice.
    feed.publish({ id: headers['webhook-id'] ?? '', text, dueAt: Date.parse(headers['schedule-due-at'] ?? ''), publishedAt })
    onPublished()
    return reply.code(204).send()
  })
}
