import type { IncomingHttpHeaders } from 'node:http'
import type { Schedule } from '../domain/schedule.ts'

/** A strong entity tag: every change of a record has a version of its own. */
export function entityTagOf({ id, version }: Pick<Schedule, 'id' | 'version'>): string {
  return `"${id}.${version}"`
}

/**
 * What `If-Match` asks of the record; undefined where it asks nothing.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
 */
export function expectedBy({ 'if-match': ifMatch }: IncomingHttpHeaders): ((schedule: Schedule) => boolean) | undefined {
  if (ifMatch === undefined) return undefined
  if (ifMatch.trim() === '*') return () => true
  // The comparison is strong: what is marked as weak matches nothing.
  const tags = new Set(tagsOf(ifMatch))
  return (schedule) => tags.has(entityTagOf(schedule))
}

/**
 * Whether the caller has what has this tag already, by `If-None-Match`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
export function isKnownTo({ 'if-none-match': ifNoneMatch }: IncomingHttpHeaders, entityTag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === entityTag)
}

function tagsOf(header: string): string[] {
  return header.match(/(?:W\/)?"[^"]*"/g) ?? []
}
