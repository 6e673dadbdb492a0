import type { Format } from './format.ts'

/** Units whose word says nothing beside the number. */
const unitless = new Set(['ratio', 'income'])

/** A feature's value as a marketer writes it. */
export function factValue(value: number, unit: string, format: Format): string {
  if (!Number.isFinite(value)) return 'not known'
  if (unit === 'money') return format.money(value)
  if (unit === 'share') return format.percent(value)
  return unitless.has(unit) ? format.decimal(value, unit === 'ratio' ? 2 : 0) : `${format.decimal(value, 1)} ${unit}`
}
