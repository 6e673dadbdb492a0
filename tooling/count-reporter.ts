import type { Reporter, TestModule } from 'vitest/node'

/** Prints the closing line that continuous integration counts tests by, from the runner's own report. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      let counted = 0
      for (const test of module.children.allTests()) {
        const state = test.result().state
        if (state === 'passed') count.passed += 1
        else if (state === 'skipped') count.skipped += 1
        else count.failed += 1
        counted += 1
      }
      // A file that could not be loaded holds no tests, and must not pass for that.
      if (counted === 0 && module.state() === 'failed') count.failed += 1
    }
    count.failed += errors.length
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`)
  }
}
