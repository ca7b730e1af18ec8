import fc, { type Arbitrary } from 'fast-check'

/** As much of JSON Schema as the OpenAPI document says its requests in. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly propertyNames?: Schema
  readonly oneOf?: readonly Schema[]
  readonly examples?: readonly unknown[]
}

/** The schema that a reference leads to. */
export type Resolve = (schema: Schema) => Schema

/**
 * Values of a schema.
 *
 * @param examples texts that mean something where the schema cannot say what does, such as moments and URLs
 */
export function valuesOf(
  schema: Schema,
  resolve: Resolve,
  examples: ReadonlyMap<string, readonly string[]>,
  name = '',
): Arbitrary<unknown> {
  const { type, minimum = 0, maximum = 1e12, minItems = 0, maxItems = 5, ...rest } = resolve(schema)
  const inner = (schema: Schema, name: string): Arbitrary<unknown> => valuesOf(schema, resolve, examples, name)
  if (rest.enum !== undefined) return fc.constantFrom(...rest.enum)
  const telling = examples.get(name)
  if (telling !== undefined) return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...telling) }, fc.string({ maxLength: 64 }))
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return rest.pattern === undefined
        ? fc.string({ minLength: rest.minLength ?? 0, maxLength: Math.min(rest.maxLength ?? 64, 64) })
        : fc.stringMatching(new RegExp(rest.pattern)).filter((text) => text.length <= (rest.maxLength ?? 1e6))
    case 'integer':
      return fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31 - 1) })
    case 'number':
      return fc.oneof(fc.double({ min: minimum, max: maximum, noNaN: true }), fc.integer({ min: Math.ceil(minimum), max: 100_000 }))
    case 'array':
      return fc.array(inner(rest.items ?? {}, name), { minLength: minItems, maxLength: Math.min(maxItems, 5) })
    case 'object':
      return objectsOf(rest, inner)
    default:
      return fc.jsonValue()
  }
}

function objectsOf(
  { properties = {}, required = [], oneOf, additionalProperties, propertyNames }: Schema,
  inner: (schema: Schema, name: string) => Arbitrary<unknown>,
): Arbitrary<unknown> {
  if (typeof additionalProperties === 'object') {
    return fc.dictionary(inner(propertyNames ?? {}, 'propertyName') as Arbitrary<string>, inner(additionalProperties, 'value'), {
      maxKeys: 3,
    })
  }
  const record = (names: readonly string[], needed: readonly string[]): Arbitrary<unknown> =>
    fc.record(Object.fromEntries(names.map((name) => [name, inner(properties[name] ?? {}, name)])), { requiredKeys: [...needed] })
  const all = Object.keys(properties)
  if (oneOf === undefined) return record(all, required)
  // Of the fields that exclude each other, one.
  const choices = oneOf.flatMap(({ required = [] }) => required)
  return fc.oneof(
    ...choices.map((choice) =>
      record(
        all.filter((name) => name === choice || !choices.includes(name)),
        [...required, choice],
      ),
    ),
  )
}

/** Something else in the place of some part of a value: what a caller sends who is wrong. */
export function spoiled(value: unknown): Arbitrary<unknown> {
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('', ' ', '\u0000', '𝟘', '__proto__', -1, 0, 1e308, -0, 2 ** 53, 1.5, true, null, [], {}, 'x'.repeat(5000)),
  )
  if (typeof value !== 'object' || value === null) return anything
  const keys = Object.keys(value)
  const added = fc
    .tuple(fc.string({ maxLength: 10 }), anything)
    .map(([key, other]) => Object.fromEntries([...Object.entries(value), [key, other]]))
  if (keys.length === 0) return fc.oneof(anything, added)
  const key = fc.constantFrom(...keys)
  return fc.oneof(
    { weight: 1, arbitrary: anything },
    { weight: 1, arbitrary: added },
    { weight: 1, arbitrary: key.map((key) => Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))) },
    {
      weight: 4,
      arbitrary: key.chain((key) =>
        spoiled((value as Record<string, unknown>)[key]).map((other) =>
          Object.assign(Array.isArray(value) ? [...value] : { ...value }, { [key]: other }),
        ),
      ),
    },
  )
}
