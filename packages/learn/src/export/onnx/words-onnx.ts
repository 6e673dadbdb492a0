import { RapportError } from '@rapport/numerics'
import { codeCount } from '../../preparation/category-encoding.ts'
import type { CategoryModel, TargetEncodingModel } from '../../preparation/index.ts'
import type { OnnxGraph } from './onnx-graph.ts'

export interface WordsOptions {
  /** The text that stands for a missing word, which ONNX does not have. */
  readonly missingWord: string
  /** A column for each code instead of one of codes, 0 in all of them for a word that training did not have. */
  readonly oneHot: boolean
}

/** Columns that `wordsGraph` gives. */
export const wordColumns = (model: CategoryModel | TargetEncodingModel, { oneHot }: WordsOptions): number =>
  oneHot && model.kind === 'categories' ? codeCount(model) : 1

/**
 * The code of each word, NaN for one that training did not have; or a column a code; or the mean of a target.
 *
 * @param input texts `[n × 1]`
 * @throws RapportError `onnx.missing` when the text for missing words is a category
 */
export function wordsGraph(
  graph: OnnxGraph,
  model: CategoryModel | TargetEncodingModel,
  options: WordsOptions,
  input: string,
): string {
  const encoding = model.kind === 'categories' ? model : model.categories
  const { categories, rare, missing } = encoding
  const { missingWord } = options
  if (categories.includes(missingWord) || rare.includes(missingWord)) {
    throw new RapportError(
      'onnx.missing',
      `missingWord must be a text that is no category, got ${JSON.stringify(missingWord)}`,
    )
  }
  const count = codeCount(encoding)
  // One place after all codes is for words that training did not have.
  const codes = graph.learned('LabelEncoder', [input], {
    keys_strings: [...categories, missingWord],
    values_int64s: { ints: [...categories.map((_, code) => code), missing ? count - 1 : count] },
    default_int64: rare.length > 0 ? categories.length : count,
  })
  if (model.kind === 'target-encoding') {
    return graph.node('Gather', [graph.doubles([...model.means.subarray(0, count), model.overall]), codes])
  }
  if (!options.oneHot) {
    return graph.node('Gather', [
      graph.doubles([...Array.from({ length: count }, (_, code) => code), Number.NaN]),
      codes,
    ])
  }
  const table = new Float64Array((count + 1) * count)
  for (let code = 0; code < count; code += 1) table[code * count + code] = 1
  const rows = graph.node('Gather', [graph.doubles(table, [count + 1, count]), codes])
  return graph.node('Squeeze', [rows, graph.ints([1])])
}
