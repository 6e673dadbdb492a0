/** The SDK as a script for a page, and as a module for a bundler: the text of each. */
export function bundleBrowser(): Promise<{ readonly script: string; readonly module: string }>
