import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { prove } from './record.ts'
import { root } from './rows-file.ts'
import { runTests } from './run-tests.ts'

const versionOf = (name: string): string => {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as {
    version: string
  }
  return `${name} ${version}`
}

prove({
  name: 'sdks-node',
  claim:
    'Segment’s library for Node.js, unmodified, pointed at the server: each of the six calls arrives as what it is',
  measure: () => runTests(versionOf('@segment/analytics-node'), ['packages/server/src/api/segment-sdk.test.ts']),
})

prove({
  name: 'sdks-browser',
  claim:
    'Segment’s library for browsers, unmodified, in headless Chromium: page, track, identify, group and alias arrive, one by one and in batches, and once each after an outage',
  measure: () => runTests(versionOf('@segment/analytics-next'), ['tooling/segment-browser.slow.test.ts']),
})

prove({
  name: 'sdks-mobile',
  claim:
    'requests as the SDKs for iOS, Android, React Native and Flutter make them, written after their sources: every event arrives as what it is, with its age, and the settings they ask for name this server',
  measure: () =>
    runTests('analytics-swift, analytics-kotlin, analytics-react-native, analytics_flutter', [
      'packages/server/src/api/mobile-sdks.test.ts',
    ]),
})
