import { expect, test } from 'vitest'
import { parseRule } from './rule.ts'

test.each<[unknown, string]>([
  [[], 'the rule must be an object with one of all, any, not'],
  [{}, 'the rule must have exactly one of all, any, not, feature, trait, event, segment, got none'],
  [{ all: [{ feature: 'a', event: 'b' }] }, '/all/0 must have exactly one of'],
  [{ all: [] }, '/all must be a list of at least one rule'],
  [{ any: [{ event: 'x' }], note: 1 }, '/note must not stand beside any'],
  [{ any: [{ not: [{ feature: 'a', op: '~', value: 1 }] }] }, '/any/0/not/0/op must be one of '],
  [{ feature: 'a', op: '>' }, '/value must be one value with >'],
  [{ feature: 'a', op: '>', value: '3' }, '/value must be a number with >, got "3"'],
  [{ feature: 'a', op: 'in', value: 3 }, '/value must be a list with in'],
  [{ feature: 'a', op: 'known', value: 3 }, '/value must be left out with known'],
  [{ feature: 'a', op: 'top', value: 10 }, '/value must lie between 0 and 1 with top'],
  [{ event: 'x', count: { atLeast: -1 } }, '/count/atLeast must be at least 0, got -1'],
  [JSON.parse('{"any": [{"event": "x", "where": {"__proto__": "a"}}]}'), '/any/0/where/__proto__ must not be a key'],
  [
    { event: 'x', where: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, at])) },
    '/where must have at most 50 conditions',
  ],
  [{ event: 'x', where: { 'a"b/c': 1 } }, '/where/a"b~1c must'],
  [{ trait: "x'; drop table events", op: 'known' }, '/trait must be of letters'],
  [{ segment: "rfm.x' or true" }, '/segment must be an id of a segment'],
])('refuses %j', (json, message) => {
  expect(() => parseRule(json)).toThrow(message)
})

test('refuses rules deeper or larger than anybody writes', () => {
  let deep: object = { event: 'x' }
  for (let level = 0; level < 10; level += 1) deep = { not: [deep] }
  expect(() => parseRule(deep)).toThrow('must be at most 10 levels deep')
  expect(() => parseRule({ any: Array.from({ length: 200 }, () => ({ event: 'x' })) })).toThrow('at most 200 parts')
})
