import { createInterface } from 'node:readline/promises'
import { now, type Progress, RapportError } from '../base/index.ts'
import type { Command, Given, Outcome } from './command.ts'
import { configureStore } from './configuration-of.ts'
import { exitFailure, exitInterrupted, exitUsage } from './exit-codes.ts'
import { helpOf, overviewOf } from './help.ts'
import { ProgressBar } from './progress-bar.ts'
import { readArguments } from './read-arguments.ts'
import { askServer } from './remote/ask-server.ts'

/**
 * Runs one command line and tells how it ended. Progress and questions go to standard error, results to standard
 * output. The first Ctrl-C asks the work to stop and leave the store sound; a second one ends the process at once.
 *
 * @param argv the words after `rapport`
 * @returns the exit code: 0, 1 for our fault, 2 for the user's, 130 when interrupted
 */
export async function runCli(commands: readonly Command[], argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(`${overviewOf(commands)}\n`)
    return 0
  }
  const command = commands.find((candidate) => candidate.name === name)
  if (!command) {
    const known = commands.map((candidate) => candidate.name).join(', ')
    process.stderr.write(`the command must be one of ${known}, got ${name}\n`)
    return exitUsage
  }
  const stop = new AbortController()
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(exitInterrupted)
    stop.abort('interrupted')
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    return await runCommand(command, rest, stop.signal)
  } catch (error) {
    return explain(error, stop.signal.aborted)
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

async function runCommand(command: Command, argv: readonly string[], signal: AbortSignal): Promise<number> {
  const given = readArguments(command, argv)
  if (given.flag('help')) {
    process.stdout.write(`${helpOf(command)}\n`)
    return 0
  }
  const bar = new ProgressBar(process.stderr, now)
  const isInteractive = process.stdin.isTTY === true && process.stderr.isTTY === true
  try {
    const here = {
      store: given.text('store')!,
      work: { signal, onProgress: (progress: Progress) => bar.show(progress) },
      isInteractive,
      tell: (text: string) => {
        bar.clear()
        process.stderr.write(`${text}\n`)
      },
      ask: async (question: string) => {
        bar.clear()
        return isInteractive && (await askYesNo(question))
      },
    }
    configureStore(here.store, { file: given.text('config') })
    const there = command.isLocal ? undefined : await askServer([command.name, ...argv], here)
    const outcome = there ?? (await command.run({ ...here, given, path: (text) => text }))
    bar.clear()
    await print(outcome, given)
    return outcome.isFailure === true ? exitFailure : 0
  } finally {
    bar.clear()
  }
}

async function print({ document, text }: Outcome, given: Given): Promise<void> {
  const output = given.flag('json') ? JSON.stringify(document, null, 2) : text
  if (output === '') return
  // A pipe may take only part at once; leaving before the rest is taken would cut the document.
  await new Promise<void>((done) => process.stdout.write(`${output}\n`, () => done()))
}

async function askYesNo(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}

/** One line for what the user can act on; for our own bugs also where they happened. */
function explain(error: unknown, wasInterrupted: boolean): number {
  if (error instanceof RapportError) {
    if (wasInterrupted && error.code === 'work.aborted') {
      process.stderr.write('stopped: nothing in the store is half done\n')
      return exitInterrupted
    }
    process.stderr.write(`${error.message} (${error.code})\n`)
    return machineFaults.has(error.code) ? exitFailure : exitUsage
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.stderr.write('this is a mistake in rapport, not in what you did: please report it with the lines above\n')
  return exitFailure
}

const machineFaults = new Set([
  'warehouse.disk-full',
  'warehouse.memory',
  'warehouse.damaged',
  'state.disk-full',
  'state.unreachable',
  'state.damaged',
  'ingestion.disk-full',
  'ingestion.disk',
  'ingestion.log',
  'operation.disk-full',
  'work.worker',
])
