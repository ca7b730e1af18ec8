import { allOf, type Behaviours } from './behaviour.ts'
import { drips, saysAfter } from './conduct.ts'

/** Owners that take longer than the deadline, and one that just does not. */
export const slow: Behaviours = {
  ...allOf(
    { outcome: 'retry', error: /no complete answer within 15 seconds/, atLeastMs: 15_000 },
    {
      'takes no byte of the request': (socket) => void socket.pause(),
      'takes the request and says nothing': (socket) => void socket.resume(),
      'status line, a byte a second': drips('H', (index) => 'TTP/1.1 200 OK and well'.charAt(index)),
      'headers, a byte a second': drips('HTTP/1.1 200 OK\r\nx: '),
      'body with a length, a byte a second': drips('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n'),
      'body without a length, a byte a second': drips('HTTP/1.1 200 OK\r\n\r\n'),
      'chunks, a byte a second': drips('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', () => '1\r\nx\r\n'),
      'trailers, a byte a second': drips('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: '),
      'informational answers, one a second': drips('', () => 'HTTP/1.1 103 Early Hints\r\n\r\n'),
      '200 after the deadline': saysAfter(15_500, 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    },
  ),
  '200 just before the deadline': {
    conduct: saysAfter(14_000, 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    expected: { outcome: 'delivered', statusCode: 200, responseBody: /^ok$/, atLeastMs: 14_000 },
  },
}
