/** What AJV says of a value that does not fit a schema. */
export interface SchemaError {
  readonly instancePath: string
  readonly message?: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

/** The error for a person who is to mend the value. */
export function describe({ keyword, params, message = 'is invalid' }: SchemaError): string {
  switch (keyword) {
    case 'enum':
      return `must be one of ${(params.allowedValues as string[]).join(', ')}`
    case 'additionalProperties':
      return `has an unknown field ${JSON.stringify(params.additionalProperty)}`
    case 'propertyNames':
      return `has the name ${JSON.stringify(params.propertyName)}; names are letters, digits, dots, underscores and hyphens, up to 128`
    default:
      return message
  }
}
