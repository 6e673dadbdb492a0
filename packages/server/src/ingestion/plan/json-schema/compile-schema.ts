import { type Check, escaped } from './check.ts'
import { fieldsOf, isOneOf, type Keyword, refuse } from './keyword.ts'
import { logicKeywords } from './logic-keywords.ts'
import { structureKeywords } from './structure-keywords.ts'
import { valueKeywords } from './value-keywords.ts'

const draft = 'https://json-schema.org/draft/2020-12/schema'

/** They say something to people only. */
const annotations = ['$comment', 'title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly']
/** Compiled by `if`; without one they mean nothing. */
const branches = ['then', 'else']

const keywords: Readonly<Record<string, Keyword>> = { ...valueKeywords, ...structureKeywords, ...logicKeywords }

const deepest = 64
const mostSchemas = 5000

/**
 * Makes the check of a JSON Schema of draft 2020-12. Of its keywords those are taken that look at values as they are;
 * what refers to other documents, and every word that is no keyword, is refused: a misspelt keyword that is passed over
 * would check nothing.
 *
 * A check is interpreted and counts its steps (see `Run`), because a small schema can ask for any amount of work.
 *
 * @throws RapportError `plan.schema` with a JSON pointer to what is wrong
 */
export function compileSchema(schema: unknown): Check {
  const definitions = new Map<string, Check>()
  let compiled = 0

  const refer = (reference: string): Check | undefined => {
    if (reference !== '#' && !isDeclared(schema, reference)) return undefined
    // Looked up when it is run: a schema may refer to itself.
    return (value, place, run) => definitions.get(reference)!(value, place, run)
  }

  const compile = (written: unknown, at: string, depth: number): Check => {
    compiled += 1
    if (compiled > mostSchemas) refuse(at, `be one of at most ${mostSchemas} schemas`, 'more')
    if (depth > deepest) refuse(at, `be nested at most ${deepest} deep`, 'more')
    if (typeof written === 'boolean') return (_, place, run) => written || run.breaks(place, 'must be left out', at)
    const fields = fieldsOf(written, at)
    const beside = written as Readonly<Record<string, unknown>>
    const checks = fields.flatMap(([name, value]) => {
      const rule = `${at}/${escaped(name)}`
      if (annotations.includes(name) || branches.includes(name) || isHead(name, value, at, rule)) return []
      if (!isOneOf(keywords, name)) refuse(rule, `be one of the keywords ${Object.keys(keywords).join(', ')}`, name)
      return [
        keywords[name]!(value, { rule, beside, refer, compile: (part, place) => compile(part, place, depth + 1) }),
      ]
    })
    return (value, place, run) => {
      let holds = true
      for (const check of checks) {
        if (check(value, place, run)) continue
        holds = false
        if (run.isTrying) break
      }
      return holds
    }
  }

  for (const [name, definition] of fieldsOf((schema as { $defs?: unknown } | null)?.$defs ?? {}, '/$defs')) {
    const place = `/$defs/${escaped(name)}`
    definitions.set(`#${place}`, compile(definition, place, 1))
  }
  if (typeof schema === 'boolean') refuse('', 'be an object', schema)
  const root = compile(schema, '', 0)
  definitions.set('#', root)
  return root
}

/** Keywords that only the schema as a whole may have. */
function isHead(name: string, value: unknown, at: string, rule: string): boolean {
  if (name !== '$schema' && name !== '$id' && name !== '$defs') return false
  if (at !== '') refuse(rule, 'stand in the schema as a whole only', name)
  if (name === '$schema' && value !== draft && value !== `${draft}#`) refuse(rule, `be ${draft}`, value)
  return true
}

function isDeclared(schema: unknown, reference: string): boolean {
  const definitions = (schema as { $defs?: unknown }).$defs
  if (!reference.startsWith('#/$defs/') || typeof definitions !== 'object' || definitions === null) return false
  const name = reference.slice('#/$defs/'.length)
  return !name.includes('/') && Object.hasOwn(definitions, name.replaceAll('~1', '/').replaceAll('~0', '~'))
}
