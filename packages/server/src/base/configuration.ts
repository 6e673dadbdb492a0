/** What the environment sets; the only reader of it. */
export interface Configuration {
  /** `postgres://…`: where state is kept; undefined keeps it in the store's folder. */
  readonly stateUrl: string | undefined
  /** Hosts and blocks of addresses that requests may reach although they are not of the public internet. */
  readonly allowHosts: readonly string[]
}

export function readConfiguration(environment: NodeJS.ProcessEnv = process.env): Configuration {
  const stateUrl = environment['RAPPORT_STATE_URL']
  const allowHosts = (environment['RAPPORT_ALLOW_HOSTS'] ?? '').split(/[\s,]+/).filter((entry) => entry !== '')
  return { stateUrl: stateUrl === '' ? undefined : stateUrl, allowHosts }
}
