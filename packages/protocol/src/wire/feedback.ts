import { z } from 'zod'

const written = z.string().max(20_000)

/** `Ticket Created`, `Ticket Replied`: what a customer wrote to the help desk. */
export const ticket = z.looseObject({ ticket_id: z.string().nullish(), subject: z.string().nullish(), body: written })

/** `Product Reviewed`: what a customer wrote of a product. */
export const review = z.looseObject({
  product_id: z.string().nullish(),
  rating: z.number().finite().nullish(),
  review_body: written.nullish(),
})

/** `Survey Answered`: one answer to one question. */
export const surveyAnswer = z.looseObject({
  survey_id: z.string().nullish(),
  question: z.string().nullish(),
  score: z.number().finite().nullish(),
  answer: written.nullish(),
})

/** `Mention Posted`: what somebody wrote of the shop in a social network. */
export const mention = z.looseObject({
  mention_id: z.string().nullish(),
  network: z.string().nullish(),
  author: z.string().nullish(),
  url: z.string().nullish(),
  text: written,
})

/** Where in the properties of an event a customer's own words are. */
export const textOf: Readonly<Record<string, readonly string[]>> = {
  'Ticket Created': ['body', 'subject'],
  'Ticket Replied': ['body'],
  'Product Reviewed': ['review_body', 'body'],
  'Survey Answered': ['answer', 'body'],
  'Mention Posted': ['text'],
}
