import type { Topic } from '../scenario.ts'

export const subscriptionTickets: readonly Topic[] = [
  {
    name: 'delivery',
    unhappy: [
      'My box with the {product} is late for the third time.',
      'The parcel with the {product} was soaked and torn open.',
    ],
    neutral: ['Can I move the next delivery of the {product} by a week?', 'On which day does the {product} go out?'],
    happy: ['The {product} always comes on the dot, thank you.'],
  },
  {
    name: 'cancel or pause',
    unhappy: [
      'I cancelled last month and you charged me for the {product} again.',
      'There is no button to stop the {product}, that is not right.',
    ],
    neutral: ['How do I pause my {product}?', 'Can I swap the {product} for something else next time?'],
    happy: ['Pausing the {product} over the holidays was so easy.'],
  },
  {
    name: 'taste',
    unhappy: ['The {product} tastes stale, when was it packed?', 'The {product} was nothing like its description.'],
    neutral: ['How strong is the {product}?', 'How should I brew the {product}?'],
    happy: ['The {product} is the best cup I have had in years.'],
  },
  {
    name: 'billing',
    unhappy: ['I was charged twice for the {product}.', 'My discount on the {product} was never applied.'],
    neutral: ['Can I have an invoice for the {product}?', 'May I pay for the {product} by direct debit?'],
    happy: ['You fixed the bill for the {product} within an hour.'],
  },
]

export const subscriptionReviews: readonly Topic[] = [
  {
    name: 'taste',
    unhappy: ['The {product} is bitter and flat.', 'The {product} has no aroma at all.'],
    neutral: ['The {product} is fine for every day.', 'The {product} is mild, a little too mild for me.'],
    happy: ['The {product} smells heavenly and tastes even better.', 'My whole office wants the {product} now.'],
  },
  {
    name: 'freshness',
    unhappy: ['The {product} was close to its date when it came.', 'The bag of the {product} was not sealed.'],
    neutral: ['The {product} was fresh enough.', 'The {product} came with three months left.'],
    happy: [
      'So fresh, the {product} was packed two days ago.',
      'The {product} is as fresh as from a shop around the corner.',
    ],
  },
  {
    name: 'value',
    unhappy: [
      'The portion of the {product} gets smaller every month.',
      'I can get something like the {product} for half the price.',
    ],
    neutral: ['The {product} is fairly priced.'],
    happy: ['The {product} is a small luxury that I can afford.', 'The {product} is great value in the club.'],
  },
]
