import type { Mend } from '@rapport/protocol'
import { shortened } from '../../base/index.ts'
import { isPlace, stepsOf } from '../json-pointer.ts'
import type { Rejection } from '../live/check-call.ts'

/** A call as its mending made it, or why that could not be done. */
export type Mended = { readonly call: unknown } | { readonly rejection: Rejection }

/**
 * Mends a call, step by step. What a step is about and is not there stays as it is, so that one mapping serves calls that
 * are broken in different ways.
 *
 * @param call plain data; it is not changed
 */
export function mendCall(call: unknown, mends: readonly Mend[]): Mended {
  if (mends.length === 0) return { call }
  const mended = structuredClone(call)
  for (const mend of mends) {
    const rejection = step(mended, mend)
    if (rejection) return { rejection }
  }
  return { call: mended }
}

function step(call: unknown, mend: Mend): Rejection | undefined {
  if (mend.op === 'set') return put(call, mend.at, mend.value)
  if (mend.op === 'drop') {
    take(call, mend.at)
    return undefined
  }
  if (mend.op === 'rename') {
    const found = take(call, mend.from)
    return found && put(call, mend.to, found.value)
  }
  const found = find(call, mend.at)
  if (found === undefined || found.holder[found.key] === null || found.holder[found.key] === undefined) return undefined
  const value = found.holder[found.key]
  const cast = casts[mend.to](value)
  if (cast === undefined) {
    return {
      code: 'ingestion.mend',
      reason: `${mend.at} must be ${castable[mend.to]}, got ${shown(value)}`,
      pointer: mend.at,
    }
  }
  found.holder[found.key] = cast
  return undefined
}

type Holder = Record<string, unknown>

interface Found {
  /** The object or list that holds it. */
  readonly holder: Holder
  readonly key: string
}

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null

function find(call: unknown, pointer: string): Found | undefined {
  const steps = stepsOf(pointer)
  const key = steps.pop()!
  let holder: unknown = call
  for (const name of steps) {
    if (!isHolder(holder) || !Object.hasOwn(holder, name)) return undefined
    holder = holder[name]
  }
  // A list has a length, which is no place in it.
  if (Array.isArray(holder) && !isPlace(key)) return undefined
  return isHolder(holder) && Object.hasOwn(holder, key) ? { holder, key } : undefined
}

/** Takes a value out. @returns undefined when it was not there */
function take(call: unknown, pointer: string): { readonly value: unknown } | undefined {
  const found = find(call, pointer)
  if (!found) return undefined
  const { holder, key } = found
  const value = holder[key]
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
  return { value }
}

/** Puts a value in, with the objects on the way to it. */
function put(call: unknown, pointer: string, value: unknown): Rejection | undefined {
  const steps = stepsOf(pointer)
  const key = steps.pop()!
  let holder: unknown = call
  for (const name of steps) {
    if (isHolder(holder) && (holder[name] === undefined || holder[name] === null) && !Array.isArray(holder))
      holder[name] = {}
    holder = isHolder(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined
  }
  const fits = Array.isArray(holder) ? isPlace(key) && Number(key) < holder.length : isHolder(holder)
  if (!fits) {
    const reason = `${pointer} must have an object, or a place of a list, to be put in, there is none`
    return { code: 'ingestion.mend', reason, pointer }
  }
  ;(holder as Holder)[key] = value
  return undefined
}

type CastTo = Extract<Mend, { op: 'cast' }>['to']

const castable: Readonly<Record<CastTo, string>> = {
  number: 'a number, or one in digits like 12.5',
  text: 'text, a number, or true or false',
  date: 'a moment in ISO 8601, or milliseconds since 1970 in 11 digits or more',
}

/** Undefined where the value is none. */
const casts: Readonly<Record<CastTo, (value: unknown) => unknown>> = {
  number: (value) => {
    const read = typeof value === 'string' && decimal.test(value.trim()) ? Number(value) : value
    return typeof read === 'number' && Number.isFinite(read) ? read : undefined
  },
  text: (value) => (['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined),
  date: (value) => {
    const written = typeof value === 'string' ? value.trim() : value
    if (typeof written === 'string' && iso.test(written))
      return dateOf(Date.parse(offset.test(written) ? written : `${written}Z`))
    if (typeof written === 'string' && !/^\d{1,16}$/.test(written)) return undefined
    // Fewer digits are seconds most of the time, which nobody may guess.
    if (Number(written) < 1e10) return undefined
    return dateOf(Number(written))
  },
}

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const iso = /^\d{4}-\d\d-\d\d([t ]\d\d:\d\d(:\d\d(\.\d+)?)?(z|[+-]\d\d:?\d\d)?)?$/i
/** A day alone is in UTC already; a time without an offset is taken for UTC, as everywhere. */
const offset = /^\d{4}-\d\d-\d\d$|(z|[+-]\d\d:?\d\d)$/i
/** Of dates: days around 1970, in ms. */
const furthest = 8.64e15

const dateOf = (at: number): string | undefined =>
  Number.isFinite(at) && Math.abs(at) <= furthest ? new Date(at).toISOString() : undefined

function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return shortened(text, 80, '…')
}
