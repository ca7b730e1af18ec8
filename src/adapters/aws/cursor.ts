import { createHmac, timingSafeEqual } from 'node:crypto'
import { invalid } from '../../domain/errors.ts'

/** Where pages end, as callers hold it: only what this service has given, to this application, is taken back. */
export interface Cursors {
  seal(application: string, position: string): string
  /** @throws AppError `invalid_request` */
  open(application: string, cursor: string): string
}

const macLength = 22

/** @param secret the same in every replica, so that each takes the others' cursors */
export function makeCursors(secret: string): Cursors {
  const macOf = (application: string, position: string): string =>
    createHmac('sha256', secret).update(`cursor\n${application}\n${position}`).digest('base64url').slice(0, macLength)
  return {
    seal: (application, position) => macOf(application, position) + position,
    open(application, cursor) {
      const [mac, position] = [cursor.slice(0, macLength), cursor.slice(macLength)]
      const expected = Buffer.from(macOf(application, position))
      const given = Buffer.from(mac)
      if (given.length === expected.length && timingSafeEqual(given, expected)) return position
      throw invalid('/cursor', 'is none that a page has given')
    },
  }
}
