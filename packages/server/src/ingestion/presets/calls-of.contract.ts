import { expect } from 'vitest'
import { checkCall } from '../live/check-call.ts'
import type { LiveEvent } from '../live/live-event.ts'
import { type LiveOrderLine, orderLinesOf } from '../live/order-rows.ts'
import type { Mapped, PayloadContext, PayloadReader, WireCall } from './wire-call.ts'

/** A context as most webhooks have it. */
export const contextOf = (more: Partial<PayloadContext> = {}): PayloadContext => ({
  ...{ who: 'email', scope: 'test', takesTests: false },
  ...more,
})

export function callsOf(mapped: Mapped): readonly WireCall[] {
  if ('ignored' in mapped) throw new Error(`ignored: ${mapped.ignored}`)
  return mapped.calls
}

/** The events of calls that the log takes; a call that it would not take fails the test. */
export function eventsOf(calls: readonly WireCall[]): LiveEvent[] {
  return calls.map((call) => {
    const checked = checkCall(call, undefined, Date.parse('2026-06-01T00:00:00Z'))
    if (!('event' in checked)) throw new Error(checked.rejection.reason)
    expect(checked.event.messageId).not.toBeNull()
    return checked.event
  })
}

/** What the log keeps of these events: each once by its id, each order line once by its key. */
export function keptOf(calls: readonly WireCall[]): { readonly names: string[]; readonly lines: LiveOrderLine[] } {
  const events = new Map(
    eventsOf(calls)
      .toReversed()
      .map((event) => [event.messageId, event]),
  )
  const inOrder = [...events.values()].toReversed()
  const lines = new Map(inOrder.flatMap((event) => orderLinesOf(event, null)).map((line) => [line.key, line]))
  return { names: inOrder.map(({ name }) => name), lines: [...lines.values()] }
}

export const brought = (lines: readonly LiveOrderLine[]): number =>
  lines.reduce((sum, { amountMicros }) => sum + amountMicros, 0)

/** Everything that a payload tells of. */
export function readCalls(reader: PayloadReader, payload: unknown, context: PayloadContext): readonly WireCall[] {
  return reader.recordsOf(payload).flatMap((record) => callsOf(reader.map(record, context)))
}
