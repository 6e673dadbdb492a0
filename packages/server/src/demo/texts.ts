import type { Random } from '@rapport/numerics'
import type { Scenario, Topic } from './scenario.ts'

export type TextKind = 'ticket' | 'review' | 'survey'

const kinds: readonly TextKind[] = ['ticket', 'review', 'survey']
const moods = ['unhappy', 'neutral', 'happy'] as const
const variants = 500

const openings = {
  ticket: ['Hello!', 'Hi there!', 'Good morning!', 'Dear team!', 'Good day.', ''],
  review: ['', '', 'Bought this last month.', 'My second order here.', 'Got it as a gift.', 'Honest opinion.'],
  survey: ['', '', 'Well.', 'My view.', 'Since you ask.'],
} as const

const closings = {
  ticket: {
    unhappy: ['Please sort this out.', 'I expect an answer this week.', 'This is the last time I order here.', ''],
    neutral: ['Thanks in advance.', 'Best regards', 'Thank you.', ''],
    happy: ['Keep it up!', 'Thank you so much.', 'Best wishes'],
  },
  review: {
    unhappy: ['Would not buy again.', 'Disappointed.', 'Not recommended.', ''],
    neutral: ['It does the job.', 'Okay overall.', ''],
    happy: ['Would buy again.', 'Highly recommended!', 'Five stars.', ''],
  },
  survey: {
    unhappy: ['I will look elsewhere.', 'Please do better.', ''],
    neutral: ['Nothing special.', ''],
    happy: ['Keep going!', 'See you again.', ''],
  },
} as const

const surveyTopics: readonly Topic[] = [
  {
    name: 'choice',
    unhappy: ['There is too little choice in what I like.', 'What I want is always sold out.'],
    neutral: ['The choice is fine.', 'Some things are nice, some are not for me.'],
    happy: ['I always find something.', 'The new arrivals are great.'],
  },
  {
    name: 'service',
    unhappy: ['Support took days to answer.', 'Returns are far too slow.'],
    neutral: ['I have not needed your support so far.', 'Delivery was as expected.'],
    happy: ['Fast delivery and friendly people.', 'Support solved my problem in minutes.'],
  },
  {
    name: 'price',
    unhappy: ['Prices have gone up a lot.', 'Too many emails, too few real offers.'],
    neutral: ['Prices are about the same as elsewhere.'],
    happy: ['Good prices for good things.', 'The sales are worth waiting for.'],
  },
]

/** The code of some text of this kind and mood (0 unhappy, 1 neutral, 2 happy). */
export function textCode(kind: TextKind, mood: number, random: Random): number {
  return (kinds.indexOf(kind) * moods.length + mood) * variants + random.integer(variants)
}

/** Every text of a shop by its code; `{product}` is filled in by the store. */
export function textsOf(scenario: Scenario): string[] {
  const topics = { ticket: scenario.tickets, review: scenario.reviews, survey: surveyTopics }
  return kinds.flatMap((kind) =>
    moods.flatMap((mood) =>
      Array.from({ length: variants }, (_, variant) => {
        // The variant's digits, each in the base of what it picks from, so that every combination comes up.
        let digits = variant
        const next = <Part>(parts: readonly Part[]): Part => {
          const part = parts[digits % parts.length]!
          digits = Math.floor(digits / parts.length)
          return part
        }
        const sentence = next(next<Topic>(topics[kind])[mood])
        const closing = next<string>(closings[kind][mood])
        return [next<string>(openings[kind]), sentence, closing].filter((part) => part !== '').join(' ')
      }),
    ),
  )
}
