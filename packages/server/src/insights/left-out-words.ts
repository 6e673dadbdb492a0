import type { LeftOut } from './analysis.ts'

/** The command that says on which basis customers are profiled who were never asked. */
export const basisCommand = 'rapport consent basis legitimate-interest'

/**
 * Who was left out of segments, scores and recommendations, and why; what can be done when that is everybody. Undefined
 * when nobody was.
 */
export function leftOutWords(leftOut: LeftOut | null, count: (n: number) => string): string | undefined {
  if (leftOut === null || leftOut.customers === 0) return undefined
  const { customers, refused, profiled } = leftOut
  const asked = customers - refused
  const why = [
    ...(asked > 0 ? [`${count(asked)} never agreed to it`] : []),
    ...(refused > 0 ? [`${count(refused)} refused it`] : []),
  ].join(', ')
  const who = `${count(customers)} customer${customers === 1 ? '' : 's'} left out: no consent to profiling (${why})`
  if (profiled > 0) return `${who}; totals count them, segments, scores and recommendations do not`
  return `${who}, and nobody else is there. Totals count them; nothing else is found without customers. If you have a legal basis for profiling them, say so (${basisCommand}), and analyse again`
}
