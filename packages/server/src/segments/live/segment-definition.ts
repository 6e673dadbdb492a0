import { z } from 'zod'
import { RapportError } from '../../base/index.ts'
import { type LiveRule, parseLiveRule } from '../../rules/index.ts'

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
const byRule = head.extend({ rule: z.unknown() }).strict()
const byList = head.extend({ list: z.literal(true) }).strict()

/**
 * Reads a definition: `id`, `name`, `words`, and either `rule` or `list: true`.
 *
 * @throws RapportError `segments.definition` or `segments.rule` with a JSON pointer
 */
export function readSegmentDefinition(json: unknown): SegmentDefinition {
  const isList = typeof json === 'object' && json !== null && 'list' in json
  const read = (isList ? byList : byRule).safeParse(json)
  if (!read.success) {
    const { path, message } = read.error.issues[0]!
    const place = path.length === 0 ? 'the segment' : path.map((step) => `/${String(step)}`).join('')
    throw new RapportError('segments.definition', `${place} must be valid: ${message}`)
  }
  const { id, name, words } = read.data
  return { id, name, words, rule: 'rule' in read.data ? parseLiveRule(read.data.rule, '/rule') : null }
}

/** The JSON that reads back as the definition. */
export const segmentJson = ({ id, name, words, rule }: SegmentDefinition): object => ({
  ...{ id, name, words },
  ...(rule === null ? { list: true } : { rule }),
})
