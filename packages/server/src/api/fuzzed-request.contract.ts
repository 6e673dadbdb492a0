import { deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'

const odd = fc.oneof(
  fc.constantFrom('', '\0', '\ud800', '__proto__', 'infinity', 'x'.repeat(3000), 1e308, -0, 1e21, null, true, [], {}),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.jsonValue({ maxDepth: 4 }),
)
const field = <Value>(good: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: odd })
// Many people: who has refused once sends no more.
const id = fc.nat(100_000).map((number) => `id${number}`)
const item = fc.record(
  { product_id: field(id), price: field(fc.double()), quantity: field(fc.double()) },
  { requiredKeys: [] },
)
const call = fc.record(
  {
    type: field(fc.constantFrom('track', 'identify', 'page', 'screen', 'group', 'alias')),
    event: field(fc.constantFrom('A', 'Order Completed', 'Segment Consent Preference Updated')),
    ...{ userId: field(id), anonymousId: field(id), previousId: field(id), groupId: field(id), messageId: field(id) },
    timestamp: field(
      fc
        .date({ min: new Date('2026-01-01'), max: new Date('2026-06-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
    ),
    context: field(
      fc.record(
        {
          device: field(fc.record({ id: field(id) })),
          consent: field(
            fc.record({
              categoryPreferences: field(fc.dictionary(fc.constantFrom('analytics', '', 'x'), field(fc.boolean()))),
            }),
          ),
          traits: field(fc.dictionary(fc.string(), odd)),
        },
        { requiredKeys: [] },
      ),
    ),
    properties: field(
      fc.record({
        order_id: field(id),
        currency: field(fc.constant('EUR')),
        discount: odd,
        products: field(fc.array(item)),
      }),
    ),
    traits: field(
      fc.record({ email: field(fc.constant('a@b.example')), emailVerified: odd, createdAt: odd, birthday: odd }),
    ),
  },
  { requiredKeys: [] },
)
const path = fc.constantFrom('/batch', '/import', '/b', '/track', '/t', '/identify', '/page', '/group', '/alias')
const body = fc.oneof(
  { weight: 5, arbitrary: call.map((value) => JSON.stringify(value)) },
  { weight: 5, arbitrary: fc.array(call, { maxLength: 6 }).map((batch) => JSON.stringify({ batch })) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: call.map((value) => gzipSync(JSON.stringify(value))) },
  { weight: 1, arbitrary: call.map((value) => deflateSync(JSON.stringify(value))) },
)
const headers = fc.record(
  {
    'content-encoding': fc.constantFrom('gzip', 'deflate', 'identity', 'br', 'constructor', '__proto__', 'gzip, gzip'),
    'content-type': fc.constantFrom('application/json', 'text/plain', 'text/plain; charset=utf-16', 'x', ''),
    authorization: fc.constantFrom('Basic', 'Basic ====', 'Bearer x', ''),
  },
  { requiredKeys: [] },
)

/** A request of the tracking API of which little may fit: bodies with structure and without, packed and not, odd headers. */
export const fuzzedRequest: fc.Arbitrary<{
  readonly path: string
  readonly body: string | Buffer
  readonly headers: Record<string, string>
}> = fc.record({
  path,
  body,
  headers: fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: headers as fc.Arbitrary<Record<string, string>> },
  ),
})
