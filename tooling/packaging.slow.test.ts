import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

// What a stranger gets from the registry: each package packed, installed into an empty folder, and run there.

const root = fileURLToPath(new URL('..', import.meta.url))
const packages = ['numerics', 'learn', 'protocol', 'browser', 'server']
let folder: string

const run = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-packed-'))
  const tarballs = packages.map((name) => {
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
      cwd: join(root, 'packages', name),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [entry] = Object.values(JSON.parse(packed) as Record<string, { filename: string }>)
    return `./${entry!.filename}`
  })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }))
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs])
}, 600_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the libraries load and learn', () => {
  writeFileSync(
    join(folder, 'use.mjs'),
    `import { matrixFromRows } from '@rapport/numerics'
    import { fitKMeans } from '@rapport/learn'
    const data = matrixFromRows([[0, 0], [0, 1], [9, 9], [9, 8]])
    const model = await fitKMeans(data, { clusters: 2, seed: 1 })
    console.log(model.kind, model.inertia)`,
  )
  expect(run('node', ['use.mjs']).trim()).toBe('k-means 1')
})

test('the browser SDK loads where there is no page, brings its script, and needs no types of ours', () => {
  writeFileSync(
    join(folder, 'browser.mjs'),
    `import { analytics, purposes } from '@rapport/browser'
    analytics.track('Waits for load')
    console.log(typeof analytics.load, purposes.length)`,
  )
  const browser = join(folder, 'node_modules', '@rapport', 'browser', 'dist')
  expect(readFileSync(join(browser, 'rapport.min.js'), 'utf8')).toContain('Order Completed')
  for (const file of readdirSync(browser).filter((name) => name.endsWith('.d.ts'))) {
    expect(readFileSync(join(browser, file), 'utf8'), file).not.toMatch(/from '@rapport/)
  }
  expect(run('node', ['browser.mjs']).trim()).toBe('function 6')
})

test('the command makes a shop and analyses it', () => {
  expect(run('npx', ['rapport', '--help'])).toContain('Usage: rapport COMMAND')
  run('npx', ['rapport', 'demo', '--customers', '300', '--store', 'shop'])
  const { analysis } = JSON.parse(run('npx', ['rapport', 'analyze', '--store', 'shop', '--json']))
  expect(analysis.simulated).toBe('fashion')
  expect(existsSync(join(folder, 'shop', 'report.html'))).toBe(true)
})

test('the server brings the script for pages, and answers while an analysis runs in a thread of its own', async () => {
  const words = ['start', '--no-open', '--port', '0', '--store', 'shop']
  const server = spawn(join(folder, 'node_modules', '.bin', 'rapport'), words, { cwd: folder })
  let said = ''
  await new Promise<void>((ready, failed) => {
    server.stderr.on('data', (text) => {
      said += text
      if (said.includes('Ctrl-C ends it')) ready()
    })
    server.once('exit', () => failed(new Error(said)))
  })
  try {
    const [url] = /http:\/\/localhost:\d+/.exec(said)!
    const script = await fetch(`${url}/sdk.js`)
    expect([script.status, await script.text()]).toEqual([200, expect.stringContaining('Order Completed')])
    const analysing = spawn(join(folder, 'node_modules', '.bin', 'rapport'), ['analyze', '--store', 'shop', '--json'], {
      cwd: folder,
    })
    let document = ''
    analysing.stdout.on('data', (text) => {
      document += text
    })
    let answered = 0
    const ended = once(analysing, 'close')
    while (analysing.exitCode === null) {
      expect((await fetch(`${url}/health`)).status).toBe(200)
      answered += 1
      await new Promise((wait) => setTimeout(wait, 100))
    }
    await ended
    expect(JSON.parse(document).analysis.simulated).toBe('fashion')
    expect(answered).toBeGreaterThan(3)
  } finally {
    server.kill('SIGINT')
    await once(server, 'exit')
  }
}, 120_000)

test('no source, test or path of the machine that packed it is inside', () => {
  const files = run('find', ['node_modules/rapport', 'node_modules/@rapport', '-type', 'f']).trim().split('\n')
  expect(files.filter((file) => /\.test\.|\/src\//.test(file))).toEqual([])
  for (const file of files.filter((name) => name.endsWith('.js'))) {
    expect(readFileSync(join(folder, file), 'utf8').includes(root), file).toBe(false)
  }
})
