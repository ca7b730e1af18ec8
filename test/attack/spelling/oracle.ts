import { BlockList, isIPv4, isIPv6 } from 'node:net'
import type { Meaning, Ports } from './spelling.ts'

/** The allowed address, as the network stack compares addresses: also when it is written as an IPv4-mapped one of IPv6. */
const allowedAddress = new BlockList()
allowedAddress.addAddress('127.0.0.1')

/**
 * What a spelling means, by the API's description (no credentials, no fragment) and the URL standard; it shares no code with the service.
 *
 * @see https://url.spec.whatwg.org/#concept-url-parser
 */
export function meaningOf(spelling: string, { allowed }: Ports): Meaning {
  const url = URL.parse(spelling)
  if (url === null || !isAsDescribed(spelling) || url.username + url.password !== '') return 'malformed'
  const isThere = url.protocol === 'http:' && Number(url.port || '80') === allowed && isAllowedAddress(url.hostname)
  return isThere ? 'allowed' : 'elsewhere'
}

/** By what the API says when it refuses: no blanks, control characters or backslashes, no fragment, 2,048 characters at most. */
function isAsDescribed(spelling: string): boolean {
  if (!spelling.startsWith('http://') && !spelling.startsWith('https://')) return false
  if (spelling.length > 2048 || /[\\#]/.test(spelling)) return false
  return Array.from(spelling).every((character) => character.trim() !== '' && character > '\u0020' && character !== '\u007f')
}

function isAllowedAddress(hostname: string): boolean {
  if (isIPv4(hostname)) return allowedAddress.check(hostname)
  const inner = hostname.slice(1, -1)
  return hostname.startsWith('[') && isIPv6(inner) && allowedAddress.check(inner, 'ipv6')
}
