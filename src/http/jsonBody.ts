import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import secureJson from 'secure-json-parse'
import { AppError } from '../domain/errors.ts'

const forbidden = { protoAction: 'error', constructorAction: 'error' } as const

/** @throws AppError `malformed_json`, and `invalid_request` for keys that are traps */
export function parseSafely(text: string): unknown {
  const value = parsePlainly(text)
  refuseForbiddenKeys(value, text)
  return value
}

/** @throws AppError `malformed_json` */
export function parsePlainly(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw malformedJson((error as SyntaxError).message)
  }
}

/**
 * Valid JSON, but a trap for whatever program copies it carelessly, here or at the owner's.
 *
 * @param text what the value was read from
 * @throws AppError `invalid_request`
 */
export function refuseForbiddenKeys(value: unknown, text: string): void {
  // As text it may be written with escapes; nearly always there is nothing of the kind.
  if (!/__proto__|constructor|\\u/.test(text)) return
  try {
    if (typeof value === 'object' && value !== null) secureJson.scan(value, forbidden)
  } catch {
    throw new AppError('invalid_request', 'It has a key __proto__, or constructor with prototype in it. These are not taken.', {
      errors: [],
    })
  }
}

type BodyParsers = Pick<FastifyInstance, 'removeAllContentTypeParsers' | 'addContentTypeParser'>

/** Has the bodies of an app's routes be JSON, and nothing else; `bodyText` is the body as it came. */
export function acceptJson(app: BodyParsers, parse: (text: string) => unknown): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    const encoding = request.headers['content-encoding']
    if (encoding !== undefined && encoding !== 'identity') {
      throw new AppError('unsupported_media_type', 'Send the body as it is, without a content-encoding.')
    }
    // Many clients name a content type without sending anything.
    if (body.length === 0) return undefined
    if (!isUtf8(body)) throw malformedJson('it is not UTF-8')
    request.bodyText = body.toString()
    return parse(request.bodyText)
  })
}

function malformedJson(reason: string): AppError {
  return new AppError('malformed_json', `The body is not JSON: ${reason}.`)
}
