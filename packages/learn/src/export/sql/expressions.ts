import { RapportError } from '@rapport/numerics'

/**
 * A name as SQL has it, whatever stands in it.
 *
 * @throws RapportError `sql.names` for a zero byte, at which a query's text ends, and for half of a surrogate pair, which UTF-8
 * has no place for: no table has such a column, and another name may not be asked for in its place
 */
export function quoted(name: string): string {
  if (name.includes('\0')) {
    throw new RapportError('sql.names', `a name must hold no zero byte, got ${JSON.stringify(name)}`)
  }
  // With the flag u this finds halves of surrogate pairs only.
  if (/\p{Surrogate}/u.test(name)) {
    throw new RapportError('sql.names', `a name must be whole characters, got ${JSON.stringify(name)}`)
  }
  return `"${name.replaceAll('"', '""')}"`
}

/**
 * A number with all its digits, as a double: `0.1` would be a decimal in most dialects, `1e-1` is not.
 *
 * @throws RapportError `sql.number` when a model holds NaN, which no expression should meet
 */
export function literal(value: number): string {
  if (Number.isNaN(value)) throw new RapportError('sql.number', 'a model must hold numbers, got NaN')
  if (Math.abs(value) === Infinity) return `cast('${value > 0 ? '' : '-'}Infinity' as double)`
  const digits = value.toExponential()
  return value < 0 || Object.is(value, -0) ? `(${digits.startsWith('-') ? digits : `-${digits}`})` : digits
}

/** Text in quotes; a zero byte, which ends a query's text in some drivers, as its number. */
const textLiteral = (text: string): string =>
  text
    .split('\0')
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(' || chr(0) || ')

/** Whether an expression is the given word. Half of a surrogate pair is no text that a database could hold. */
export const isWord = (input: string, word: string): string =>
  /\p{Surrogate}/u.test(word) ? 'false' : `${input} = ${textLiteral(word)}`

/** A sum as a tree of additions: a chain of hundreds would be nested as deep. */
export function sum(terms: readonly string[]): string {
  if (terms.length === 0) return literal(0)
  if (terms.length === 1) return terms[0]!
  const half = terms.length >> 1
  return `(${sum(terms.slice(0, half))} + ${sum(terms.slice(half))})`
}

/** intercept + Σ coefficient · input; columns whose coefficient is 0 must be there all the same. */
export function linear(intercept: number, coefficients: ArrayLike<number>, inputs: readonly string[]): string {
  return sum([literal(intercept), ...inputs.map((input, at) => `${literal(coefficients[at]!)} * ${input}`)])
}

/** 1 / (1 + e^−score) without overflow on either side. */
export const sigmoid = (score: string): string =>
  `case when ${score} >= 0e0 then 1e0 / (1e0 + exp(-${score})) else exp(${score}) / (1e0 + exp(${score})) end`

/** A choice by where `input` lies among rising bounds, as a tree of comparisons. `pieces[i]` holds below `bounds[i]`. */
export function pieceOf(input: string, bounds: ArrayLike<number>, pieces: readonly string[], first = 0): string {
  if (pieces.length === 1) return pieces[0]!
  const half = pieces.length >> 1
  const below = pieceOf(input, bounds, pieces.slice(0, half), first)
  const above = pieceOf(input, bounds, pieces.slice(half), first + half)
  return `case when ${input} < ${literal(bounds[first + half - 1]!)} then ${below} else ${above} end`
}

/** log(1 + x) for x ≥ 0 to full precision: Kahan's correction of the rounding in 1 + x. */
export const log1p = (x: string): string =>
  `case when 1e0 + ${x} = 1e0 then ${x} else ln(1e0 + ${x}) * (${x} / ((1e0 + ${x}) - 1e0)) end`

/** e^x − 1 to full precision, by the same trick. */
export const expm1 = (x: string): string =>
  `case when exp(${x}) = 1e0 then ${x} when exp(${x}) - 1e0 = -1e0 then -1e0 ` +
  `when exp(${x}) > 1e10 then exp(${x}) else (exp(${x}) - 1e0) * (${x} / ln(exp(${x}))) end`
