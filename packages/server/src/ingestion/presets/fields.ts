import { shortened } from '../../base/index.ts'

/** A JSON object whose fields may be anything: what a stranger sent. */
export type Fields = Readonly<Record<string, unknown>>

/** The object in a field; an empty one where there is none, so that what is missing reads as missing. */
export function objectIn(fields: Fields, name: string): Fields {
  return asObject(fields[name]) ?? {}
}

export const asObject = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined

/** The objects of a list; whatever else it holds is passed over. */
export const objectsIn = (fields: Fields, name: string): readonly Fields[] => {
  const list = fields[name]
  return Array.isArray(list) ? list.map(asObject).filter((value) => value !== undefined) : []
}

/** Text without the blanks around it, or a number as its text; undefined for anything else and for no text. */
export function textIn(fields: Fields, name: string): string | undefined {
  return asText(fields[name])
}

export function asText(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' ? undefined : text
}

export function numberIn(fields: Fields, name: string): number | undefined {
  const value = fields[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** The fields that hold something: JSON without `null`, empty text and empty objects. */
export function withoutEmpty(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)))
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value as object).length === 0)

/** The first characters of a text, never half of one: half a surrogate pair is no JSON that a database reads. */
export function cut(text: string | undefined, most: number): string | undefined {
  return text === undefined ? undefined : shortened(text, most)
}
