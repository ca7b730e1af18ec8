import { allOf, type Behaviours } from './behaviour.ts'
import { says, saysAndEnds } from './conduct.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`

/** Owners whose answers are not HTTP: nobody can say what they mean, so that the call is made again. */
export const malformed: Behaviours = allOf(
  { outcome: 'retry', error: /./ },
  {
    'garbage bytes': says(Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 167 + 13) % 256))),
    'another protocol': says('220 smtp.example.test ESMTP\r\n'),
    'HTTP/0.9': saysAndEnds('<html>ok</html>'),
    'HTTP/2 preface': says('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0'),
    'status 20': says('HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n'),
    'status 000': says('HTTP/1.1 000 OK\r\ncontent-length: 0\r\n\r\n'),
    'status 099': says('HTTP/1.1 099 OK\r\ncontent-length: 0\r\n\r\n'),
    'status 999': says('HTTP/1.1 999 OK\r\ncontent-length: 0\r\n\r\n'),
    'status 2000': says('HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n'),
    'status -200': says('HTTP/1.1 -200 OK\r\ncontent-length: 0\r\n\r\n'),
    'conflicting lengths': says(`${ok}content-length: 2\r\ncontent-length: 3\r\n\r\nokk`),
    'a length and chunks': says(`${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
    'chunks and a length': says(`${ok}transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
    'a negative length': says(`${ok}content-length: -2\r\n\r\nok`),
    'a length that is no number': says(`${ok}content-length: two\r\n\r\nok`),
    'a length beyond 64 bits': says(`${ok}content-length: 99999999999999999999999\r\n\r\nok`),
    'a chunk size that is no number': says(`${chunked}zz\r\nok\r\n0\r\n\r\n`),
    'a negative chunk size': says(`${chunked}-2\r\nok\r\n0\r\n\r\n`),
    'a chunk size beyond 64 bits': says(`${chunked}fffffffffffffffff\r\nok\r\n0\r\n\r\n`),
    'a chunk that is longer than its size': says(`${chunked}2\r\nokokok\r\n0\r\n\r\n`),
    'a header without a colon': says(`${ok}content-length 2\r\n\r\nok`),
    'a NUL in a header': says(`${ok}x: \0\r\ncontent-length: 2\r\n\r\nok`),
    '101 Switching Protocols': says('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
    '101 without an upgrade': says('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
  },
)
