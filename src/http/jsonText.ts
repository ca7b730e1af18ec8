/**
 * What a JSON text looks like as text, which `JSON.parse` does not tell: how deep it nests, and what one of its members was
 * written like. An owner gets the bytes that the caller wrote, including numbers that a double cannot hold.
 */
export interface JsonOutline {
  readonly depth: number
  /** The member as it is written; of a name that comes twice the last, as in JSON.parse. Undefined where there is none. */
  readonly member: string | undefined
}

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/**
 * @param json valid JSON: what `JSON.parse` has accepted
 * @param wanted the name of a member of the object at the top
 */
export function outline(json: string, wanted: string): JsonOutline {
  let member: string | undefined
  let depth = 0
  let deepest = 0
  let isWanted = false
  let start = -1

  function endMember(end: number): void {
    if (isWanted && start !== -1) member = json.slice(start, end).trim()
    start = -1
  }

  for (let index = 0; index < json.length; index++) {
    switch (json.charCodeAt(index)) {
      case quote: {
        const end = endOfString(json, index)
        if (depth === 1 && start === -1) isWanted = isString(json, index, end, wanted)
        index = end
        break
      }
      case colon:
        if (depth === 1) start = index + 1
        break
      case comma:
        if (depth === 1) endMember(index)
        break
      case openBrace:
      case openBracket:
        depth++
        if (depth > deepest) deepest = depth
        break
      case closeBrace:
      case closeBracket:
        if (depth === 1) endMember(index)
        depth--
        break
    }
  }
  return { depth: deepest, member }
}

/** Whether the string between two quotes is this text, however it is written. */
function isString(json: string, start: number, end: number, text: string): boolean {
  if (end - start - 1 === text.length) return json.startsWith(text, start + 1)
  // Longer, it may be the same with escapes.
  return end - start > text.length && json.slice(start, end).includes('\\') && JSON.parse(json.slice(start, end + 1)) === text
}

/** @param json valid JSON, of an array: its elements, each as it is written */
export function elementsOf(json: string): string[] {
  const elements: string[] = []
  let depth = 0
  let start = 0
  for (let index = 0; index < json.length; index++) {
    switch (json.charCodeAt(index)) {
      case quote:
        index = endOfString(json, index)
        break
      case openBrace:
      case openBracket:
        if (depth++ === 0) start = index + 1
        break
      case comma:
        if (depth === 1) {
          elements.push(json.slice(start, index).trim())
          start = index + 1
        }
        break
      case closeBrace:
      case closeBracket:
        if (--depth > 0) break
        if (elements.length > 0 || json.slice(start, index).trim() !== '') elements.push(json.slice(start, index).trim())
        return elements
    }
  }
  return elements
}

function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let backslashes = 0
    while (json.charCodeAt(end - 1 - backslashes) === backslash) backslashes++
    if (backslashes % 2 === 0) return end
  }
}

/** What may hold a number that a double cannot: many digits in a row, or an exponent. */
const suspicious = /[\d.]{16}|\d[eE]/

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown

// Of the platform, but not yet of TypeScript's library.
interface JsonWithSource {
  parse(text: string, reviver: Reviver): unknown
  rawJSON(text: string): unknown
}
const json = JSON as unknown as JsonWithSource

/** Like `JSON.parse`, but `JSON.stringify` of the result has every number as it was written. */
export function parseExact(text: string): unknown {
  if (!suspicious.test(text)) return JSON.parse(text)
  return json.parse(text, (_key, value, { source }) => {
    return typeof value === 'number' && source !== undefined && String(value) !== source ? json.rawJSON(source) : value
  })
}
