import { Type } from 'typebox'
import { type ErrorCode } from '../../domain/errors.ts'
import { exampleInvalid } from '../examples.ts'
import { problems } from '../problem.ts'
import { closed, named, oneOf } from './named.ts'

export const Problem = named(
  'Problem',
  {
    type: Type.String({ format: 'uri-reference' }),
    title: Type.String(),
    status: Type.Integer(),
    code: oneOf(Object.keys(problems) as ErrorCode[], { description: 'Stable: what programs go by.' }),
    detail: Type.String({ description: 'For people: what to change.' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          { pointer: Type.String({ description: 'A JSON pointer (RFC 6901) to the field or query parameter.' }), message: Type.String() },
          closed,
        ),
      ),
    ),
  },
  { description: 'RFC 9457 problem details.', examples: [exampleInvalid] },
)
