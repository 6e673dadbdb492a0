import type { Tree } from '../defined/plan.ts'
import type { LinearTerm, Scoring, ScoringTree } from '../defined/scoring.ts'
import { partsOf } from '../defined/tree.ts'

/** Whether a model is asked anywhere in it. */
export const hasModel = (tree: Tree): boolean =>
  tree.kind === 'model' || (tree.kind !== 'leaf' && partsOf(tree).some(hasModel))

/** Arithmetic above leaves as SQL; what models are told is collected as columns to be made first. */
export class TreesSql {
  readonly #values: ReadonlyMap<number, string>
  readonly #inputs = new Map<string, string>()

  /** @param values of leaves, by their places */
  constructor(values: ReadonlyMap<number, string>) {
    this.#values = values
  }

  get inputs(): readonly { readonly sql: string; readonly column: string }[] {
    return [...this.#inputs].map(([sql, column]) => ({ sql, column }))
  }

  of(tree: Tree): string {
    switch (tree.kind) {
      case 'leaf':
        return `(${this.#values.get(tree.leaf)!})`
      case 'sum': {
        const parts = tree.parts.map((part, at) => `${this.of(part)} * ${literal(tree.times[at]!)}`)
        return `(${['0e0', ...parts, literal(tree.plus)].join(' + ')})`
      }
      case 'given':
        return `(case when ${this.of(tree.if)} ${tree.op === '!=' ? '<>' : tree.op} ${literal(tree.than)} then ${this.of(tree.of)} end)`
      case 'model':
        return tree.scoring === null
          ? 'null::double'
          : scoringSql(
              tree.scoring,
              tree.inputs.map((input) => this.#input(input)),
            )
      default: {
        const [one, other] = partsOf(tree).map((part) => this.of(part)) as [string, string]
        if (tree.kind === 'difference') return `(${one} - ${other})`
        if (tree.kind === 'ratio') return `(${one} / nullif(${other}, 0))`
        return `((${one} - ${other}) / nullif(${one} + ${other}, 0))`
      }
    }
  }

  #input(tree: Tree): string {
    const sql = this.of(tree)
    const held = this.#inputs.get(sql) ?? `input_${this.#inputs.size}`
    this.#inputs.set(sql, held)
    return held
  }
}

/** A double with all its digits. */
const literal = (value: number): string => (value < 0 ? `(${value.toExponential()})` : value.toExponential())

function scoringSql({ base, terms, trees, slope, offset }: Scoring, inputs: readonly string[]): string {
  const parts = [...terms.map((term) => termSql(term, inputs)), ...trees.map((tree) => treeSql(tree, inputs))]
  const odds = `(${[literal(base), ...parts].join('\n      + ')})`
  return `(1e0 / (1e0 + exp(-(${literal(slope)} * ${odds} + ${literal(offset)}))))`
}

function termSql({ input, of, fill, centre, scale, most, coefficient }: LinearTerm, inputs: readonly string[]): string {
  const value = inputs[input]!
  const known = of === 'log' ? `sign(${value}) * ln(1e0 + abs(${value}))` : value
  const own =
    of === 'missing' ? `case when ${value} is null then 1e0 else 0e0 end` : `coalesce(${known}, ${literal(fill)})`
  const scaled = `(${own} - ${literal(centre)}) / ${literal(scale)}`
  return `${literal(coefficient)} * greatest(${literal(-most)}, least(${literal(most)}, ${scaled}))`
}

/** A condition that is null goes to `else`, as what is missing and goes right. */
function treeSql(tree: ScoringTree, inputs: readonly string[]): string {
  if (typeof tree === 'number') return literal(tree)
  const value = inputs[tree.input]!
  const asked = `${value} <= ${literal(tree.upTo)}`
  const goesLeft = tree.missingLeft ? `(${asked} or ${value} is null)` : asked
  return `case when ${goesLeft} then ${treeSql(tree.left, inputs)} else ${treeSql(tree.right, inputs)} end`
}
