import { RapportError } from '@rapport/numerics'
import type {
  BinningModel,
  CategoryModel,
  FittedInteractions,
  FittedNumber,
  FittedStep,
  FittedText,
  ImputationModel,
  PowerModel,
  PreparationModel,
  QuantileModel,
  ScalingModel,
  TargetEncodingModel,
} from '../../preparation/index.ts'
import { codeCount } from '../../preparation/index.ts'
import { expm1, isWord, literal, log1p, pieceOf, quoted } from './expressions.ts'
import { checkInputs, numbered, references, type SqlColumn, type SqlLayers } from './layers.ts'

/** A column of numbers as a double; NaN, which in SQL is a value and the largest one, becomes null. */
export const numberOf = (name: string): string => `nullif(cast(${quoted(name)} as double), cast('NaN' as double))`

export const wordOf = (name: string): string => `cast(${quoted(name)} as varchar)`

export function scalingLayers(model: ScalingModel, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, model.centres.length, inputs)
  return [
    numbered(
      'scaled',
      inputs.map((input, at) => scaled(model, at, input)),
    ),
  ]
}

const scaled = ({ centres, spreads }: ScalingModel, column: number, input: string): string =>
  `(${input} - ${literal(centres[column]!)}) / ${literal(spreads[column]!)}`

/** The columns filled in, and after them the indicators. */
export function imputationLayers(model: ImputationModel, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, model.replacements.length, inputs)
  return [
    [
      ...numbered(
        'filled',
        inputs.map((input, at) => filled(model, at, input)),
      ),
      ...numbered(
        'missing',
        Array.from(model.indicated, (column) => isMissing(inputs[column]!)),
      ),
    ],
  ]
}

const filled = ({ replacements }: ImputationModel, column: number, input: string): string =>
  `coalesce(${input}, ${literal(replacements[column]!)})`

const isMissing = (input: string): string => `case when ${input} is null then 1e0 else 0e0 end`

export function powerLayers(model: PowerModel, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, model.powers.length, inputs)
  const logs = powerLogs(inputs)
  return [
    logs,
    numbered(
      'power',
      inputs.map((_, at) => powerOf(model.powers[at]!, ...powerNames(logs, at))),
    ),
  ]
}

/** Each value, its size and the logarithm of 1 + its size. */
const powerLogs = (inputs: readonly string[]): SqlColumn[] => [
  ...numbered('value', inputs),
  ...numbered(
    'log',
    inputs.map((input) => log1p(`abs(${input})`)),
  ),
]

function powerNames(logs: readonly SqlColumn[], at: number): [string, string] {
  const names = references(logs)
  return [names[at]!, names[at + names.length / 2]!]
}

/** The Yeo-Johnson transform from a value and log(1 + |value|). */
function powerOf(power: number, value: string, log: string): string {
  const mirrored = 2 - power
  const scaledUp = (share: number): string =>
    share === 0 ? log : `(${expm1(`(${literal(share)} * ${log})`)}) / ${literal(share)}`
  return `case when ${value} >= 0e0 then ${scaledUp(power)} when ${value} < 0e0 then -(${scaledUp(mirrored)}) end`
}

export function quantileLayers(model: QuantileModel, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, model.landmarks.length, inputs)
  if (model.output === 'normal') {
    throw new RapportError(
      'sql.model',
      'quantiles must be written as shares (output uniform) for SQL, got normal scores',
    )
  }
  return [
    numbered(
      'share',
      inputs.map((input, at) => shareOf(model.landmarks[at]!, input)),
    ),
  ]
}

/** The share at a value: where landmarks repeat, the middle of their shares; between two, on the line. */
function shareOf(landmarks: Float64Array, input: string): string {
  if (landmarks.length === 0) return 'cast(null as double)'
  const last = landmarks.length - 1
  const bounds: number[] = []
  const pieces: string[] = []
  for (let first = 0; first <= last; ) {
    let after = first + 1
    while (after <= last && landmarks[after] === landmarks[first]) after += 1
    const value = landmarks[first]!
    const here = value === landmarks[0] ? 0 : value === landmarks[last] ? 1 : (first + after - 1) / 2 / last
    bounds.push(value)
    const line =
      after > last
        ? literal(1)
        : `(${literal(after - 1)} + (${input} - ${literal(value)}) / ${literal(landmarks[after]! - value)}) / ${literal(last)}`
    pieces.push(
      after > first + 1 || after > last
        ? `case when ${input} = ${literal(value)} then ${literal(here)} else ${line} end`
        : line,
    )
    first = after
  }
  return `case when ${input} is not null then ${pieceOf(input, bounds, [literal(0), ...pieces])} end`
}

/** The bin of each value, or a column a bin. */
export function binningLayers(model: BinningModel, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, model.edges.length, inputs)
  return [
    numbered(
      'bin',
      inputs.flatMap((input, at) => binsOf(model, at, input)),
    ),
  ]
}

function binsOf({ edges, output }: BinningModel, column: number, input: string): string[] {
  const inner = edges[column]!
  const bins = Array.from({ length: inner.length + 1 }, (_, bin) => bin)
  const said = (of: (bin: number) => number): string =>
    pieceOf(
      input,
      inner,
      bins.map((bin) => literal(of(bin))),
    )
  if (output === 'ordinal') return [`case when ${input} is not null then ${said((bin) => bin)} end`]
  return bins.map((own) => `case when ${input} is null then 0e0 else ${said((bin) => Number(bin === own))} end`)
}

