import { type ConsentDecision, decisionEvent } from '@rapport/protocol'
import { isoOf } from '../base/index.ts'

/** Who recorded a decision, and by which way. */
export interface Recorder {
  readonly source: 'api' | 'command'
  readonly actor?: string
}

/**
 * A decision as a call of the wire, for the event log: changes of consent are events, so that the ledger can be made again
 * from the log.
 */
export function recordedDecision(given: ConsentDecision, { source, actor }: Recorder, at: number): object {
  const { customerId, decision, purposes, basis, textVersion = null, proof, decidedAt } = given
  const isGranted = decision === 'grant'
  const anonymous = /^anonymous:(.+)$/s.exec(customerId)?.[1]
  return {
    ...{ type: 'track', event: decisionEvent, timestamp: decidedAt ?? isoOf(at) },
    ...(anonymous === undefined ? { userId: customerId } : { anonymousId: anonymous }),
    properties: {
      ...{ source, basis: isGranted ? basis : 'consent', text_version: textVersion, proof },
      ...(actor === undefined ? {} : { actor }),
    },
    context: { consent: { categoryPreferences: Object.fromEntries(purposes.map((purpose) => [purpose, isGranted])) } },
  }
}
