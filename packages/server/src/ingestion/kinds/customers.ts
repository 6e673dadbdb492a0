import { duckdbDialect } from '../../warehouse/index.ts'
import {
  type Check,
  instantContent,
  isOutsideTime,
  numberContent,
  type PlanInput,
  type RecordPlan,
  textContent,
  Values,
} from './record-plan.ts'

const texts = [
  'email',
  'phone',
  'first_name',
  'last_name',
  'gender',
  'country',
  'region',
  'city',
  'postal_code',
  'education',
] as const

/** Consent columns and the purposes that they speak of; a column for one purpose wins over the general one. */
export const consentColumns: Readonly<Record<string, readonly string[]>> = {
  marketing_email: ['marketing.email'],
  marketing_social: ['marketing.social'],
  marketing_ads: ['marketing.ads'],
  consent: ['marketing.email', 'marketing.social', 'marketing.ads'],
}

const flags = Object.keys(consentColumns)

/** Traits of customers; the latest row of a customer holds, and columns that no target takes are further traits. */
export function planCustomers(input: PlanInput): RecordPlan {
  const values = new Values(input)
  const instants = ['created_at', 'known_at', 'consent_at'] as const
  const birth = birthSql(values)
  return {
    table: 'customers',
    isLatest: true,
    ...values.reading,
    parsed: new Map<string, string>([
      ['customer_id', values.id('customer_id')],
      ...texts.map((target) => [target, values.text(target)] as const),
      ['birth_date', birth],
      ['income', `(${values.number('income')})::double`],
      ...instants.map((target) => [target, values.instant(target)] as const),
      ...flags.map((target) => [target, values.flag(target)] as const),
      ['traits', values.rest()],
      ['unread_birth_date', values.unreadable('birth_date', birth)],
      ['unread_income', values.unreadable('income', values.number('income'))],
      ...instants.map((target) => [`unread_${target}`, values.unreadable(target, values.instant(target))] as const),
      ...flags.map((target) => [`unread_${target}`, values.unreadable(target, values.flag(target))] as const),
    ]),
    derived: new Map(),
    content: [
      ...['customer_id', ...texts, 'traits'].map(textContent),
      ...['birth_date', 'income', ...flags].map(numberContent),
      ...instants.map(instantContent),
    ],
    checks: checksOf(input, values),
    notices: [],
    row: {
      customer_id: 'customer_id',
      batch_id: '$batch::integer',
      known_at: 'known_at',
      email: 'email',
      phone: 'phone',
      first_name: 'first_name',
      last_name: 'last_name',
      birth_date: 'birth_date',
      gender: 'gender',
      country: 'country',
      region: 'region',
      city: 'city',
      postal_code: 'postal_code',
      income: 'income',
      education: 'education',
      created_at: 'created_at',
      traits: 'traits',
    },
  }
}

/** A day, or the middle of a year where only the year is known. */
function birthSql(values: Values): string {
  const resolved = values.column('birth_date')
  if (!resolved) return 'null::date'
  const year = `try_cast(regexp_extract(trim(${resolved.column}), '^((18|19|20)[0-9]{2})([.]0)?$', 1) as integer)`
  const middle = `case when ${year} is not null then make_date(${year}, 7, 1) end`
  return resolved.date ? `coalesce(${middle}, (${values.localDay('birth_date')}))` : middle
}

function checksOf(input: PlanInput, values: Values): readonly Check[] {
  const today = `${duckdbDialect.instant(input.now)}`
  const checks: Check[] = []
  const check = (target: string, fails: string, code: string, must: string): void => {
    if (values.has(target)) checks.push({ fails, code: `ingestion.${code}`, target, must })
  }
  checks.push({
    fails: 'customer_id is null',
    code: 'ingestion.customer-id',
    target: 'customer_id',
    must: 'a record must say its customer',
  })
  check(
    'email',
    `email is not null and not regexp_matches(email, '^[^@\\s]+@[^@\\s]+$')`,
    'email',
    'the email address must have one @',
  )
  check('birth_date', 'unread_birth_date', 'date', 'the day of birth must be one, written as the column writes it')
  check('birth_date', `birth_date > (${today})::date`, 'time', 'the day of birth must not be in the future')
  check('income', 'unread_income', 'income', 'the income must be a number')
  for (const target of ['created_at', 'known_at', 'consent_at']) {
    check(target, `unread_${target}`, 'date', 'the date must be one, written as the column writes it')
    check(target, isOutsideTime(target, input.now), 'time', 'the date must be between 1970 and now')
  }
  for (const target of flags) check(target, `unread_${target}`, 'consent', 'consent must be yes or no')
  return checks
}
