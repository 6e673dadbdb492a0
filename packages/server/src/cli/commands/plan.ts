import { countOf } from '../../base/index.ts'
import { type Analysis, readAnalysis } from '../../insights/index.ts'
import type { Command } from '../command.ts'
import { withStore } from '../with-store.ts'

type Entry = Analysis['plan'][number]

const families = [
  { family: 'discovered', title: 'SEGMENTS FOUND IN BEHAVIOUR' },
  { family: 'rfm', title: 'SEGMENTS BY RECENCY, FREQUENCY AND SPEND' },
] as const

export const plan: Command = {
  name: 'plan',
  summary: 'What to do about each segment, from the last analysis',
  options: {},
  run: ({ store }) =>
    withStore(store, async (warehouse) => {
      const analysis = await readAnalysis(warehouse)
      return { document: analysis.plan, text: describePlan(analysis) }
    }),
}

function describePlan({ plan: entries, firstLook, simulated }: Analysis): string {
  if (entries.length === 0) return 'there is no segment to plan for'
  const parts = families.flatMap(({ family, title }) => {
    const own = entries.filter((entry) => entry.family === family)
    return own.length === 0
      ? []
      : [title, ...own.filter(isActive).map((entry) => describe(entry, firstLook.currency)), idle(own)]
  })
  const notes = [
    'Every customer is in one segment of each kind: do not add the amounts of both.',
    'What is at stake could be lost; what a campaign would bring is known only after a test.',
  ]
  return [
    ...(simulated ? [`a simulated ${simulated} shop: no number here is about real people`] : []),
    ...parts.filter((part) => part !== ''),
    notes.join('\n'),
  ].join('\n\n')
}

const isActive = ({ goal }: Entry): boolean => goal.id !== 'rest' && goal.id !== 'too-small'

function describe(entry: Entry, currency: string): string {
  const { goal, offer, timing, timingUnknownBecause, valueAtStake, breakEven, experiment, cautions } = entry
  const stake = valueAtStake.amount === null ? 'not known' : `${whole(valueAtStake.amount)} ${currency}`
  return [
    `${entry.segment} (${countOf(entry.customers, 'customer')})`,
    line('goal', `${goal.title}: ${goal.because}`),
    line('do', goal.action),
    line('offer', offer.words),
    line('when', timing?.words ?? timingUnknownBecause ?? 'not known'),
    line('at stake', `${stake}: ${valueAtStake.words}`),
    line('pays from', breakEven.known ? breakEven.words : `not known: ${breakEven.because}`),
    line('measure', experiment.possible ? experiment.words : `no test: ${experiment.because}`),
    ...cautions.map((caution) => line('mind', caution)),
  ].join('\n')
}

function idle(entries: readonly Entry[]): string {
  const resting = entries.filter((entry) => !isActive(entry))
  return resting.length === 0
    ? ''
    : [
        'Leave alone for now',
        ...resting.map(({ segment, customers, goal }) =>
          line('', `${segment} (${countOf(customers, 'customer')}): ${goal.because}`),
        ),
      ].join('\n')
}

const whole = (amount: number): string => Math.round(amount).toLocaleString('en')

const widthMax = 100
const indent = 14

/** A term and its words, broken into lines that stand under one another. */
function line(term: string, text: string): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!
    if (last !== '' && indent + last.length + 1 + word.length > widthMax) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.map((part, at) => `  ${(at === 0 ? term : '').padEnd(indent - 2)}${part}`).join('\n')
}
