import { featureDefinition } from '@rapport/protocol'
import { expect, it } from 'vitest'
import { goneWords, ruleWords } from '../now/rule-words.ts'
import { compileSegments, leavesOfSegments } from './compile.ts'
import { holdingOfNobody } from './holds-of-nobody.ts'
import { readSegmentDefinition } from './segment-definition.ts'

const features = [
  { name: 'orders', label: 'orders', value: { aggregate: 'count', from: { events: 'Order' } } },
  { name: 'city', label: 'the city', value: { trait: 'city' } },
  { name: 'seen', label: 'views', entity: 'product', value: { aggregate: 'count', from: { events: 'View' } } },
].map((one) => featureDefinition.parse(one))

const segment = (id: string, rule: unknown) => readSegmentDefinition({ id, name: id, words: id, rule })
const compile = (...rules: readonly unknown[]) =>
  compileSegments({
    segments: rules.map((rule, at) => segment(`rule.r${at}`, rule)),
    features,
    timezone: 'UTC',
  })

it.each<[string, readonly unknown[]]>([
  ['rule.r0/rule/feature must be a feature there is, got order', [{ feature: 'order', op: '>', value: 1 }]],
  [
    'rule.r0/rule/all/1/feature must be of a customer, got seen of a product',
    [{ all: [{ event: 'A' }, { feature: 'seen', op: '>', value: 1 }] }],
  ],
  ['rule.r0/rule/op must be =, !=, in, known or missing for text, got >', [{ feature: 'city', op: '>', value: 3 }]],
  ['rule.r0/rule/value must be text, got 3', [{ feature: 'city', op: '=', value: 3 }]],
  ['rule.r0/rule/value must be a number, got "many"', [{ feature: 'orders', op: '=', value: 'many' }]],
  ['rule.r0/rule/op must not be top in a live segment', [{ feature: 'orders', op: 'top', value: 0.1 }]],
  [
    'rule.r1/rule/segment must not lead back to itself, got rule.r0 → rule.r1 → rule.r0',
    [{ segment: 'rule.r1' }, { segment: 'rule.r0' }],
  ],
  ['rule.r0/rule/segment must not lead back to itself, got rule.r0 → rule.r0', [{ segment: 'rule.r0' }]],
  [
    'rule.r0/rule/feature/of must be a field of events',
    [{ feature: { aggregate: 'sum', of: 'colour', from: { events: 'A' } }, op: '>', value: 1 }],
  ],
  ['rule.r0/rule/where/price must be a number as price is, got "9"', [{ event: 'A', where: { price: '9' } }]],
  ['rule.r0/rule/withinDays must be whole minutes up to 60 hours', [{ event: 'A', withinDays: 0.0001 }]],
])('says %s', (message, rules) => {
  expect(() => compile(...rules)).toThrow(message)
})

it('takes a name that no segment has any more for nobody, whatever the name', () => {
  const of = (id: string) =>
    compileSegments({
      ...{ segments: [segment('rule.r0', { not: [{ segment: id }] })], features, timezone: 'UTC' },
      byAnalyses: [{ family: 'kinds', because: 'it compares customers by habits' }],
    })
  const wordsOf = (id: string) => goneWords(of(id), 'rule.r0')
  expect(wordsOf('winter.3')).toEqual(['names winter.3, which is no more'])
  expect(wordsOf('kinds.1')).toEqual([
    'names kinds.1, which is not live: only analyses find who is in kinds, because it compares customers by habits',
  ])
  expect(of('winter.3').segments[0]!.form).toBe(of('kinds.1').segments[0]!.form)
  expect(holdingOfNobody(of('winter.3'))).toEqual([0])
  const { root } = of('winter.3').segments[0]!
  expect(root).toMatchObject({ kind: 'not', parts: [{ kind: 'gone', pointer: '/rule/not/0' }] })
  expect(ruleWords(of('winter.3'), 'rule.r0')!.parts[0]!.words).toBe('is in winter.3, which is no more: nobody is')
})

it('looks once at what several segments ask', () => {
  const asked = { feature: 'orders', op: '>', value: 1 }
  const compiled = compile(
    { all: [asked, { event: 'View' }] },
    { not: [asked] },
    { event: 'Order', count: { atLeast: 2 } },
  )
  expect(compiled.tests).toHaveLength(3)
  expect(leavesOfSegments(compiled)).toHaveLength(2)
})

it('tells apart what decides from what is only said', () => {
  const forms = (...rules: readonly unknown[]) => compile(...rules).segments.map(({ form }) => form)
  const [one, other] = forms({ event: 'A', withinDays: 2 }, { event: 'A', withinDays: 3 })
  expect(one).not.toBe(other)
  expect(forms({ event: 'B' }, { event: 'A', withinDays: 2 })[1]).toBe(one)
  // What a segment names decides too.
  const [, before] = forms({ event: 'A' }, { segment: 'rule.r0' })
  const [, after] = forms({ event: 'B' }, { segment: 'rule.r0' })
  expect(before).not.toBe(after)
})
