import { expect, test, vi } from 'vitest'
import { RapportError } from '../base/index.ts'
import type { Command } from './command.ts'
import { exitFailure, exitUsage } from './exit-codes.ts'
import { helpOf, overviewOf } from './help.ts'
import { ProgressBar } from './progress-bar.ts'
import { readArguments } from './read-arguments.ts'
import { runCli } from './run-cli.ts'
import { textTable } from './text-table.ts'

const command: Command = {
  name: 'import',
  summary: 'Reads files into the store',
  words: 'KIND FILE…',
  options: {
    map: { type: 'string', value: 'TARGET=SOURCE', description: 'a column', multiple: true },
    seed: { type: 'string', value: 'N', description: 'seed', default: '1' },
    scenario: { type: 'string', description: 'shop', choices: ['fashion', 'watches'] },
    scope: { type: 'string', description: 'what for', choices: ['read', 'run'], multiple: true },
    yes: { type: 'boolean', description: 'take the proposal' },
  },
  run: async () => ({ document: {}, text: '' }),
}

test('reads words, repeated options, flags, defaults and whole numbers', () => {
  const given = readArguments(command, ['orders', 'a.csv', '--map', 'x=y', '--map=z=w', '--yes'])
  expect(given.words).toEqual(['orders', 'a.csv'])
  expect(given.texts('map')).toEqual(['x=y', 'z=w'])
  expect(given.flag('yes')).toBe(true)
  expect(given.flag('json')).toBe(false)
  expect(given.text('store')).toBe('./rapport-data')
  expect(given.whole('seed', 0)).toBe(1)
})

test.each([
  [['--sead', '1'], "Unknown option '--sead'"],
  [['--scenario', 'cars'], '--scenario must be one of fashion, watches, got cars'],
  [['--scope', 'read', '--scope', 'bogus'], '--scope must be one of read, run, got bogus'],
  [['--map'], "Option '--map <value>' argument missing"],
])('refuses %j', (argv, message) => {
  expect(() => readArguments(command, argv)).toThrow(message)
})

test.each(['x', '-1', '1.5', '', '9e99'])('a whole number must be one, not %j', (text) => {
  expect(() => readArguments(command, [`--seed=${text}`]).whole('seed', 1)).toThrow(
    `--seed must be a whole number of at least 1, got ${text}`,
  )
})

test.each([
  ['state.unreachable', exitFailure],
  ['operation.disk-full', exitFailure],
  ['ingestion.log', exitFailure],
  ['cli.words', exitUsage],
])('%s ends with %d', async (code, exit) => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const run = () => Promise.reject(new RapportError(code, 'something must hold, it does not'))
  try {
    expect(await runCli([{ ...command, isLocal: true, run }], ['import'])).toBe(exit)
    expect(said).toHaveBeenLastCalledWith(`something must hold, it does not (${code})\n`)
  } finally {
    said.mockRestore()
  }
})

test('help names every option with its value, choices and default', () => {
  const help = helpOf(command)
  expect(help).toContain('Usage: rapport import KIND FILE… [options]')
  expect(help).toContain('--map TARGET=SOURCE')
  expect(help).toContain('shop: fashion, watches')
  expect(help).toContain('(default ./rapport-data)')
  expect(overviewOf([command])).toContain('import')
})

test('a bar is drawn in place on a terminal, and lines are printed elsewhere', () => {
  let time = 0
  const written: string[] = []
  const output = { isTTY: true, columns: 60, write: (text: string) => written.push(text) }
  const bar = new ProgressBar(output, () => time)
  bar.show({ stage: 'reading', done: 0, total: 2 })
  expect(written).toEqual([])
  time = 1000
  bar.show({ stage: 'reading', done: 1, total: 2 })
  expect(written.at(-1)).toContain('50 %  reading')
  bar.clear()
  expect(written.at(-1)).toBe('\r\x1b[2K')
  const lines: string[] = []
  const piped = new ProgressBar({ write: (text: string) => lines.push(text) }, () => time)
  time = 3000
  piped.show({ stage: 'reading', done: 1, total: 2 })
  piped.show({ stage: 'reading', done: 2, total: 2 })
  expect(lines).toEqual(['reading …\n'])
})

test('a table is as wide as its cells', () => {
  const table = textTable(
    [{ name: 'Ann', n: 5 }],
    [
      { title: 'name', value: ({ name }) => name },
      { title: 'orders', value: ({ n }) => String(n), align: 'right' },
    ],
  )
  expect(table).toBe('name  orders\n────  ──────\nAnn        5')
})
