import { RapportError } from '@rapport/numerics'
import { expect } from 'vitest'
import { loadModel, type Saveable, saveModel } from '../persist/index.ts'
import { type AnyEstimator, type Edge, reasonKinds } from './estimator.contract.ts'
import type { Misfit } from './untyped.contract.ts'

/** Plain data as bytes: equal exactly when every bit of them is. */
export const bytesOf = (value: unknown): Uint8Array => saveModel({ kind: 'value', value } as Saveable)

const isReason = ({ kind }: Saveable): boolean => (reasonKinds as readonly string[]).includes(kind)

/** The same seed and data give the same bytes, whatever was fitted between and however many workers there are. */
export async function refitForgets({ inputs: { ordinary, other }, fit }: AnyEstimator): Promise<void> {
  const first = saveModel(await fit(ordinary, 1))
  await fit(other, 1)
  expect(saveModel(await fit(ordinary, 2))).toEqual(first)
  expect(saveModel(await fit(ordinary, 0))).toEqual(first)
}

/** Neither a fit nor the use of its model changes what they were given. */
export async function inputStays({ inputs: { ordinary }, fit, use }: AnyEstimator): Promise<void> {
  const before = bytesOf(ordinary)
  const model = await fit(ordinary, 1)
  const fitted = saveModel(model)
  await use(model, ordinary)
  expect(bytesOf(ordinary)).toEqual(before)
  expect(saveModel(model)).toEqual(fitted)
}

/** A model that was saved and loaded says the same, and is saved as the same bytes. */
export async function savedSaysTheSame({ inputs: { ordinary }, fit, use }: AnyEstimator): Promise<void> {
  const model = await fit(ordinary, 1)
  expect(isReason(model), 'the ordinary input must give a model').toBe(false)
  const bytes = saveModel(model)
  const loaded = loadModel(bytes, model.kind)
  expect(loaded).toStrictEqual(model)
  expect(saveModel(loaded)).toEqual(bytes)
  expect(bytesOf(await use(loaded, ordinary))).toEqual(bytesOf(await use(model, ordinary)))
}

/**
 * An argument that a caller without types gets wrong is refused in words when it is read, and never a TypeError. What the
 * row's own closures cannot read does not reach the library and tells nothing.
 */
export async function refusesMisfit(row: AnyEstimator, { input }: Misfit): Promise<void> {
  const outcome = await Promise.resolve(input)
    .then((given) => row.fit(given, 1))
    .catch((error: Error) => error)
  if (!(outcome instanceof Error)) expect.fail(`${row.name} must refuse it, and gave a ${outcome.kind}`)
  if (isOfTheRow(outcome)) return
  if (!(outcome instanceof RapportError)) throw outcome
  expectClear(outcome.message)
}

/** Whether the innermost of our functions that the error came through is a closure of the table. */
function isOfTheRow(error: Error): boolean {
  const innermost = String(error.stack)
    .split('\n')
    .find((line) => line.includes('/packages/'))
  return !(error instanceof RapportError) && innermost !== undefined && /\.contract\.ts/.test(innermost)
}

/** At an edge there is an answer made of finite numbers, a reason, or an error that says what must hold. */
export async function answersOrSaysWhy(row: AnyEstimator, edge: Edge<unknown>): Promise<void> {
  const model = await orClearError(() => row.fit(edge.input, 1))
  if (model === undefined) return
  expect(edge.mustRefuse, `${edge.name} must be refused, and ${row.name} gave a ${model.kind}`).toBeUndefined()
  if (isReason(model)) {
    expectClear((model as Saveable & { message: string }).message)
    return
  }
  const said = await orClearError(async () => row.use(model, edge.input))
  if (said === undefined) return
  const missingAt = notFiniteIn(said, row.keepsMissing === true && edge.name.startsWith('a missing'))
  expect(missingAt, `what ${row.name} says must be finite`).toBeUndefined()
  if (row.hasNoUnits && edge.scale !== undefined) {
    expectNearlyEqual(said, await row.use(await row.fit(row.inputs.ordinary, 1), row.inputs.ordinary))
  }
}

async function orClearError<T>(act: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof RapportError)) throw error
    expect(error.code).toMatch(/^[a-z0-9-]+\.[a-zA-Z0-9-]+$/)
    expectClear(error.message)
    return undefined
  }
}

function expectClear(message: string): void {
  expect(message.length).toBeGreaterThan(10)
  expect(message).not.toMatch(/\.$|undefined|\[object/)
}

/** Where the first number lies that is not finite, `undefined` when there is none. */
function notFiniteIn(value: unknown, mayBeMissing: boolean, path = 'output'): string | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) || (mayBeMissing && Number.isNaN(value)) ? undefined : `${value} at ${path}`
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, held] of Object.entries(value)) {
    const found = notFiniteIn(held, mayBeMissing, `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

/** Numbers of the two to 1e-6 of their size: scaling by a power of two rounds nothing but where a method adds constants. */
export function expectNearlyEqual(value: unknown, expected: unknown): void {
  if (typeof value === 'number' && typeof expected === 'number') {
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(expected)))
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, held] of Object.entries(value)) expectNearlyEqual(held, (expected as Record<string, unknown>)[key])
  } else {
    expect(value).toEqual(expected)
  }
}
