import { expect, it } from 'vitest'
import { ListContents } from './list-contents.ts'

// Bea's browser was joined with her; Cid may not be profiled.
const customers = new Map([['anonymous:b', 'bea']])
const names = {
  customerOf: (id: string) => (id === 'cid' ? null : (customers.get(id) ?? id)),
  idsOf: (customer: string) => [customer, ...[...customers].flatMap(([id, of]) => (of === customer ? id : []))],
}

it('has on a list whom an id on it names by now, and looks at whom a change can concern', () => {
  const contents = new ListContents(new Map([['list.vip', ['anonymous:b', 'cid', 'dan']]]), names)
  expect(['bea', 'dan', 'eve'].map((one) => contents.isListed('list.vip', one))).toEqual([true, true, false])
  expect([...contents.customers()]).toEqual(['bea', 'dan'])
  customers.clear()
  expect([contents.isListed('list.vip', 'bea'), contents.isListed('list.vip', 'anonymous:b')]).toEqual([false, true])
  customers.set('anonymous:b', 'bea')
  expect(contents.replace('list.vip', ['bea', 'anonymous:b', 'cid', 'eve'])).toEqual(['bea', 'dan', 'eve'])
  contents.remove('bea')
  expect(contents.isListed('list.vip', 'bea')).toBe(true)
  contents.remove('anonymous:b')
  expect(contents.isListed('list.vip', 'bea')).toBe(false)
})
