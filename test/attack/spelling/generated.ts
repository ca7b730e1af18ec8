import type { Ports } from './spelling.ts'

const radixes = [(value: number) => String(value), (value: number) => `0${value.toString(8)}`, (value: number) => `0x${value.toString(16)}`]
const addresses: readonly (readonly number[])[] = [
  [127, 0, 0, 1],
  [127, 0, 0, 2],
  [0, 0, 0, 0],
]

/** Every way to write each part of an address decimal, octal or hexadecimal, with its last parts taken together or not. */
function numeric(): string[] {
  return addresses.flatMap((address) =>
    [1, 2, 3, 4].flatMap((count) => {
      const last = address.slice(count - 1).reduce((sum, part) => sum * 256 + part, 0)
      return [...address.slice(0, count - 1), last].reduce<string[]>(
        (spellings, part) =>
          spellings.flatMap((before) => radixes.map((radix) => (before === '' ? radix(part) : `${before}.${radix(part)}`))),
        [''],
      )
    }),
  )
}

/** Ways to write digits and dots that IDNA maps to the plain ones, or does not. */
const characterSets = ['０', '𝟎', '𝟘', '𝟢', '𝟬', '𝟶', '🯰', '٠', '۰', '०', '⁰', '₀'].map((zero) => zero.codePointAt(0) ?? 0)
const dots = ['.', '。', '．', '｡', '․', '·', '‧', '%2e', '%E3%80%82', '%EF%BC%8E']

function mapped(): string[] {
  const digits = characterSets.map((zero) => '127.0.0.1'.replaceAll(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit))))
  return [...digits, ...dots.map((dot) => `127.0.0.1`.replaceAll('.', dot)), ...digits.map((text) => text.replaceAll('.', '。'))]
}

function percentEncoded(): string[] {
  const encode = (character: string): string => `%${character.charCodeAt(0).toString(16)}`
  const host = '127.0.0.1'
  const single = Array.from(host, (character, index) => host.slice(0, index) + encode(character) + host.slice(index + 1))
  return [
    ...single,
    Array.from(host, encode).join(''),
    Array.from(host, (character) => encode(encode(character).charAt(0)) + encode(character).slice(1)).join(''),
  ]
}

/** Ways to put an IPv4 address into one of IPv6: most of these prefixes lead elsewhere. */
function embedded(): string[] {
  const prefixes = [
    '::ffff:',
    '0:0:0:0:0:ffff:',
    '0::ffff:',
    '::0:0:FFFF:',
    '0000:0000:0000::ffff:',
    '::',
    '0:0:0:0:0:0:',
    '::ffff:0:',
    '64:ff9b::',
    '64:ff9b:1::',
    '2002::',
    '::fffe:',
    'fe80::',
    '1::ffff:',
    '::1:ffff:',
  ]
  return prefixes.flatMap((prefix) =>
    ['127.0.0.1', '7f00:1', '7F00:0001', '7f00:0001', '127.0.0.2', '7f00:2'].map((tail) => `[${prefix}${tail}]`),
  )
}

/** Other names for this machine, and names that look like the allowed address. */
const names = [
  'localhost',
  'LocalHost',
  'localhost.',
  'ｌｏｃａｌｈｏｓｔ',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  'loca\u200blhost',
  'l\u043ecalhost',
  'l27.0.0.1',
  '127.0.0.l',
  'I27.O.O.I',
  '127.0.0.1.',
  '127.0.0.1-',
  '-127.0.0.1',
  '127.0.0.1a',
]

/** Characters around the host and the port: where one reader takes the host to end, and another does not. */
function separated({ allowed, other }: Ports): string[] {
  const [good, bad] = [`127.0.0.1:${allowed}`, `127.0.0.1:${other}`]
  const separators = [
    '@',
    '#',
    '?',
    '/',
    ';',
    ',',
    '&',
    '%23',
    '%2f',
    '%3f',
    '%40',
    '%5c',
    '\\',
    '\\@',
    '#@',
    '?@',
    '/@',
    ';@',
    '&@',
    '%23@',
    '@@',
    '\t',
    '\r\n',
    '\u0000',
    '\u00a0',
    '\u2028',
    '／',
    '＠',
    '＃',
    '？',
    '：',
    '＼',
  ]
  return separators.flatMap((separator) => [`http://${good}${separator}${bad}`, `http://${bad}${separator}${good}`])
}

function schemes(port: number): string[] {
  const words = ['http', 'https', 'Http', 'hTTp', 'ws', 'wss', 'ftp', 'file', 'gopher', 'unix', 'http+unix', 'h2c', 'ｈttp']
  return words.flatMap((word) =>
    [':', ':/', '://', ':///', ':////', ':/\\', ':\\\\'].map((slashes) => `${word}${slashes}127.0.0.1:${port}/`),
  )
}

function portSpellings(port: number): string[] {
  const texts = [
    `00${port}`,
    `+${port}`,
    `-${port}`,
    ` ${port}`,
    `${port} `,
    `${port}.0`,
    `${port}e0`,
    `0x${port.toString(16)}`,
    `0${port.toString(8)}`,
    `${port + 65_536}`,
    `${port + 2 ** 32}`,
    `${port}x`,
    `%3${String(port)}`,
    '',
    '0',
    '65535',
    '65536',
    '99999999999999999999',
    String(port).replace(/^./, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  ]
  return texts.map((text) => `http://127.0.0.1:${text}/`)
}

/** Spellings by the hundred, whose meaning only the oracle knows. */
export function generated(ports: Ports): string[] {
  const hosts = [...numeric(), ...mapped(), ...percentEncoded(), ...embedded(), ...names]
  return [
    ...hosts.map((host) => `http://${host}:${ports.allowed}/`),
    ...hosts.slice(0, 20).map((host) => `http://${host}:${ports.other}/`),
    ...separated(ports),
    ...schemes(ports.allowed),
    ...portSpellings(ports.allowed),
  ]
}
