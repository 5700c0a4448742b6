import { build } from 'esbuild';
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openWorkbench } from '../../scripts/workbench/browser.mjs';
import { startServer } from '../../scripts/workbench/server.mjs';
import { ROOT } from './content.ts';

/** What one case of the suite in the extension host reported. */
export interface CaseResult {
  readonly name: string;
  readonly error?: string;
}

/** Bundles the suite that runs inside the extension host. */
export async function bundleSuite(): Promise<void> {
  await build({
    entryPoints: [join(ROOT, 'tests/host/suite.ts'), join(ROOT, 'tests/host/beside.ts')],
    outdir: join(ROOT, 'dist-tests'),
    bundle: true,
    format: 'cjs',
    platform: 'browser',
    external: ['vscode'],
    logLevel: 'error',
  });
}

/** A copy of the sample workspace: the web workbench saves by itself. */
export function sampleCopy(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'istio-handbook-')), 'bookinfo');
  cpSync(join(ROOT, 'samples/bookinfo'), folder, { recursive: true });
  return folder;
}

/** A folder of installed extensions with the one that `beside.ts` runs beside. */
function companionInstalled(): string {
  const folder = mkdtempSync(join(tmpdir(), 'istio-handbook-extensions-'));
  cpSync(join(ROOT, 'tests/host/companion'), join(folder, 'redhat.vscode-yaml-0.0.0'), { recursive: true });
  return folder;
}

/** How a suite is run. */
export interface SuiteRun {
  readonly version: 'newest' | 'oldest';
  readonly web: boolean;
  /** The suite's file below `tests/host`. */
  readonly suite: 'suite' | 'beside';
}

/** Runs a suite in an extension host and returns what its cases reported. */
export async function runCases({ version, web, suite }: SuiteRun): Promise<CaseResult[]> {
  const beside = suite === 'beside';
  const server = await startServer({ version, workspace: sampleCopy(), ...(beside ? { extensions: companionInstalled() } : {}) });
  const folder = beside ? { folder: 'memory:/shop' } : {};
  const workbench = await openWorkbench(server, { extension: ROOT, extensionTests: join(ROOT, 'dist-tests', suite), web, ...folder });
  try {
    const { lines } = await workbench.runInHost();
    return lines.flatMap((line: string) => {
      const start = line.indexOf('CASE {');
      return start < 0 ? [] : [JSON.parse(line.slice(start + 'CASE '.length)) as CaseResult];
    });
  } finally {
    await workbench.close();
    await server.stop();
  }
}

/** Keeps a picture of the workbench. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = join(ROOT, 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
