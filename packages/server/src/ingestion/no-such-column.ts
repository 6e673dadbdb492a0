import { RapportError } from '../base/index.ts'
import { wordsOf } from './mapping/header-words.ts'

/** Columns that a message lists at most. */
const listed = 24

/** What is thrown for a mapping to a column that the file does not have: it names those that it has, nearest first. */
export function noSuchColumn(target: string, source: string, names: readonly string[]): RapportError {
  const nearest = nearestFirst(source, names)
  const left = nearest.length - listed
  return new RapportError(
    'ingestion.mapping',
    `the file has no column ${source}, which ${target} is mapped to: it has ${nearest.slice(0, listed).join(', ')}` +
      (left > 0 ? ` and ${left} more` : ''),
  )
}

/**
 * Names by how few letters differ from a wanted one, of equal ones the file's first; capitals and signs do not count, and
 * a name that holds the wanted one, or is held by it, is nearer than any other.
 *
 * @example
 * nearestFirst('custid', ['Total', 'Cust_ID']) // ['Cust_ID', 'Total']
 */
export function nearestFirst(wanted: string, names: readonly string[]): readonly string[] {
  const plain = (name: string): string => wordsOf(name).join('') || name.toLowerCase()
  const goal = plain(wanted)
  const distance = (name: string): number => {
    const other = plain(name)
    const longest = Math.max(goal.length, other.length)
    const isPart = goal !== '' && other !== '' && (goal.includes(other) || other.includes(goal))
    const apart = lettersApart(goal, other) / longest
    return isPart ? apart - 1 : apart
  }
  return names
    .map((name) => ({ name, apart: distance(name) }))
    .sort((one, other) => one.apart - other.apart)
    .map(({ name }) => name)
}

/** Letters to put in, take out or change until one text is the other. Source: Levenshtein, 1966. */
function lettersApart(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const change = above[column - 1]! + (one[row - 1] === other[column - 1] ? 0 : 1)
      line.push(Math.min(change, above[column]! + 1, line[column - 1]! + 1))
    }
    above = line
  }
  return above[other.length]!
}
