import { inTurns, servingMs } from './in-turns.ts'

/**
 * All of these, each once, gathered in turns with whatever else a server has to do.
 *
 * @param into what they are put into. Default: a new set
 */
export function gathered(sources: readonly Iterable<string>[], into = new Set<string>()): Promise<Set<string>> {
  return inTurns(gathering(sources, into), servingMs)
}

function* gathering(sources: readonly Iterable<string>[], into: Set<string>): Generator<void, Set<string>> {
  for (const source of sources)
    for (const one of source) {
      into.add(one)
      yield
    }
  return into
}
