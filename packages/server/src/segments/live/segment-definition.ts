import { z } from 'zod'
import { PlacedError, prototypeKeyIn, shortened } from '../../base/index.ts'
import { type LiveRule, type LiveRuleParts, liveRuleParts, parseLiveRule } from '../../rules/index.ts'

/** A segment whose members are known at any moment: by a rule, or a list of customers that somebody keeps. */
export interface SegmentDefinition {
  /** 'rule.cart-abandoners', 'list.beta-testers' */
  readonly id: string
  readonly name: string
  /** Who is in it, in words. */
  readonly words: string
  /** Null where a list says who is in it. */
  readonly rule: LiveRule | null
}

const head = z.object({
  id: z
    .string()
    .max(100)
    .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'must be such as rule.big-spenders: two parts of a-z, 0-9 and -'),
  name: z.string().min(1).max(100),
  words: z.string().min(1).max(500),
})
const byRule = head
  .extend({ rule: z.unknown().refine((rule) => rule !== undefined, 'must be given, or list: true') })
  .strict()
const byList = head.extend({ list: z.literal(true) }).strict()

/**
 * Reads a definition: `id`, `name`, `words`, and either `rule` or `list: true`.
 *
 * @throws RapportError `segments.definition` or `segments.rule` with a JSON pointer
 */
export function readSegmentDefinition(json: unknown): SegmentDefinition {
  const [wrong] = headErrors(json)
  if (wrong !== undefined) throw wrong
  const { id, name, words, rule } = json as { id: string; name: string; words: string; rule?: unknown }
  return { id, name, words, rule: isList(json) ? null : parseLiveRule(rule, '/rule') }
}

/** Everything that keeps a document from being read as a definition, and the tests of its rule that can be read all the same. */
export function segmentDefinitionParts(json: unknown): LiveRuleParts {
  const found = headErrors(json)
  const hasRule = typeof json === 'object' && json !== null && Object.hasOwn(json, 'rule') && !isList(json)
  if (!hasRule) return { errors: found, tests: [] }
  const { errors, tests } = liveRuleParts((json as { readonly rule: unknown }).rule, '/rule')
  return { errors: [...found, ...errors], tests }
}

const isList = (json: unknown): boolean => typeof json === 'object' && json !== null && 'list' in json

/** What is wrong around the rule. */
function headErrors(json: unknown): readonly PlacedError[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return [new PlacedError('segments.definition', 'the segment must be an object with id, name, words and rule', '')]
  const hidden = prototypeKeyIn(json)
  if (hidden !== undefined) return [new PlacedError('segments.definition', `${hidden} must not be a key`, hidden)]
  const schema = isList(json) ? byList : byRule
  const { error } = schema.safeParse(json)
  const may = Object.keys(schema.shape).join(', ')
  return (error?.issues ?? []).flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined]
    return keys.map((key) => {
      const pointer = [...issue.path, ...(key === undefined ? [] : [key])].map((step) => `/${String(step)}`).join('')
      const must = key === undefined ? mustOf(issue, json) : `must not be there: what may is ${may}`
      return new PlacedError('segments.definition', `${pointer} ${must}`, pointer)
    })
  })
}

function mustOf(issue: z.core.$ZodIssue, json: object): string {
  const got: unknown = json[String(issue.path[0]) as keyof typeof json]
  if (issue.code === 'invalid_type') return `must be a text, got ${got === undefined ? 'nothing' : typeof got}`
  if (issue.code === 'too_small') return 'must have at least 1 character, got none'
  if (issue.code === 'too_big') return `must have at most ${issue.maximum} characters`
  if (issue.code === 'invalid_value') return 'must be true, or left out'
  if (got === undefined) return issue.message
  return `${issue.message}, got ${shortened(String(got), 60, '…')}`
}

/** The JSON that reads back as the definition. */
export const segmentJson = ({ id, name, words, rule }: SegmentDefinition): object => ({
  ...{ id, name, words },
  ...(rule === null ? { list: true } : { rule }),
})
