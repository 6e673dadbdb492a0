import { expect, test } from 'vitest'
import { inviteOwner, openByInvitation } from '../access/index.ts'
import { serveTestStore } from './served-store.contract.ts'

const headers = { host: 'localhost:8787', origin: 'http://localhost:8787' }

test.each([
  [undefined, 'http://localhost:8787'],
  ['https://rapport.shop.example/', 'https://rapport.shop.example'],
  ['https://shop.example/rapport/', 'https://shop.example/rapport'],
])('with the public address %s, links to join and snippets begin with %s', async (publicUrl, url) => {
  const served = await serveTestStore({ publicUrl })
  const cookie = `rapport_session=${await openByInvitation(served.state, await inviteOwner(served.state))}`
  const payload = { email: 'ann@shop.example', role: 'viewer' }
  const ask = { method: 'POST', url: '/v1/operators', payload, headers: { ...headers, cookie } } as const
  const invited = await served.server.inject(ask)
  expect([invited.statusCode, invited.json().link.startsWith(`${url}/join/`)]).toEqual([201, true])
  const overview = await served.server.inject({ url: '/', headers: { ...headers, cookie } })
  expect(overview.body).toContain(`${url}/sdk.js`)
  await served.close()
})
