import helmet from '@fastify/helmet'
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'

/** The API, browsable, and its OpenAPI document. Nothing on the page comes from elsewhere. */
export const docs: FastifyPluginAsync = async (app) => {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        // The page starts itself by an inline script, and styles itself by inline styles.
        'script-src': ["'self'", "'unsafe-inline'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
      },
    },
    strictTransportSecurity: false,
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  let opened: Promise<FastifyInstance> | undefined
  for (const path of ['/docs', '/docs/', '/docs/js/scalar.js']) {
    app.get(path, { schema: { hide: true } }, async ({ url }, reply) => {
      opened ??= openPages().catch((error: unknown) => {
        opened = undefined
        throw error
      })
      const { statusCode, headers, rawPayload } = await (await opened).inject(url)
      const { 'content-type': type, location } = headers
      return reply
        .code(statusCode)
        .headers({ ...(type === undefined ? {} : { 'content-type': type }), ...(location === undefined ? {} : { location }) })
        .send(rawPayload)
    })
  }
}

/** The pages take a tenth of a second and 20 MB to load, and nobody may ever look at them: so they are an app of their own. */
async function openPages(): Promise<FastifyInstance> {
  const { default: apiReference } = await import('@scalar/fastify-api-reference')
  const pages = Fastify()
  await pages.register(apiReference, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      title: 'Punctual',
      favicon: 'data:,',
      withDefaultFonts: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      telemetry: false,
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  })
  return pages
}
