import { brotliCompressSync, constants, deflateRawSync, gzipSync } from 'node:zlib'
import { allOf, type Behaviours } from './behaviour.ts'
import { floods, says } from './conduct.ts'

const mebibyte = 1024 * 1024
const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`
const gzipBeginning = Buffer.concat([Buffer.from(`${ok}content-encoding: gzip\r\n\r\n`), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])])
/** A thousandth of what it becomes, and never the last block. */
const zeros = deflateRawSync(Buffer.alloc(mebibyte), { finishFlush: constants.Z_FULL_FLUSH })

/** A whole answer, a thousandth or less of what it would be when decompressed. */
function bomb(encoding: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${ok}content-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`), body])
}

/** Owners that say more than anybody wants to hear, as fast as they are listened to. */
export const endless: Behaviours = {
  // What there is of an answer tells enough: its status counts.
  ...allOf(
    { outcome: 'delivered', statusCode: 200 },
    {
      'endless chunk extensions': floods(`${chunked}1;`, 'extension=value;'),
      'endless zeros before the size of a chunk': floods(chunked, '0'),
    },
  ),
  ...allOf(
    { outcome: 'delivered', statusCode: 200, responseBody: /^x{1024}$/ },
    {
      'endless body without a length': floods(`${ok}\r\n`, 'x'),
      'endless body with a length': floods(`${ok}content-length: 9000000000000000\r\n\r\n`, 'x'),
      'endless chunks': floods(chunked, `1000\r\n${'x'.repeat(4096)}\r\n`),
      'endless chunks of a byte': floods(chunked, '1\r\nx\r\n'),
      'one chunk without an end': floods(`${chunked}fffffffffffff\r\n`, 'x'),
    },
  ),
  ...allOf(
    { outcome: 'retry' },
    {
      'endless headers': floods(ok, 'x-header: y\r\n'),
      'a header of many MB': floods(`${ok}x: `, 'y'),
      'a header name of many MB': floods(ok, 'n'),
      'a header of 100 KB': says(`${ok}x: ${'y'.repeat(100_000)}\r\ncontent-length: 0\r\n\r\n`),
      'a status line without an end': floods('HTTP/1.1 200 ', 'x'),
      'endless blank lines before the status line': floods('', '\r\n'),
      'endless informational answers': floods('', 'HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n'),
      'endless 100 Continue': floods('', 'HTTP/1.1 100 Continue\r\n\r\n'),
      'endless trailers': floods(`${chunked}0\r\n`, 'x-trailer: y\r\n'),
    },
  ),
  ...allOf(
    // The bytes as they came, and not what they would become.
    { outcome: 'delivered', statusCode: 200, responseBody: /^[^\0]{2}/ },
    { 'endless gzip bomb': floods(gzipBeginning, zeros), 'gzip bomb of 60 MB': says(bomb('gzip', gzipSync(Buffer.alloc(60 * mebibyte)))) },
  ),
  'brotli bomb of 60 MB': {
    conduct: says(bomb('br', brotliCompressSync(Buffer.alloc(60 * mebibyte)))),
    expected: { outcome: 'delivered', statusCode: 200, responseBody: /^[^\0]/ },
  },
}
