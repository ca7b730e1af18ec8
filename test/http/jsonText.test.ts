import fc from 'fast-check'
import t from 'tap'
import { elementsOf, outline, parseExact } from '../../src/http/jsonText.ts'

/** JSON in whatever way it may be written: with blanks, and names with escapes. */
const written = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.tuple(value, fc.constantFrom(undefined, 1, 2, '\t')).map(([value, indent]) => JSON.stringify(value, null, indent))

const escaped = (name: string): string =>
  `"${Array.from(name, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`

await t.test('a member of an object is found as it is written, the last where there are several', async (t) => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('payload', 'a', 'pay', 'payloads', '"', '\\', 'é'), fc.jsonValue()),
      fc.constantFrom(0, 1),
      (object, indent) => {
        const json = JSON.stringify(object, null, indent)
        const { member } = outline(json, 'payload')
        const expected = Object.hasOwn(object, 'payload') ? JSON.stringify(object.payload) : undefined
        return (member === undefined ? undefined : JSON.stringify(JSON.parse(member))) === expected
      },
    ),
    { numRuns: 1000 },
  )
  t.equal(outline('{ "payload" : 1.0 , "payload":  2.00 }', 'payload').member, '2.00')
  t.equal(outline('{"payload":1,"a":2}', 'payload').member, '1')
  t.equal(outline(`{${escaped('payload')}:[1, 2]}`, 'payload').member, '[1, 2]')
  t.equal(outline('{"a":{"payload":1},"b":"payload"}', 'payload').member, undefined)
  t.equal(outline('{"a":"}\\\\","payload":"x\\"y"}', 'payload').member, '"x\\"y"')
  for (const json of ['"payload"', '7', '["payload",1]', '[]', '{}', 'null']) t.equal(outline(json, 'payload').member, undefined, json)
})

await t.test('it is known how deep a text nests', async (t) => {
  for (const [json, depth] of [
    ['1', 0],
    ['"[[["', 0],
    ['[]', 1],
    ['{"a":[{"b":[]}]}', 4],
    ['[[],[[]],{}]', 3],
  ] as const)
    t.equal(outline(json, 'a').depth, depth, json)
})

await t.test('the elements of an array are each as they are written', async (t) => {
  fc.assert(
    fc.property(written(fc.array(fc.jsonValue())), (json) => {
      const elements = elementsOf(json)
      return JSON.stringify(elements.map((element) => JSON.parse(element) as unknown)) === JSON.stringify(JSON.parse(json))
    }),
    { numRuns: 1000 },
  )
  t.same(elementsOf('[ 1.0 , {"a" : [2, 3]},"x,]" ]'), ['1.0', '{"a" : [2, 3]}', '"x,]"'])
  t.same(elementsOf('[ ]'), [])
})

await t.test('numbers are written out again as they were', async (t) => {
  for (const json of ['12345678901234567890', '[1.0,1e400,-0.000000000000000000001]', '{"a":0.1}', '"1e5"'])
    t.equal(JSON.stringify(parseExact(json)), json)
})
