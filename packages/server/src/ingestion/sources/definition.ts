import { type HttpOrigin, type SourceDefinition, sourceDefinition, targetsOf } from '@rapport/protocol'
import { fit, MisfitError } from '../../base/index.ts'
import { checkMoneyAndZone } from '../check-request.ts'
import { checkBasis } from '../write-consents.ts'

/**
 * A source as somebody defines it, with its defaults.
 *
 * @param mappings names of the ways from records to calls
 * @throws MisfitError `sources.definition` with the place that does not fit; RapportError `ingestion.currency`,
 *   `ingestion.timezone`, `ingestion.basis`
 */
export function readDefinition(draft: unknown, mappings: readonly string[]): SourceDefinition {
  const definition = fit(sourceDefinition, draft, 'sources.definition')
  const { from, into } = definition
  const misfit = (pointer: string, must: string): MisfitError => new MisfitError('sources.definition', pointer, must)
  if (from.type === 'http') checkHttp(from, misfit)
  if (into.kind === 'calls') {
    if (from.type === 'folder') throw misfit('/into/kind', 'files hold orders, events, customers or products')
    if (!mappings.includes(into.mapping)) {
      throw misfit('/into/mapping', `must be one of ${mappings.join(', ') || 'none yet'}, got ${into.mapping}`)
    }
    return definition
  }
  const targets = targetsOf(into.kind).map(({ name }) => name)
  const unknown = Object.keys(into.map).find((target) => !targets.includes(target))
  if (unknown !== undefined) {
    throw misfit(`/into/map/${unknown}`, `a target of ${into.kind} is one of ${targets.join(', ')}, got ${unknown}`)
  }
  checkMoneyAndZone({
    ...(into.currency === undefined ? {} : { currency: into.currency }),
    ...(into.timezone === undefined ? {} : { timezone: into.timezone }),
  })
  checkBasis(into.basis)
  return definition
}

/** Definitions are shown to whoever may see sources: what proves who asks belongs among the secrets. */
function checkHttp({ url, headers }: HttpOrigin, misfit: (pointer: string, must: string) => MisfitError): void {
  const { username, password } = new URL(url)
  if (username !== '' || password !== '')
    throw misfit('/from/url', 'no password in it: keep a secret and name it in auth')
  const secret = Object.keys(headers).find((name) =>
    /^(proxy-)?authorization$|^cookie$|api-?key|token|secret/i.test(name),
  )
  if (secret === undefined) return
  throw misfit(`/from/headers/${secret}`, `keep what ${secret} holds as a secret, and name it in auth`)
}
