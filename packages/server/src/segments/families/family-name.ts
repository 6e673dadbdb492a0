import { RapportError } from '../../base/index.ts'

/** Families that the analysis makes by itself. */
const analysisFamilies: readonly string[] = ['rfm', 'discovered', 'rule']

/**
 * A name that segments' ids can begin with.
 *
 * @throws RapportError `segments.name`
 */
export function checkFamilyName(name: string): string {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name)) {
    throw new RapportError(
      'segments.name',
      `--name must be a letter and up to 39 more of a-z, 0-9 and -, got ${JSON.stringify(name.slice(0, 60))}`,
    )
  }
  if (analysisFamilies.includes(name)) {
    throw new RapportError(
      'segments.name',
      `--name must not be ${analysisFamilies.join(', ')}: the analysis makes these`,
    )
  }
  return name
}
