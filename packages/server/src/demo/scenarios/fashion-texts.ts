import type { Topic } from '../scenario.ts'

export const fashionTickets: readonly Topic[] = [
  {
    name: 'delivery',
    unhappy: [
      'My parcel with the {product} was due last week and still has not arrived.',
      'The courier says delivered, but nobody here has seen the {product}.',
      'I paid for shipping and the {product} has been stuck in the depot for six days.',
    ],
    neutral: ['Can I change the delivery address for the {product}?', 'When will the {product} be sent?'],
    happy: ['The {product} came a day early, please thank the driver.'],
  },
  {
    name: 'size and fit',
    unhappy: [
      'The {product} is cut far too small, I need to swap it for one size up.',
      'The size chart for the {product} is wrong, it does not fit at all.',
    ],
    neutral: ['Does the {product} run large or small?', 'Could you measure the length of the {product} for me?'],
    happy: ['Your size advice for the {product} was spot on.'],
  },
  {
    name: 'quality',
    unhappy: [
      'A seam of the {product} came open after two washes.',
      'The colour of the {product} faded the first time I wore it.',
    ],
    neutral: ['How should I wash the {product}?', 'What is the {product} made of?'],
    happy: ['The {product} still looks new after a whole season.'],
  },
  {
    name: 'refund',
    unhappy: [
      'I returned the {product} two weeks ago and have not seen my money.',
      'You refunded only part of the price of the {product}.',
    ],
    neutral: ['How do I send back the {product}?', 'How long does a refund for the {product} take?'],
    happy: ['The refund for the {product} was on my card the next day.'],
  },
]

export const fashionReviews: readonly Topic[] = [
  {
    name: 'fit',
    unhappy: ['The {product} sits badly at the shoulders.', 'Two sizes off: the {product} went straight back.'],
    neutral: ['The {product} fits, though the sleeves are long.', 'The {product} is true to size, no more, no less.'],
    happy: ['The {product} fits as if made for me.', 'Perfect cut, the {product} is my new favourite.'],
  },
  {
    name: 'material',
    unhappy: [
      'Thin, scratchy fabric; the {product} looked better in the photo.',
      'The {product} pilled within a week.',
    ],
    neutral: ['The {product} is made of decent fabric for the price.', 'The {product} feels lighter than I expected.'],
    happy: ['Lovely soft fabric, the {product} feels expensive.', 'The {product} is beautifully made.'],
  },
  {
    name: 'price',
    unhappy: ['The {product} is not worth what it costs.', 'A week later the {product} was on sale, annoying.'],
    neutral: ['The price of the {product} is what you would expect.'],
    happy: [
      'A bargain: the {product} looks twice its price.',
      'Great value, I bought the {product} again for my sister.',
    ],
  },
]
