import type { LiveRule } from '../../../rules/index.ts'
import type { LibraryOptions, ShippedSegment } from './shipped-segment.ts'

/** Segments by who customers are, as they or the shop said: what is not known of somebody puts them into none of these. */
export function demographicSegments({ homeCountry, highIncome }: LibraryOptions): readonly ShippedSegment[] {
  return [
    ...ages,
    segment('age-unknown', 'Age unknown', 'no date of birth is known', { age: 'birth_date', op: 'missing' }),
    segment('birthday-soon', 'Birthday soon', 'has a birthday today or in the next 7 days', {
      anniversary: 'birth_date',
      withinDays: 7,
    }),
    segment('women', 'Women', 'said to be female', { trait: 'gender', op: 'in', value: ['female', 'f', 'woman'] }),
    segment('men', 'Men', 'said to be male', { trait: 'gender', op: 'in', value: ['male', 'm', 'man'] }),
    segment('degree', 'With a degree', 'education is a bachelor, a master or a doctorate', {
      trait: 'education',
      op: 'in',
      value: ['bachelor', 'master', 'doctorate'],
    }),
    ...(highIncome === undefined ? [] : incomes(highIncome)),
    ...(homeCountry === undefined ? [] : places(homeCountry)),
  ]
}

const segment = (id: string, name: string, words: string, rule: LiveRule): ShippedSegment => ({
  ...{ id: `demographic.${id}`, name, words, rule, kind: 'demographic' },
})

const bands = [
  [18, 29],
  [30, 44],
  [45, 59],
  [60, null],
] as const

const ages = bands.map(([from, to]): ShippedSegment => {
  const name = to === null ? `Aged ${from} and over` : `Aged ${from} to ${to}`
  const oldest: LiveRule[] = to === null ? [] : [{ age: 'birth_date', op: '<=', value: to }]
  const words = to === null ? `${from} years old or more` : `from ${from} to ${to} years old`
  return segment(`age-${from}`, name, words, { all: [{ age: 'birth_date', op: '>=', value: from }, ...oldest] })
})

const incomes = (high: number): readonly ShippedSegment[] => [
  segment('high-income', 'High income', `income is ${high} a year or more`, { trait: 'income', op: '>=', value: high }),
]

const places = (home: string): readonly ShippedSegment[] => [
  segment('at-home', 'At home', `lives in ${home}`, { trait: 'country', op: '=', value: home }),
  segment('abroad', 'Abroad', `is known to live in another country than ${home}`, {
    trait: 'country',
    op: '!=',
    value: home,
  }),
]
