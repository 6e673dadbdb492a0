import type { Format } from './format.ts'

/** A feature's value as a marketer writes it. */
export function factValue(value: number, unit: string, format: Format): string {
  if (!Number.isFinite(value)) return 'not known'
  if (unit === 'money') return format.money(value)
  if (unit === 'share') return format.percent(value)
  return `${format.decimal(value, 1)} ${unit}`
}
