import { expect, test } from 'vitest'
import { allowedHosts } from './allowed-hosts.ts'

test('names are whole and in any case; blocks hold their addresses and no others', () => {
  const allowed = allowedHosts(['CRM.intern', '10.1.0.0/22', 'fd00::/9', '192.168.1.7'])
  expect(['crm.intern', 'crm.INTERN', 'x.crm.intern', 'intern'].map(allowed.hasName)).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(['10.1.3.255', '10.1.4.0', '192.168.1.7', '192.168.1.8'].map(allowed.hasAddress)).toEqual([
    true,
    false,
    true,
    false,
  ])
  expect(['fd7f::1', 'fd80::1', '::1', '::ffff:10.1.0.1'].map(allowed.hasAddress)).toEqual([true, false, false, false])
})

test.each(['10.0.0.0/33', '10.0.0/8', '1.2.3', '*.intern', 'http://crm', 'crm:80', 'a/b', '::1/129', '-a'])(
  '%s is nothing that can be allowed',
  (entry) => {
    expect(() => allowedHosts([entry])).toThrow(expect.objectContaining({ code: 'outgoing.allow' }))
  },
)
