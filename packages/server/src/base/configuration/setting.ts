import { z } from 'zod'

/** One thing that the operator decides: what it may be, what it is when nobody says, and what it is for. */
export interface Setting<Value> {
  /** Of the value as the file has it. */
  readonly schema: z.ZodType<Value>
  readonly default: Value
  /** One sentence, for `rapport config` and the documentation. */
  readonly description: string
  /** Never printed but in part: `redacted` leaves out what must not be seen. */
  redacted?(value: Value): string
  /** The value of text from the environment or the command line, for the schema to judge. */
  readonly fromText: (text: string) => unknown
}

interface Told<Value> {
  readonly description: string
  readonly default: Value
}

export const text = (told: Told<string>): Setting<string> => ({ ...told, schema: z.string(), fromText: asGiven })

/** Text that may be left out. */
export const optionalText = (
  told: Omit<Told<undefined>, 'default'> & {
    readonly schema?: z.ZodType<string>
    readonly redacted?: (value: string) => string
  },
): Setting<string | undefined> => {
  const { description, schema = z.string(), redacted } = told
  return {
    ...{ description, default: undefined, schema: schema.optional(), fromText: asGiven },
    ...(redacted === undefined ? {} : { redacted: (value) => (value === undefined ? '' : redacted(value)) }),
  }
}

/** A whole number; its unit stands in the setting's name. */
export const whole = (told: Told<number> & { readonly least: number; readonly most?: number }): Setting<number> => {
  const { description, default: preset, least, most = Number.MAX_SAFE_INTEGER } = told
  return { description, default: preset, schema: z.int().min(least).max(most), fromText: asNumber }
}

export const choice = <const Choice extends string>(
  told: Told<NoInfer<Choice>> & { readonly choices: readonly [Choice, ...Choice[]] },
): Setting<Choice> => {
  const { description, default: preset, choices } = told
  return { description, default: preset, schema: z.enum(choices), fromText: asGiven }
}

/** Texts; between commas or spaces in the environment. */
export const list = (
  told: Told<readonly string[]> & { readonly of?: z.ZodType<string> },
): Setting<readonly string[]> => {
  const { description, default: preset, of = z.string().min(1) } = told
  return { description, default: preset, schema: z.array(of).readonly(), fromText: asList }
}

const asGiven = (given: string): unknown => given
const asNumber = (given: string): unknown => (given.trim() === '' ? given : Number(given))
const asList = (given: string): unknown => given.split(/[\s,]+/).filter((part) => part !== '')
