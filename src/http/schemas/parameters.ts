import { Type } from 'typebox'
import { statuses, timelineStatuses } from '../../domain/schedule.ts'
import { namePattern } from '../patterns.ts'
import { closed, oneOf } from './named.ts'

export const ListQuery = Type.Object(
  {
    status: Type.Optional(oneOf(statuses, { description: 'Only those in this status.' })),
    from: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'Only those with this `at` or a later one (RFC 3339 with an offset, such as `2030-12-01T00:00:00Z`).',
      }),
    ),
    to: Type.Optional(Type.String({ maxLength: 64, description: 'Only those with an `at` before this one (RFC 3339 with an offset).' })),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'How many at most; large payloads make a page shorter.' }),
    ),
    namePrefix: Type.Optional(
      Type.String({
        pattern: namePattern.pattern,
        description: 'Only those whose name begins with this; such a list is in the order of names.',
      }),
    ),
    cursor: Type.Optional(Type.String({ maxLength: 512, description: 'The nextCursor of the page before.' })),
  },
  closed,
)

export const TimelineQuery = Type.Object(
  {
    from: Type.String({
      maxLength: 64,
      description: 'Where the first interval begins (RFC 3339 with an offset).',
      examples: ['2030-12-01T03:00:00Z'],
    }),
    to: Type.String({
      maxLength: 64,
      description: 'Where the last one ends (RFC 3339 with an offset).',
      examples: ['2030-12-01T05:00:00Z'],
    }),
    buckets: Type.Optional(Type.Integer({ minimum: 1, maximum: 120, default: 60, description: 'How many intervals, all equally long.' })),
    status: Type.Optional(
      Type.Array(oneOf(timelineStatuses), {
        minItems: 1,
        maxItems: timelineStatuses.length,
        uniqueItems: true,
        description: 'Only those in this status, or these: it may come several times.',
      }),
    ),
  },
  closed,
)

export const CancelQuery = Type.Object(
  { namePrefix: Type.String({ pattern: namePattern.pattern, description: 'All whose name begins with this.', examples: ['post-'] }) },
  closed,
)

export const NamePath = Type.Object({ name: Type.String({ description: "The schedule's name.", examples: ['post-42'] }) })

/** Other headers are nobody's business here. */
export const IfMatch = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'The etag of what is to be changed: if it is another by now, nothing is.' })),
})

export const IfNoneMatch = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: 'The etag of what the caller has: if it is still that, the answer is 304.' })),
})

/** @see https://www.rfc-editor.org/rfc/rfc7240#section-4.2 */
export const Prefer = Type.Object({
  prefer: Type.Optional(
    Type.String({ description: 'return=minimal: of each schedule only its name and id are answered, which is several times less.' }),
  ),
})

export const CallbackPath = Type.Object({
  application: Type.String({ examples: ['blog'] }),
  name: Type.String({ description: "The schedule's name.", examples: ['post-42'] }),
})
