import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { exampleChanges, exampleRequests } from './examples.ts'

/** Bodies to choose from on the page: a schema's own examples have no names, and of those only the first is shown. */
const namedBodies = [
  ['/schedules', 'post', exampleRequests],
  ['/schedules/{name}', 'patch', exampleChanges],
] as const

/** What the OpenAPI document says apart from the routes, which describe themselves. */
export function describeApi(version: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Punctual',
        version,
        description:
          'Calls your web application back, once, at exactly the moment that was asked for.\n\n' +
          'The call carries `webhook-id`, `webhook-timestamp` and `webhook-signature` (Standard Webhooks), so that its receiver can tell that it is genuine and that it has had it before.\n\n' +
          "**Promises:** at least once; never before `at`; never after a confirmed cancel; one attempt at a time; a slow or dead owner never delays another owner's schedules.\n\n" +
          '**Answers of the owner:** 2xx: delivered. 410: no more of this. 429 or 503 with `Retry-After`: again, no sooner than that. Anything else, no complete answer within 15 seconds, or a redirect: again, with exponential backoff.\n\n' +
          '**Any request** can be answered 400 `malformed_request`, 404 `not_found`, 405 `method_not_allowed` (with `Allow`), 408 `request_timeout` (headers have 10 seconds to arrive, the whole request 30), 414 `uri_too_long` or 431 `headers_too_large` (URL and headers have 16 KiB), as `application/problem+json`.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'This service' }],
      tags: [
        { name: 'schedules', description: 'Calls to come, and what became of them' },
        { name: 'callbacks', description: 'Where wake-ups come in when the service runs on AWS' },
        { name: 'health', description: 'For whoever runs the service' },
      ],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: "The application's API key; in development mode none is asked for." },
          jobToken: { type: 'http', scheme: 'bearer', description: 'The token of one incarnation of one schedule.' },
        },
      },
    },
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject
      const { openapiObject } = document
      for (const [path, method, examples] of namedBodies) {
        const body = openapiObject.paths?.[path]?.[method]?.requestBody
        const media = body !== undefined && 'content' in body ? body.content['application/json'] : undefined
        if (media !== undefined) media.examples = Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]))
      }
      return openapiObject
    },
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) => (typeof json.$id === 'string' ? json.$id : `schema-${index}`),
    },
  }
}
