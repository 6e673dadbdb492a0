import { type SdkSettings, sdkSettings } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import type { WriteKeys } from '../access/index.ts'
import { RapportError } from '../base/index.ts'
import { type Origins, reachedAt } from './origins.ts'

/**
 * The settings that Segment's SDKs for browsers and phones ask for before they send. A page whose SDK is told this server
 * as its CDN needs nothing else.
 */
export function sdkSettingsRoutes(keys: WriteKeys, origins: Origins) {
  return async (server: FastifyInstance): Promise<void> => {
    const config = {
      access: 'public',
      summary: 'Settings for Segment’s SDKs: where to send events',
      answers: { 200: sdkSettings },
    } as const
    server.get<{ Params: { key: string } }>(
      '/projects/:key/settings',
      { config },
      async (request, reply): Promise<SdkSettings> => {
        const { key } = request.params
        reply.headers({ 'access-control-allow-origin': '*', 'cache-control': 'no-store' })
        if (!keys.isKnown(key)) {
          throw new RapportError(
            'api.not-found',
            'the key must be a write key that holds: rapport keys list shows them',
          )
        }
        const at = new URL(reachedAt(request, origins))
        const apiHost = `${at.host}${at.pathname.replace(/\/+$/, '')}/v1`
        return {
          integrations: {
            'Segment.io': { apiKey: key, apiHost, protocol: at.protocol === 'https:' ? 'https' : 'http' },
          },
          ...{ plan: {}, edgeFunction: {}, middlewareSettings: {}, metrics: { sampleRate: 0 } },
        }
      },
    )
  }
}
