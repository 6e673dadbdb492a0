import { isIP } from 'node:net'
import { z } from 'zod'
import { blockOf } from '../outgoing/address-block.ts'
import { choice, list, optionalText, type Setting, text, whole } from './setting.ts'

/**
 * Everything that the operator decides, in the order in which `rapport config` shows it: the one table that the file, the
 * environment, the command line, the JSON Schema and the documentation are made from. A new setting is one entry here.
 */
export const settings = {
  host: text({ description: 'Address to serve on.', default: '127.0.0.1' }),
  port: whole({ description: 'Port to serve on; 0 takes any free one.', default: 8787, least: 0, most: 65_535 }),
  publicUrl: optionalText({
    description: 'Where others reach the server, as behind a reverse proxy; links that it makes begin with it.',
    schema: z.url({ protocol: /^https?$/ }),
  }),
  trustProxy: list({
    description: 'Reverse proxies whose X-Forwarded headers are believed: addresses, ranges, or loopback.',
    default: [],
    of: z.string().refine(isProxy, 'must be an address, a range such as 10.0.0.0/8, or loopback'),
  }),
  hostNames: list({
    description:
      'Names under which browsers may reach the server, besides localhost, addresses and the host of publicUrl.',
    default: [],
    of: z.string().regex(/^[a-z0-9.-]+$/i, 'must be a host name without a port'),
  }),
  logLevel: choice({
    description: 'What is logged, in JSON lines on standard error: at info each answer, never a word about a person.',
    default: 'error',
    choices: ['silent', 'error', 'warn', 'info', 'debug'],
  }),
  writeKeyRequestsPerSecond: whole({
    description: 'Requests a second that may come with one write key; 0 is no limit.',
    ...{ default: 0, least: 0 },
  }),
  stateUrl: optionalText({
    description: 'postgres://user:password@host/database keeps state there instead of in the store’s folder.',
    schema: z.url({ protocol: /^postgres(ql)?$/ }),
    redacted: withoutPassword,
  }),
  warehouseMemoryMegabytes: whole({
    description:
      'Megabytes (2^20 bytes) that the embedded database holds at most: pages of the store that it may drop, and what queries work on before they spill.',
    ...{ default: 1024, least: 256 },
  }),
  metricsAccess: choice({
    description: 'Who sees /metrics: API keys with the scope metrics.read, or also any program of this machine.',
    choices: ['key', 'loopback'],
    default: 'key',
  }),
  readyEventsBehind: whole({
    description: 'Events that identities, consents and the tracking plan may be behind the log before /ready says 503.',
    ...{ default: 50_000, least: 0 },
  }),
  diskFloorMegabytes: whole({
    description: 'Megabytes (2^20 bytes) that the store’s disk must have free, or /ready says 503.',
    ...{ default: 512, least: 0 },
  }),
  shutdownDelaySeconds: whole({
    description: 'Seconds for which the server still answers after it was told to end, with /ready at 503 already.',
    ...{ default: 0, least: 0, most: 5 },
  }),
  eraseWithinDays: whole({
    description:
      'Days after which nothing of an erased customer is left in the store’s files; 0 rewrites them at once.',
    default: 7,
    least: 0,
    most: 30,
  }),
  backupFolder: optionalText({
    description: 'Where the server puts a backup every so often; without one it makes none by itself.',
    schema: z.string().min(1),
  }),
  backupEveryHours: whole({ description: 'Hours between two backups.', default: 24, least: 1 }),
  backupKeep: whole({ description: 'How many backups stay in backupFolder.', default: 7, least: 1 }),
  sourceFolders: list({
    description: 'Folders whose files sources may take.',
    default: [],
  }),
  allowHosts: list({
    description: 'Hosts and blocks of addresses that requests may reach although they are not of the public internet.',
    default: [],
  }),
} satisfies Readonly<Record<string, Setting<unknown>>>

export type SettingName = keyof typeof settings

/** The values that hold. */
export type Configuration = { readonly [Name in SettingName]: z.output<(typeof settings)[Name]['schema']> }

/** `stateUrl` is `RAPPORT_STATE_URL` in the environment. */
export const environmentName = (name: string): string =>
  `RAPPORT_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

function isProxy(given: string): boolean {
  if (given === 'loopback') return true
  // A block leaves out the zone of an address such as fe80::1%eth0, which must be one all the same.
  return blockOf(given) !== undefined && isIP(given.split('/', 1)[0]!) !== 0
}

function withoutPassword(url: string): string {
  const parsed = new URL(url)
  if (parsed.password !== '') parsed.password = '…'
  // A password may stand among the parameters too.
  for (const name of parsed.searchParams.keys()) if (/pass/i.test(name)) parsed.searchParams.set(name, '…')
  return parsed.href.replaceAll('%E2%80%A6', '…')
}
