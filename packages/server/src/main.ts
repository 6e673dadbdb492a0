import { commands, runCli } from './cli/index.ts'

process.exitCode = await runCli(commands, process.argv.slice(2))
