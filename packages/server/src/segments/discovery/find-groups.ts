import { RapportError, type Work } from '../../base/index.ts'
import { groupsByDensity } from './by-density.ts'
import { groupsByPartition } from './by-partition.ts'
import type { Compared, FindOptions, FoundGroups, NoGroups } from './found-groups.ts'
import { isDensity } from './methods.ts'

/** As `chooseK` asks for the eight numbers that it tries. */
const knownMin = 80

/**
 * Groups of alike customers by a chosen method, or a reason why there are none.
 *
 * @throws RapportError `segments.discover` for options that the method does not take, or that ask for more than there is
 */
export async function findGroups(
  compared: Compared,
  options: FindOptions,
  work?: Work,
): Promise<FoundGroups | NoGroups> {
  checkFindOptions(options)
  const { known, knownWords } = compared.points
  checkSizes(options, known.length)
  const least = options.k === undefined ? knownMin : 2 * options.k
  if (known.length < least) {
    const reason = `no groups to be seen: ${knownWords}, and it takes ${least}`
    return { found: false, reason, candidates: [] }
  }
  const { method } = options
  return isDensity(method)
    ? groupsByDensity(method, compared, options, work)
    : groupsByPartition(method, compared, options, work)
}

/** More groups than half of the customers, or larger ones than all of them, are a slip, and no reason to take a family back. */
function checkSizes({ k = 2, sizeMin = 2 }: FindOptions, known: number): void {
  if (known < 4) return
  const refused = (words: string): RapportError => new RapportError('segments.discover', words)
  if (2 * k > known) {
    throw refused(
      `--k must be at most ${Math.floor(known / 2)}, half of the ${known} customers who are known well, got ${k}`,
    )
  }
  if (sizeMin > known) {
    throw refused(`--size-min must be at most the ${known} customers who are known well, got ${sizeMin}`)
  }
}

/** @throws RapportError `segments.discover` for options that the method does not take */
export function checkFindOptions({ method, k, radius, sizeMin }: FindOptions): void {
  const refused = (option: string, why: string): RapportError =>
    new RapportError('segments.discover', `--${option} must be left out with ${method}: ${why}`)
  if (k !== undefined && isDensity(method)) throw refused('k', 'it finds the number of groups itself')
  if (radius !== undefined && method !== 'dbscan') throw refused('radius', 'only dbscan has one')
  if (sizeMin !== undefined && method !== 'hdbscan') throw refused('size-min', 'only hdbscan has one')
}
