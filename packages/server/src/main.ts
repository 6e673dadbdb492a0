import { commands, endQuietlyWithReader, runCli } from './app.ts'

// Whatever is written is of persons: it is for who runs it only, also what the databases write by themselves.
process.umask(0o077)
for (const stream of [process.stdout, process.stderr]) endQuietlyWithReader(stream)
process.exitCode = await runCli(commands, process.argv.slice(2))
