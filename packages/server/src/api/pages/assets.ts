import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RapportError } from '../../base/index.ts'
import { reportStyle } from '../../insights/index.ts'

/** A file that pages load: the same bytes for everybody, at a path that changes with them. */
interface Asset {
  readonly path: string
  readonly etag: string
  readonly type: string
  readonly plain: Buffer
  readonly packed: Buffer
}

const beside = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')

function assetOf(name: string, extension: 'css' | 'js', text: string): Asset {
  const plain = Buffer.from(text)
  const digest = createHash('sha256').update(plain).digest('base64url').slice(0, 16)
  const type = extension === 'css' ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8'
  return {
    ...{ path: `/assets/${name}.${digest}.${extension}`, etag: `"${digest}"`, type, plain },
    packed: gzipSync(plain, { level: 9 }),
  }
}

/** What the pages load. */
export const assets = {
  style: assetOf('pages', 'css', `${reportStyle()}\n${beside('./pages.css')}\n${beside('./live/live.css')}`),
  script: assetOf('pages', 'js', beside('./pages.client.js')),
  live: assetOf('live', 'js', beside('./live/live.client.js')),
} as const

/** The browser SDK as pages of the shop load it: one file, minified. */
const sdkFile = createRequire(import.meta.url).resolve('@rapport/browser/rapport.min.js')

/** Styles and scripts of the pages, and the SDK for the shop's own. */
export async function assetRoutes(server: FastifyInstance): Promise<void> {
  const byPath = new Map(Object.values(assets).map((asset) => [asset.path, asset]))
  const file = {
    access: 'public',
    ...{ summary: 'Styles and scripts of the pages, by a name that changes with them', answers: { 200: 'text/css' } },
  } as const
  server.get<{ Params: { file: string } }>('/assets/:file', { config: file }, (request, reply) => {
    const asset = byPath.get(`/assets/${request.params.file}`)
    if (!asset) {
      throw new RapportError('api.not-found', 'there must be such a file, there is not: pages name those that hold')
    }
    return send(request, reply.header('cache-control', 'public, max-age=31536000, immutable'), asset)
  })
  const sdk = assetOf('sdk', 'js', readFileSync(sdkFile, 'utf8'))
  const script = {
    access: 'public',
    ...{ summary: 'The browser SDK, for the pages of the shop', answers: { 200: 'text/javascript' } },
  } as const
  server.get('/sdk.js', { config: script }, (request, reply) =>
    // Any page may load it, and asks again within the hour: a new version must reach every shop.
    send(
      request,
      reply.headers({
        'cache-control': 'public, max-age=3600, stale-while-revalidate=86400',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      }),
      sdk,
    ),
  )
}

function send(request: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply {
  reply.headers({ etag: asset.etag, vary: 'accept-encoding' })
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  if (known.includes(asset.etag) || known.includes('*')) return reply.code(304).send()
  reply.type(asset.type)
  const isPacked = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(request.headers['accept-encoding'] ?? ''))
  return isPacked ? reply.header('content-encoding', 'gzip').send(asset.packed) : reply.send(asset.plain)
}
