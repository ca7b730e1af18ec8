import { type Static, type TObject, type TObjectOptions, type TProperties, Type } from 'typebox'

export const closed = { additionalProperties: false } as const

/** A schema that the OpenAPI document has once, under its name. */
export type Named<P extends TProperties> = TObject<P> & { readonly $id: string }

export function named<P extends TProperties>($id: string, properties: P, options: TObjectOptions): Named<P> {
  return Object.assign(Type.Object(properties, { ...closed, ...options, $id }), { $id })
}

/** A schema by its name. */
export function ref<P extends TProperties>({ $id }: Named<P>) {
  return Type.Unsafe<Static<TObject<P>>>(Type.Ref($id))
}

/** One of some texts, as JSON Schema says it. */
export function oneOf<T extends string>(values: readonly T[], options: object = {}) {
  return Type.Unsafe<T>({ type: 'string', enum: [...values], ...options })
}

/** An instant in an answer: RFC 3339 in UTC, to the millisecond. */
export function instant(description: string) {
  return Type.String({ format: 'date-time', description })
}
