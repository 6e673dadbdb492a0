import { type FeatureDefinition, featureEntity, featureName } from '@rapport/protocol'
import { PlacedError, RapportError } from '../../base/index.ts'
import { type ExpressionPart, expressionParts, featuresLedTo } from './expression-parts.ts'
import { planFeatures } from './plan-features.ts'
import { definitionParts, readDefinition } from './read-definition.ts'

/** Something that keeps a definition from being declared. */
export interface DefinitionProblem {
  /** Which of the documents it is about, from 0. */
  readonly index: number
  /** What the document calls itself; null where that cannot be read. */
  readonly name: string | null
  readonly code: string
  readonly message: string
  /** JSON pointer into the document; '' where it is about the whole. */
  readonly pointer: string
}

/**
 * Everything that keeps definitions from being declared together, beside those that there are; nothing is changed.
 *
 * @param held what is declared already; documents of the same names take their places
 */
export function checkFeatures(
  documents: readonly unknown[],
  held: readonly FeatureDefinition[],
): readonly DefinitionProblem[] {
  const read = documents.map((document) => ({ document, ...definitionParts(document) }))
  const problems = read.flatMap(({ document, errors }, index) =>
    errors.map((error) => problemOf(error, index, nameIn(document, 'name'))),
  )
  const wanted = read.flatMap(({ document, errors }, index) =>
    errors.length === 0 ? [{ index, definition: readDefinition(document) }] : [],
  )
  const named = new Set(documents.map((document) => nameIn(document, 'name')))
  const others = held.filter(({ name }) => !named.has(name))
  const unread = new Set<string | null>(
    read.flatMap(({ document, errors }) => (errors.length > 0 ? [nameIn(document, 'name')] : [])),
  )
  const byName = new Map<string, FeatureDefinition>()
  for (const definition of [...others, ...wanted.map((one) => one.definition)]) byName.set(definition.name, definition)
  const twice = new Set<string>()
  for (const { index, definition } of wanted) {
    const { name } = definition
    const note = (error: PlacedError): void => void problems.push(problemOf(error, index, name))
    if (twice.has(name))
      note(new PlacedError('features.definition', `${name}/name must be of one definition, got two`, '/name'))
    twice.add(name)
    for (const error of planErrors(definition, byName)) if (!isOfUnread(error, unread)) note(error)
  }
  // Of what could not be read as a whole, the expressions that can be are looked at by themselves.
  for (const [index, { document, errors, expressions }] of read.entries()) {
    const entity = featureEntity.optional().safeParse((document as { readonly entity?: unknown } | null)?.entity)
    if (errors.length === 0 || !entity.success) continue
    const name = nameIn(document, 'name')
    const around = { name: featureName.safeParse(name).data ?? '', label: '', entity: entity.data ?? 'customer' }
    for (const error of partsErrors(expressions, around, byName))
      if (!isOfUnread(error, unread)) problems.push(problemOf(error, index, name))
  }
  // What there is already must still fit to what changes.
  for (const definition of others)
    for (const error of planErrors(definition, byName).slice(0, 1))
      if (named.size > 0 && !isOfUnread(error, unread))
        problems.push(problemOf(error, indexOf(error, wanted), definition.name))
  return problems
}

/** A reference to what could not be read is no mistake of its own. */
const isOfUnread = ({ code, message }: PlacedError, unread: ReadonlySet<string | null>): boolean =>
  code === 'features.unknown' && unread.has(message.slice(message.lastIndexOf(' ') + 1))

/** The document that the message is about; the first where it is about none of them. */
const indexOf = (
  { message }: PlacedError,
  wanted: readonly { readonly index: number; readonly definition: FeatureDefinition }[],
): number =>
  wanted.find(({ definition }) => message.startsWith(`${definition.name}/`) || message.endsWith(definition.name))
    ?.index ?? 0

/**
 * What is wrong with the names and types of a definition and of each of its parts, each said once.
 *
 * @param definition whose value may stand elsewhere than under `/value`, at its pointer
 */
export function planErrors(
  definition: FeatureDefinition & { readonly pointer?: string },
  byName: ReadonlyMap<string, FeatureDefinition>,
): readonly PlacedError[] {
  const { value, pointer = '/value', ...around } = definition
  return partsErrors(expressionParts(value, pointer), around, byName)
}

function partsErrors(
  parts: readonly ExpressionPart[],
  around: Omit<FeatureDefinition, 'value'>,
  byName: ReadonlyMap<string, FeatureDefinition>,
): readonly PlacedError[] {
  const found = new Map<string, PlacedError>()
  for (const part of parts) {
    // To plan a thousand others for each of them would take long.
    const within = featuresLedTo(part.value, byName).filter(({ name }) => name !== around.name)
    attempt(
      () => void planFeatures([{ ...around, ...part }, ...within]),
      (error) => found.set(error.message, error),
    )
  }
  return [...found.values()]
}

function attempt(work: () => void, note: (error: PlacedError) => void): void {
  try {
    work()
  } catch (error) {
    if (error instanceof PlacedError) note(error)
    else if (error instanceof RapportError) note(new PlacedError(error.code, error.message, ''))
    else throw error
  }
}

export const problemOf = (
  { code, message, pointer }: PlacedError,
  index: number,
  name: string | null,
): DefinitionProblem => ({ index, name, code, message, pointer })

/** What a document calls itself. */
export function nameIn(document: unknown, key: 'name' | 'id'): string | null {
  if (typeof document !== 'object' || document === null) return null
  const name: unknown = Object.hasOwn(document, key) ? document[key as keyof typeof document] : undefined
  return typeof name === 'string' && name !== '' ? name.slice(0, 100) : null
}