/** The number of a word's category, null when training did not have it. */
export function categoryLayers(model: CategoryModel, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, 1, inputs)
  return [[{ name: 'code', sql: codeOf(model, inputs[0]!, 'cast(null as double)') }]]
}

export function targetLayers(model: TargetEncodingModel, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, 1, inputs)
  return [[{ name: 'encoded', sql: targetOf(model, inputs[0]!) }]]
}

const targetOf = ({ categories, means, overall }: TargetEncodingModel, input: string): string =>
  codeOf(categories, input, literal(overall), (code) => literal(means[code]!))

function codeOf(model: CategoryModel, input: string, unknown: string, say: (code: number) => string = literal): string {
  const { categories, rare, missing } = model
  const known = categories.map((word, code) => `when ${isWord(input, word)} then ${say(code)}`)
  const ofMissing = missing ? say(codeCount(model) - 1) : unknown
  const others = rare.length > 0 ? say(categories.length) : unknown
  return `case when ${input} is null then ${ofMissing} ${known.join(' ')} else ${others} end`
}

/** A column on its way through a preparation; `of` is the step whose number it is, if it is one to reshape and scale. */
interface PreparedColumn extends SqlColumn {
  readonly of?: FittedNumber
}

/** A whole preparation: its columns under their own names, taken from the table's by theirs. */
export function preparationLayers({ steps, columnNames }: PreparationModel): SqlLayers {
  const filledIn = steps.flatMap(firstColumns)
  const logs = filledIn.flatMap(({ name, of }) =>
    of?.reshape?.kind === 'power' ? [{ name: `log of ${name}`, sql: log1p(`abs(${quoted(name)})`) }] : [],
  )
  const same = filledIn.map(({ name }) => ({ name, sql: quoted(name) }))
  const reshaped = filledIn.map(({ name, of }) => ({ name, sql: reshapedOf(of, name) }))
  const outputs = filledIn.map(({ name, of }, at) => ({
    name: columnNames[at]!,
    sql: of?.scaling ? scaled(of.scaling, 0, quoted(name)) : quoted(name),
  }))
  return [filledIn, [...same, ...logs], reshaped, outputs]
}

/** What a step makes of the table's column before reshaping, in the order of its columns. */
function firstColumns(step: FittedStep, at: number): PreparedColumn[] {
  const named = numbered(`column ${at}`, expressionsOf(step))
  return named.map((column, place) => (step.kind === 'number' && place === 0 ? { ...column, of: step } : column))
}

function expressionsOf(step: FittedStep): string[] {
  switch (step.kind) {
    case 'number':
      return numbersOf(step)
    case 'bins':
      return binsOf(step.model, 0, numberOf(step.name))
    case 'interactions':
      return productsOf(step)
    case 'text':
      return wordsOf(step)
    case 'neighbours':
      throw new RapportError('sql.model', 'there is no SQL for missing values taken from the most similar rows')
  }
}

/** Products of columns that were filled in and standardised, standardised again. */
function productsOf({ each, products, scaling }: FittedInteractions): string[] {
  const factors = each.map((step) => {
    const value = step.imputation ? filled(step.imputation, 0, numberOf(step.name)) : numberOf(step.name)
    return step.scaling ? `(${scaled(step.scaling, 0, value)})` : value
  })
  return products.products.map((product, at) =>
    scaled(scaling, at, product.map((factor) => factors[factor]!).join(' * ')),
  )
}

function numbersOf({ name, imputation }: FittedNumber): string[] {
  const input = numberOf(name)
  if (imputation === null) return [input]
  return [filled(imputation, 0, input), ...(imputation.indicated.length > 0 ? [isMissing(input)] : [])]
}

function wordsOf(step: FittedText): string[] {
  const input = wordOf(step.name)
  if (step.encode === 'hash')
    throw new RapportError('sql.model', 'there is no SQL for words put into columns by a hash')
  if (step.encode === 'target') return [targetOf(step.model, input)]
  const code = codeOf(step.model, input, 'cast(null as double)')
  if (step.encode === 'ordinal') return [code]
  return oneHotOf(step.model, input)
}

/** A column each code. Each asks for its own word alone: if it listed all of them, the text would grow by their square. */
function oneHotOf({ categories, rare, missing }: CategoryModel, input: string): string[] {
  const isOne = (condition: string): string => `case when ${condition} then 1e0 else 0e0 end`
  const own = categories.map((word) => isOne(isWord(input, word)))
  const known = categories.map((word) => `when ${isWord(input, word)} then 0e0`).join(' ')
  return [
    ...own,
    ...(rare.length > 0 ? [`case when ${input} is null then 0e0 ${known} else 1e0 end`] : []),
    ...(missing ? [isMissing(input)] : []),
  ]
}

function reshapedOf(step: FittedNumber | undefined, name: string): string {
  const { reshape } = step ?? {}
  if (reshape?.kind === 'power') return powerOf(reshape.powers[0]!, quoted(name), quoted(`log of ${name}`))
  return reshape?.kind === 'quantiles' ? shareOf(reshape.landmarks[0]!, quoted(name)) : quoted(name)
}
