import { eachInTurns } from './each-in-turns.ts'

/**
 * All of these, each once, gathered in turns with whatever else a server has to do.
 *
 * @param into what they are put into. Default: a new set
 */
export async function gathered(sources: readonly Iterable<string>[], into = new Set<string>()): Promise<Set<string>> {
  for (const source of sources) await eachInTurns(source, (one) => into.add(one))
  return into
}
