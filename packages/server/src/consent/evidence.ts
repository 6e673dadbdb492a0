import { type Basis, consentEvent, decisionEvent, decisionProperties } from '@rapport/protocol'
import { shortened } from '../base/index.ts'

/** Where a decision came from and what proves it, as the ledger keeps it. */
export interface Evidence {
  /** browser, signal, api, command */
  readonly source: string
  readonly basis: Basis
  readonly textVersion: string | null
  readonly proof: Readonly<Record<string, unknown>>
}

/**
 * What an event's properties say of its decision: of a page's everything that it sent along, its text's version apart.
 * Only the operator's own event is believed about source and basis.
 */
export function evidenceOf(name: string, properties: string | null): Evidence {
  const given = properties === null ? {} : (JSON.parse(properties) as Record<string, unknown>)
  const recorded = name === decisionEvent ? decisionProperties.safeParse(given) : undefined
  if (recorded?.success) {
    const { source, basis, text_version: textVersion, proof, actor } = recorded.data
    return { source, basis, textVersion, proof: { ...proof, ...(actor === undefined ? {} : { actor }) } }
  }
  if (name !== consentEvent && name !== decisionEvent)
    return { source: 'signal', basis: 'consent', textVersion: null, proof: {} }
  const { text_version, textVersion, ...proof } = given
  const version = text_version ?? textVersion
  return {
    ...{ source: 'browser', basis: 'consent', proof },
    textVersion: typeof version === 'string' || typeof version === 'number' ? shortened(String(version), 200) : null,
  }
}
