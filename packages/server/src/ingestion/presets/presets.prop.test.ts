import type { WebhookPreset } from '@rapport/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RapportError } from '../../base/index.ts'
import { checkCall } from '../live/check-call.ts'
import { orderLinesOf } from '../live/order-rows.ts'
import { contextOf, readCalls } from './calls-of.contract.ts'
import { cases, mutated } from './mutated-payloads.contract.ts'
import { payloadPresets } from './presets.ts'

test.each(cases)(
  '%s %s: any payload is calls that can be checked, of no interest, or clearly refused',
  (preset, topic, payload) => {
    const receivedAt = Date.parse('2026-06-01T00:00:00Z')
    let taken = 0
    fc.assert(
      fc.property(mutated(payload), fc.constantFrom('email', 'id'), fc.boolean(), (sent, who, takesTests) => {
        const context = contextOf({ who, takesTests, ...(topic === undefined ? {} : { topic }) })
        try {
          const { recordsOf, map } = payloadPresets[preset]
          const mapped = recordsOf(sent).map((record) => map(record, context))
          for (const call of mapped.flatMap((one) => ('calls' in one ? one.calls : []))) {
            // Half a character would stop whoever follows the log.
            expect(JSON.stringify(call)).not.toMatch(/\\u(?:d[89a-f]|0000)/i)
            const checked = checkCall(call, undefined, receivedAt)
            if ('event' in checked) {
              taken += 1
              for (const { amountMicros } of orderLinesOf(checked.event, 'EUR'))
                expect(Number.isSafeInteger(amountMicros)).toBe(true)
            } else expect(checked.rejection.reason).toMatch(/must|at most/)
          }
        } catch (error) {
          if (!(error instanceof RapportError)) throw error
          expect(error.code).toBe('ingestion.payload')
          expect(error.message).toMatch(/ must /)
        }
      }),
      { numRuns: 300 },
    )
    // The mutations leave most of it alone: a mapping that takes nothing would show here.
    if (topic !== undefined || preset !== 'zendesk') expect(taken).toBeGreaterThan(30)
  },
)

test('whatever is sent, of any shape', () => {
  const presets = fc.constantFrom(...(Object.keys(payloadPresets) as WebhookPreset[]))
  fc.assert(
    fc.property(presets, fc.jsonValue(), (preset, payload) => {
      try {
        readCalls(payloadPresets[preset], payload, contextOf({ topic: 'orders/create' }))
      } catch (error) {
        // What is of no interest is thrown by the test’s own reading.
        if (!(error instanceof RapportError)) expect((error as Error).message).toMatch(/^ignored: /)
      }
    }),
    { numRuns: 1000 },
  )
})
