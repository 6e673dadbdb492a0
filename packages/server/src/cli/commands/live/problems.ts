import type { DefinitionProblem } from '../../../features/index.ts'
import type { Outcome } from '../../command.ts'

/** What a check found: one line for each mistake, which says what must hold and what was got. */
export function describeProblems(problems: readonly DefinitionProblem[], checked: number, what: string): Outcome {
  const isValid = problems.length === 0
  const lines = problems.map(({ index, message, code, pointer }) => {
    const where = checked > 1 ? `${what} ${index + 1}: ` : ''
    return `${where}${message} (${code}${pointer === '' ? '' : `, at ${pointer}`})`
  })
  const count = `${problems.length} ${problems.length === 1 ? 'mistake' : 'mistakes'}`
  return {
    document: { isValid, problems },
    text: isValid ? `${checked} ${checked === 1 ? what : `${what}s`} can be declared` : [...lines, count].join('\n'),
    ...(isValid ? {} : { isFailure: true }),
  }
}
