import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser, openWorkbench } from './browser.mjs';
import { startServer } from './server.mjs';

/**
 * Tells whether this machine can run the tests in a real VS Code: opens a tiny extension in each host that the tests
 * use, runs a module in it, finds its webview and leaves a picture. `node scripts/workbench/selfcheck.mjs`
 */

const root = join(import.meta.dirname, '..', '..');
const fixture = join(import.meta.dirname, 'fixture');
const pictures = join(root, 'screenshots', 'selfcheck');

const RUNS = /** @type {const} */ ([
  { name: 'newest-node', version: 'newest', web: false },
  { name: 'newest-web', version: 'newest', web: true },
  { name: 'oldest-node', version: 'oldest', web: false },
  { name: 'oldest-web', version: 'oldest', web: true },
  { name: 'newest-zh-cn', version: 'newest', web: false, locale: 'zh-cn' },
]);

const workspace = mkdtempSync(join(tmpdir(), 'istio-handbook-selfcheck-'));
writeFileSync(join(workspace, 'sample.yaml'), 'kind: Sample\n');
mkdirSync(pictures, { recursive: true });
const browser = await launchBrowser();
try {
  for (const run of RUNS) await check(run);
} finally {
  await browser.close();
  rmSync(workspace, { recursive: true, force: true });
}

/** @param {{ name: string, version: import('./install.mjs').Version, web: boolean, locale?: string }} run */
async function check({ name, version, web, locale }) {
  const started = Date.now();
  const since = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const server = await startServer({ version, workspace, locale });
  const listening = since();
  try {
    const workbench = await openWorkbench(server, { extension: fixture, extensionTests: join(fixture, 'tests.js'), web, browser });
    const open = since();
    const { code, lines } = await workbench.runInHost();
    const found = lines.map((line) => line.split('FIXTURE ')[1]).find((rest) => rest !== undefined);
    if (code !== 0 || found === undefined) throw new Error(`${name}: exit code ${code}\n${lines.join('\n')}`);
    const text = await (await workbench.readerFrame()).locator('h1').innerText();
    await workbench.page.screenshot({ path: join(pictures, `${name}.png`) });
    console.log(`${name}: listening after ${listening}, open after ${open}, run after ${since()}; ${found}; webview says ${text}`);
    await workbench.close();
  } finally {
    await server.stop();
  }
}
