/** What the environment sets; the only reader of it. */
export interface Configuration {
  /** `postgres://…`: where state is kept; undefined keeps it in the store's folder. */
  readonly stateUrl: string | undefined
}

export function readConfiguration(environment: NodeJS.ProcessEnv = process.env): Configuration {
  const stateUrl = environment['RAPPORT_STATE_URL']
  return { stateUrl: stateUrl === '' ? undefined : stateUrl }
}
