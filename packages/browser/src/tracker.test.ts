import { expect, test } from 'vitest'
import { eventBytes as eventBytesOfProtocol } from '../../protocol/src/index.ts'
import { eventBytes } from './tracker.ts'

test('the limit of an event is the protocol’s', () => {
  expect(eventBytes).toBe(eventBytesOfProtocol)
})
