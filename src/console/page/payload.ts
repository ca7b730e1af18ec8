// Numbers beyond what JavaScript can hold are shown as they were written, in browsers that know how:
// https://tc39.es/proposal-json-parse-with-source/

interface ExactJson {
  rawJSON?(text: string): unknown
}

/**
 * The payload of a schedule with line breaks and indentation.
 *
 * @param resource the schedule as the service has sent it
 * @returns undefined where it has none
 */
export function payloadOf(resource: string): string | undefined {
  const { rawJSON } = JSON as ExactJson
  const keepNumbers = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && context?.source !== undefined && rawJSON !== undefined ? rawJSON(context.source) : value
  const { payload } = JSON.parse(resource, keepNumbers) as { readonly payload?: unknown }
  return payload === undefined ? undefined : JSON.stringify(payload, null, 2)
}
