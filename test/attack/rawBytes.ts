import fc, { type Arbitrary } from 'fast-check'

const head = 'POST /schedules HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'

/** What is hardly a request, or no whole one. */
const fixed = [
  '\r\n\r\n\r\n',
  'GET\r\n\r\n',
  'GET /schedules\r\n\r\n',
  'GET /schedules HTTP/0.9\r\n\r\n',
  'GET /schedules HTTP/1.0\r\n\r\n',
  'GET /schedules HTTP/1.1\r\n\r\n',
  'GET /schedules HTTP/2.0\r\nhost: x\r\n\r\n',
  'GET /schedules HTTP/9.9\r\nhost: x\r\n\r\n',
  'GET /schedules http/1.1\r\nhost: x\r\n\r\n',
  'GET /schedules HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n',
  'GET  /schedules  HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET /schedules HTTP/1.1\nhost: x\n\n',
  'GET http://127.0.0.1/schedules HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET * HTTP/1.1\r\nhost: x\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET //schedules HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET /schedules/../metrics HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET /schedules#a HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET \\schedules HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET /sch\u0080 HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET /schedules\u0000 HTTP/1.1\r\nhost: x\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
  `GET /schedules HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
  `GET /schedules HTTP/1.1\r\nhost: x\r\n${'x: y\r\n'.repeat(2500)}\r\n`,
  `GET /schedules HTTP/1.1\r\nhost: x\r\n${'a:\r\n'.repeat(1500)}\r\n`,
  'GET /schedules HTTP/1.1\r\nhost: x\r\n folded\r\n\r\n',
  'GET /schedules HTTP/1.1\r\nhost : x\r\n\r\n',
  'GET /schedules HTTP/1.1\r\n: x\r\n\r\n',
  'GET /schedules HTTP/1.1\r\nhost x\r\n\r\n',
  `${head}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
  `${head}content-length: 2, 2\r\n\r\n{}`,
  `${head}content-length: -1\r\n\r\n{}`,
  `${head}content-length: +2\r\n\r\n{}`,
  `${head}content-length: 0x2\r\n\r\n{}`,
  `${head}content-length: 99999999999999999999\r\n\r\n{}`,
  `${head}content-length: 10\r\n\r\n{}`,
  `${head}content-length: 10000000000\r\n\r\n{}`,
  `${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  `${head}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
  `${head}transfer-encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n`,
  `${head}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n`,
  `${head}transfer-encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
  `${head}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nx-trailer: a\r\n\r\n`,
  `${head}transfer-encoding: chunked\r\n\r\n2\r\n{}`,
  `${head}transfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  `${head}transfer-encoding: chunked, gzip\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  `${head}transfer-encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  `${head}transfer-encoding : chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  `${head}expect: 100-continue\r\ncontent-length: 2\r\n\r\n{}`,
  `${head}expect: nothing\r\ncontent-length: 2\r\n\r\n{}`,
  `${head}content-length: 2\r\n\r\n{}garbage after it`,
] as const

const whole = Buffer.from(`${head}content-length: 2\r\n\r\n{}`)

/** Bytes on a connection that are no request, or one with some bytes of it wrong. */
export const rawBytes: Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...fixed).map((text) => Buffer.from(text, 'latin1')) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })).map(([place, byte]) => {
      const bytes = Buffer.from(whole)
      bytes[place] = byte
      return bytes
    }),
  },
  { weight: 1, arbitrary: fc.nat({ max: whole.length - 1 }).map((length) => whole.subarray(0, length)) },
)
