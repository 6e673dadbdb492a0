import { RE2JS } from 're2js'
import { refuse } from './keyword.ts'

/** A regular expression that takes time in proportion to the text, whatever it is. */
export interface LinearPattern {
  /** Steps that trying it may take. */
  cost(text: string): number
  /** Whether any part of `text` matches. */
  test(text: string): boolean
}

const longest = 512
/** Counted repetitions of repetitions grow fast. */
const mostInstructions = 1000

/**
 * A pattern of a schema, run by an automaton: JavaScript's own engine goes back and tries again, and a pattern like
 * `^(a+)+$` would hold the server up for as long as a sender likes. What an automaton cannot do is refused:
 * backreferences and looking around.
 *
 * @throws RapportError `plan.schema`
 */
export function linearPattern(written: unknown, rule: string): LinearPattern {
  if (typeof written !== 'string' || written.length > longest) {
    refuse(rule, `be a regular expression of at most ${longest} characters`, written)
  }
  const compiled = compile(written, rule)
  const size = compiled.programSize()
  if (size > mostInstructions) refuse(rule, 'repeat less', written)
  return {
    cost: (text) => 1 + ((text.length * size) >> 5),
    test: (text) => compiled.test(text),
  }
}

function compile(pattern: string, rule: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return refuse(rule, 'be a regular expression without backreferences and looking around', `${pattern} (${why})`)
  }
}
