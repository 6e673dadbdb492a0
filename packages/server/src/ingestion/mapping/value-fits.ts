import type { Target } from '@rapport/protocol'
import { wordsOf } from './header-words.ts'
import type { ColumnProfile } from './profile-columns.ts'

/** Whether a column's values could be those of a target; an empty column could be anything. */
export function valueFits(target: Target, profile: ColumnProfile): boolean {
  const special = byName[target.name]
  if (profile.filled === 0) return target.name !== 'consent' || special!(profile)
  return byType[target.type](profile) && (special === undefined || special(profile))
}

type Test = (profile: ColumnProfile) => boolean

/** A column's name may be believed when half of its values agree; the others are for the quarantine. */
const isDate: Test = ({ date }) => date !== null && date.share >= 0.5

/** Days as numbers, which only a name can tell from other numbers. */
const isPlainDate: Test = (profile) => isDate(profile) && profile.date!.style !== 'spreadsheet'

const isYear: Test = ({ numeric, whole, least, most }) =>
  numeric > 0.95 && whole > 0.95 && least >= 1850 && most <= 2100

const byType: Readonly<Record<Target['type'], Test>> = {
  text: (profile) => !isPlainDate(profile) || profile.date!.patterns.includes('%Y%m%d'),
  id: (profile) =>
    (!isPlainDate(profile) || profile.uniqueness === 1) &&
    (profile.numeric < 0.9 || profile.whole >= 0.999 * profile.numeric),
  money: (profile) => profile.numeric >= 0.5 && !isWrittenDate(profile),
  number: (profile) => profile.numeric >= 0.5 && !isWrittenDate(profile),
  instant: isDate,
  date: (profile) => isPlainDate(profile) || isYear(profile),
  flag: ({ flags }) => flags >= 0.5,
  json: () => false,
}

/** Dates of more than digits: `2010-12-01`; `20101201` may be a number. */
const isWrittenDate: Test = (profile) =>
  isPlainDate(profile) &&
  profile.date!.style !== 'epoch-seconds' &&
  !profile.sample.every((value) => /^\d+$/.test(value))

/** One way of reaching people is not all of them. */
const isOneChannel: Test = ({ name }) =>
  wordsOf(name).some((word) => /^(sms|whatsapp|push|phone|telefon|post|letter)$/.test(word))

const isWords: Test = ({ numeric }) => numeric < 0.5

const byName: Readonly<Record<string, Test>> = {
  consent: (profile) => !isOneChannel(profile),
  description: isWords,
  name: isWords,
  first_name: isWords,
  last_name: isWords,
  country: isWords,
  city: isWords,
  body: isWords,
  email: ({ emails }) => emails >= 0.5,
  phone: ({ phones }) => phones >= 0.5,
  currency: ({ currencies, distinct }) => currencies >= 0.5 && distinct <= 200,
  gender: ({ distinct }) => distinct <= 20,
  education: ({ distinct }) => distinct <= 200,
  status: ({ numeric, distinct }) => numeric < 0.5 && distinct <= 100,
  // One order alone may be a whole small file, but not one of more lines than an order has.
  order_id: ({ distinct, uniqueness }) => distinct > 1 || uniqueness > 0.02,
}
