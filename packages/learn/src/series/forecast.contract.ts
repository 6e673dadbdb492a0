import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { dataPath } from '../../../../tooling/test-data.ts'
import type { SeriesTooShort } from './series.ts'

/** Monthly airline passengers in thousands, 1949 to 1960. */
export const readPassengers = (): Float64Array =>
  Float64Array.from(
    readFileSync(dataPath('air_passengers', 'air_passengers.csv'), 'utf8').trim().split('\n').slice(1),
    (line) => Number(line.split(',')[1]),
  )

/** The model, when there is one. */
export function fitted<Model extends { readonly kind: string }>(
  model: Model | SeriesTooShort,
): Exclude<Model, SeriesTooShort> {
  if (model.kind === 'too-short') throw new Error(`no model: ${JSON.stringify(model)}`)
  return model as Exclude<Model, SeriesTooShort>
}

/** Asserts what every method of the family does with series that are hardly any. */
export function expectClearRefusals(
  method: string,
  fit: (values: ArrayLike<number>) => { readonly kind: string },
): void {
  expect(() => fit([])).toThrow(expect.objectContaining({ code: `${method}.series` }))
  expect(() => fit([Number.NaN, Number.NaN])).toThrow(expect.objectContaining({ code: `${method}.series` }))
  expect(() => fit([1, 2, Number.POSITIVE_INFINITY, 4, 5, 6, 7])).toThrow('got Infinity at position 2')
  expect(fit([3]).kind).toBe('too-short')
}
