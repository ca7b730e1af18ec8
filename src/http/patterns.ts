/** A pattern for a text, and how to say it to a person. */
interface TextPattern {
  readonly pattern: string
  readonly hint: string
}

export const namePattern: TextPattern = {
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$',
  hint: 'must be 1 to 128 letters, digits, dots, underscores and hyphens, and begin with a letter or digit',
}

/** No blanks and no control characters, which a URL parser would silently drop; no backslash, which it would turn. */
export const urlPattern: TextPattern = {
  pattern: '^https?://[^\\s\\u0000-\\u0020\\u007f\\\\]+$',
  hint: 'must begin with http:// or https://, and contain no blanks, control characters or backslashes',
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.1 */
export const headerNamePattern: TextPattern = {
  pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
  hint: 'has a name with characters that no header name can have',
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
export const headerValuePattern: TextPattern = {
  pattern: '^(?:[\\u0021-\\u007e\\u0080-\\u00ff](?:[\\t\\u0020-\\u007e\\u0080-\\u00ff]*[\\u0021-\\u007e\\u0080-\\u00ff])?)?$',
  hint: 'must be text of one line without blanks at its ends, in ISO 8859-1',
}

/** What to say when a text does not match a pattern. */
export const hints: ReadonlyMap<unknown, string> = new Map(
  [namePattern, urlPattern, headerNamePattern, headerValuePattern].map(({ pattern, hint }) => [pattern, hint]),
)
