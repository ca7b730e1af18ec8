import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { makeApplications } from '../../src/domain/application.ts'
import { makeAuthenticate } from '../../src/http/authenticate.ts'
import { application, keys } from '../support/composed.ts'
import type { Proof } from '../support/proof.ts'

/**
 * A network's jitter is some 10 µs at its best, and what 1,000s of requests can tell apart over it some 100 ns (Crosby,
 * Wallach and Riedi: Opportunities and Limits of Remote Timing Attacks): a difference below that cannot be seen from outside.
 */
const boundNs = 100
/** So many keys are asked about together: a clock's tick is lost in them. */
const together = 200

/** How a key that is none begins, which a comparison byte by byte would take longer over. */
const { length } = keys.blog
const kinds: Readonly<Record<string, string>> = {
  'nothing of it': 'x'.repeat(length),
  'half of it': keys.blog.slice(0, length / 2).padEnd(length, 'x'),
  'all but one character': keys.blog.slice(0, -1).padEnd(length, '\u0023'),
}

/** How long a wrong key takes to refuse tells nothing about how much of it is right. */
export function keyTiming(isShort: boolean): Proof {
  const rounds = isShort ? 1500 : 10_000
  const authenticate = makeAuthenticate(makeApplications([application('blog'), application('shop')]))
  const times = new Map(Object.keys(kinds).map((kind): [string, number[]] => [kind, []]))
  for (let round = 0; round < rounds; round++) {
    // In another order each time, so that none has the warmer cache.
    const order = Object.entries(kinds).map((_, index, all): readonly [string, string] => all[(index + round) % all.length] ?? ['', ''])
    for (const [kind, key] of order) times.get(kind)?.push(measure(authenticate, key))
  }
  const [nothing = [], ...others] = [...times.values()]
  const found = others.map((sample, index) => compare(Object.keys(kinds)[index + 1] ?? '', nothing, sample))
  return {
    figures: [
      `refusing a wrong key of which the caller has nothing: ${Math.round(median(nothing))} ns; ${found.map(({ figure }) => figure).join('; ')} (median of ${rounds} × ${together})`,
      isDigestLookedUp()
        ? 'keys are looked up by their digest: no stored text is compared with a key'
        : 'keys are not looked up by their digest',
    ],
    violations: [
      ...found.flatMap(({ violations }) => violations),
      ...(isDigestLookedUp() ? [] : ['a key is accepted that has not the digest']),
    ],
  }
}

/** Nanoseconds for one key. */
function measure(authenticate: ReturnType<typeof makeAuthenticate>, key: string): number {
  // Made of bytes, as those that come over a socket: how a text was put together here must not show.
  const authorization = Buffer.from(`Bearer ${key}`).toString()
  const request = { headers: { authorization } } as FastifyRequest
  const begun = process.hrtime.bigint()
  for (let time = 0; time < together; time++) {
    try {
      authenticate(request)
      throw new Error(`${key} is a key`)
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error
    }
  }
  return Number(process.hrtime.bigint() - begun) / together
}

function compare(kind: string, nothing: readonly number[], sample: readonly number[]): { figure: string; violations: string[] } {
  const [low, high] = differences(nothing, sample)
  const interval = `${low.toFixed(0)} to ${high.toFixed(0)} ns`
  const isSignificant = low > boundNs || high < -boundNs
  return {
    figure: `with ${kind} ${interval} more (99 % confidence)`,
    violations: isSignificant ? [`refusing a key takes ${interval} more where the caller has ${kind}`] : [],
  }
}

/** The 99 % interval of the medians' difference, in nanoseconds, by the bootstrap. */
function differences(nothing: readonly number[], sample: readonly number[]): readonly [number, number] {
  const drawn = Array.from({ length: 300 }, () => median(redrawn(sample)) - median(redrawn(nothing))).toSorted((a, b) => a - b)
  return [drawn[1] ?? Number.NaN, drawn[298] ?? Number.NaN]
}

function redrawn(sample: readonly number[]): number[] {
  return sample.map(() => sample[Math.floor(Math.random() * sample.length)] ?? 0)
}

function median(sample: readonly number[]): number {
  return sample.toSorted((a, b) => a - b)[sample.length >> 1] ?? Number.NaN
}

/** What is stored is of no use as a key, and only what has the digest is one. */
function isDigestLookedUp(): boolean {
  const blog = application('blog')
  const authenticate = makeAuthenticate(makeApplications([blog]))
  const accepts = (key: string): boolean => {
    try {
      return authenticate({ headers: { authorization: `Bearer ${key}` } } as FastifyRequest) === 'blog'
    } catch {
      return false
    }
  }
  const [digest = ''] = blog.apiKeyHashes
  return accepts(keys.blog) && ![digest, `sha256:${digest}`, keys.blog.toUpperCase(), randomBytes(16).toString('hex')].some(accepts)
}
