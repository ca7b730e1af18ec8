import { METHODS } from 'node:http'
import type { FastifyInstance, HTTPMethods } from 'fastify'
import { AppError } from '../domain/errors.ts'

/**
 * Has every path answer 405, with what it allows, to every method that it has no route for.
 *
 * Called before the first route; the function it returns, after the last one.
 */
export function watchMethods(app: FastifyInstance): () => void {
  // Fastify knows a few by itself, and says 404 to the rest.
  for (const method of METHODS) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method)
  const methodsByUrl = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByUrl.get(url) ?? new Set()
    methodsByUrl.set(url, methods)
    for (const each of Array.isArray(method) ? method : [method]) methods.add(each)
  })

  return () => {
    // A copy, also of the sets: the routes added here are reported to the hook, too.
    const routes = new Map([...methodsByUrl].map(([url, methods]) => [url, new Set(methods)]))
    for (const url of routes.keys()) {
      // What another pattern takes is that one's: a schedule may be named like a route.
      const methods = new Set<string>()
      for (const [pattern, theirs] of routes) if (covers(pattern, url)) for (const method of theirs) methods.add(method)
      const allow = [...methods].toSorted().join(', ')
      const others = app.supportedMethods.filter((method) => !methods.has(method)) as HTTPMethods[]
      app.route({
        method: others,
        url,
        schema: { hide: true },
        // Before the body is read.
        onRequest: async (request, reply) => {
          reply.header('allow', allow)
          throw new AppError('method_not_allowed', `${request.method} is not possible here; ${allow} is.`)
        },
        handler: async () => undefined,
      })
    }
  }
}

/** Whether a route's pattern takes a path, parts of which it has parameters for. */
function covers(pattern: string, path: string): boolean {
  const [ours, theirs] = [pattern.split('/'), path.split('/')]
  return ours.length === theirs.length && ours.every((part, index) => part === theirs[index] || part.startsWith(':'))
}
