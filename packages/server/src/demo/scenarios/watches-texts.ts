import type { Topic } from '../scenario.ts'

export const watchesTickets: readonly Topic[] = [
  {
    name: 'delivery',
    unhappy: [
      'My {product} was due on Friday and the tracking has not moved since.',
      'The courier left the {product} at the door without a signature, for something this dear.',
    ],
    neutral: ['Can I have the {product} sent to my office?', 'When will the {product} leave your workshop?'],
    happy: ['The {product} was here the next morning, well packed.'],
  },
  {
    name: 'repair',
    unhappy: [
      'The {product} stopped after three weeks and nobody tells me how long the repair takes.',
      'The {product} loses ten minutes a day, that is not what I paid for.',
    ],
    neutral: ['How often should the {product} be serviced?', 'Do you replace the battery of the {product}?'],
    happy: ['Your workshop made the {product} run like new.'],
  },
  {
    name: 'authenticity',
    unhappy: [
      'The {product} came without papers, how do I know that it is genuine?',
      'The serial number of the {product} does not match its card.',
    ],
    neutral: ['Which papers come with the {product}?', 'Does the {product} have an international warranty?'],
    happy: ['Thank you for the full history of the {product}.'],
  },
  {
    name: 'refund',
    unhappy: [
      'I sent back the {product} a month ago and still wait for my money.',
      'You took a fee off the refund for the {product} without a word.',
    ],
    neutral: ['How do I send back the {product} insured?', 'May I exchange the {product} for another colour?'],
    happy: ['The refund for the {product} came without any fuss.'],
  },
]

export const watchesReviews: readonly Topic[] = [
  {
    name: 'movement',
    unhappy: [
      'The movement of the {product} is noisy and runs slow.',
      'The {product} stopped twice in the first month.',
    ],
    neutral: ['The {product} keeps time well enough.', 'The {product} runs a few seconds fast, as most do.'],
    happy: ['The {product} keeps perfect time.', 'A wonderful movement, the {product} is a joy to wind.'],
  },
  {
    name: 'looks',
    unhappy: [
      'The {product} looks cheap next to its photo.',
      'The crystal of the {product} scratched on the first day.',
    ],
    neutral: ['The {product} is smaller than I thought, but neat.', 'The {product} looks like the picture.'],
    happy: ['The dial of the {product} is a beauty in the sun.', 'Everybody asks me about the {product}.'],
  },
  {
    name: 'value',
    unhappy: ['For this price the {product} should have a better strap.', 'The {product} is overpriced.'],
    neutral: ['The {product} costs what such things cost.'],
    happy: ['The {product} beats pieces at three times the price.', 'The {product} is money well spent.'],
  },
]
