import { commands, runCli } from './app.ts'

process.exitCode = await runCli(commands, process.argv.slice(2))
