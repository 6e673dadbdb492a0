/** The folder with initdb and pg_ctl, undefined where there is none. */
export function postgresPrograms(): string | undefined
