import fc from 'fast-check'
import t from 'tap'
import { type Filter, listHref, overviewHref, parseRoute, scheduleHref } from '../../src/console/page/route.ts'
import { statuses } from '../../src/console/page/types.ts'

const moment = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString())
const filter: fc.Arbitrary<Filter> = fc.record({
  namePrefix: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
  status: fc.option(fc.constantFrom(...statuses), { nil: undefined }),
  from: fc.option(moment, { nil: undefined }),
  to: fc.option(moment, { nil: undefined }),
  cursor: fc.option(fc.base64String({ minLength: 1 }), { nil: undefined }),
})

await t.test('whatever is looked at has an address that leads back to it', async () => {
  fc.assert(
    fc.property(filter, (filter) => {
      const route = parseRoute(listHref(filter))
      return route.view === 'schedules' && JSON.stringify(route.filter) === JSON.stringify(filter)
    }),
  )
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) => {
      const route = parseRoute(scheduleHref(name))
      return route.view === 'schedule' && route.name === name
    }),
  )
})

await t.test('the overview is where an empty address leads, with its ranges', async (t) => {
  for (const hash of ['', '#', '#/', '#/?coming=nonsense']) t.same(parseRoute(hash), { view: 'overview', coming: 'hour', past: 'hour' })
  t.same(parseRoute(overviewHref('month', 'day')), { view: 'overview', coming: 'month', past: 'day' })
})

await t.test('what somebody has mistyped is nowhere, or left out', async (t) => {
  t.same(parseRoute('#/nowhere/at/all'), { view: 'nowhere' })
  const route = parseRoute('#/schedules?status=lost&from=soon&namePrefix=')
  t.same(route, {
    view: 'schedules',
    filter: { namePrefix: undefined, status: undefined, from: undefined, to: undefined, cursor: undefined },
  })
  t.same(parseRoute('#/schedules/100%'), { view: 'schedule', name: '100%' })
})
