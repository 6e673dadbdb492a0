import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { endQuietlyWithReader } from './shut-pipe.ts'

test('a reader who has seen enough ends nothing; other faults are thrown', () => {
  const stream = new EventEmitter()
  endQuietlyWithReader(stream as unknown as NodeJS.WriteStream)
  expect(() => stream.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }))).not.toThrow()
  expect(() => stream.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))).toThrow('full')
})
