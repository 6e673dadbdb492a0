import { z } from 'zod'
import { date, flag, id, instant, json, number, text } from './fields.ts'

/** What is known of a customer. */
export const customer = z.object({
  customer_id: id('the customer'),
  email: text('email address'),
  phone: text('telephone number'),
  first_name: text('given name'),
  last_name: text('family name'),
  birth_date: date('day of birth; of a year alone, its middle is taken'),
  gender: text('gender, as the shop writes it'),
  country: text('country'),
  region: text('state or province'),
  city: text('city'),
  postal_code: text('postal code'),
  income: number('yearly income'),
  education: text('education, as the shop writes it'),
  created_at: instant('when they became a customer'),
  known_at: instant('when all this was so; undated traits stay out of training'),
  consent: flag('whether they agreed to be contacted, by any channel'),
  marketing_email: flag('whether they agreed to email'),
  marketing_social: flag('whether they agreed to social media messages'),
  marketing_ads: flag('whether they agreed to advertisements made for them'),
  consent_at: instant('when they agreed or refused'),
  traits: json('everything else'),
})

export type Customer = z.infer<typeof customer>
