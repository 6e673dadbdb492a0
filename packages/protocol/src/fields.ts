import { z } from 'zod'

/** How the text of a source column becomes a value of its target. */
export type FieldType = 'text' | 'id' | 'money' | 'number' | 'instant' | 'date' | 'flag' | 'json'

declare module 'zod' {
  interface GlobalMeta {
    field?: FieldType
  }
}

const optional = <Schema extends z.ZodType>(schema: Schema, field: FieldType, description: string) =>
  schema.nullish().meta({ field, description })

/** Text as it is, without the blanks around it. */
export const text = (description: string) => optional(z.string(), 'text', description)
/** A name that the shop gives to something; `13085.0`, as spreadsheets write it, is `13085`. */
export const id = (description: string) => optional(z.string(), 'id', description)
/** Units of the currency; exact to 10⁻⁶. */
export const money = (description: string) => optional(z.number(), 'money', description)
export const number = (description: string) => optional(z.number(), 'number', description)
/** A moment: ISO 8601 on the wire; the usual formats in files. */
export const instant = (description: string) => optional(z.string(), 'instant', description)
/** A day without a time. */
export const date = (description: string) => optional(z.string(), 'date', description)
export const flag = (description: string) => optional(z.boolean(), 'flag', description)
export const json = (description: string) => optional(z.record(z.string(), z.unknown()), 'json', description)
