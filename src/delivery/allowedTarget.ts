import type { Application } from '../domain/application.ts'

/**
 * An origin in its one canonical spelling. The URL parser has already made decimal, octal, hexadecimal and full-width
 * addresses one; an IPv4 address in IPv6's clothes is the same address, too.
 */
export function canonicalOrigin(url: URL): string {
  return `${url.protocol}//${canonicalHost(url.hostname)}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`
}

/** Whether an application may be called at a URL. */
export type AllowedTarget = (target: string) => boolean

/** Targets and allowed origins are compared after parsing, never as text. */
export function makeAllowedTarget(allowedOrigins: Application['allowedOrigins']): AllowedTarget {
  const allowed = new Set(allowedOrigins === 'loopback' ? [] : allowedOrigins.map((origin) => canonicalOrigin(new URL(origin))))
  function judge(target: string): boolean {
    const url = URL.parse(target)
    if (url === null || !isHttp(url) || hasCredentials(url)) return false
    return allowedOrigins === 'loopback' ? isLoopback(canonicalHost(url.hostname)) : allowed.has(canonicalOrigin(url))
  }
  // An application often has one address called many times over.
  let last = { target: '', isAllowed: false }
  return (target) => {
    if (target !== last.target) last = { target, isAllowed: judge(target) }
    return last.isAllowed
  }
}

/** Whether a text in the configuration is an origin, and nothing more than one. */
export function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  if (url === null) return false
  return isHttp(url) && !hasCredentials(url) && url.pathname === '/' && url.search === '' && url.hash === '' && !/[?#]/.test(text)
}

/** Whether a host as `URL` spells it is this machine and nothing else. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

function isHttp(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:'
}

function hasCredentials(url: URL): boolean {
  return url.username !== '' || url.password !== ''
}

function canonicalHost(hostname: string): string {
  const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname)
  if (mapped === null) return hostname
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)]
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
}
