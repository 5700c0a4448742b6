import { build } from 'esbuild';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkbench } from '../../scripts/workbench/browser.mjs';
import { startServer } from '../../scripts/workbench/server.mjs';
import { ROOT } from './content.ts';

/** Where the pictures of a run go. */
export const SCREENSHOTS = join(ROOT, 'screenshots');

/** What one case of the suite in the extension host reported. */
export interface CaseResult {
  readonly name: string;
  readonly error?: string;
}

/** Bundles the suite that runs inside the extension host. */
export async function bundleSuite(): Promise<void> {
  await build({
    entryPoints: [join(ROOT, 'tests/host/suite.ts')],
    outfile: join(ROOT, 'dist-tests/index.js'),
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

/** The extension as it lies here, or a variant of it that has only a `browser` entry and so runs in the web worker host. */
export function extensionFolder(web: boolean): string {
  if (!web) return ROOT;
  const folder = join(mkdtempSync(join(tmpdir(), 'istio-handbook-web-')), 'extension');
  mkdirSync(folder);
  for (const name of ['dist', 'dist-tests', 'media', 'l10n', 'package.nls.json', 'package.nls.zh-cn.json']) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  delete manifest.main;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}

/** Runs the suite in an extension host and returns what its cases reported. */
export async function runCases(run: { version: 'newest' | 'oldest'; extension: string; workspace: string }): Promise<CaseResult[]> {
  const server = await startServer({ version: run.version, workspace: run.workspace });
  const workbench = await openWorkbench(server, {
    folder: run.workspace,
    extension: run.extension,
    extensionTests: join(run.extension, 'dist-tests/index'),
  });
  try {
    const { lines } = await workbench.runInHost(180_000);
    return lines.flatMap((line: string) => {
      const start = line.indexOf('CASE {');
      return start < 0 ? [] : [JSON.parse(line.slice(start + 'CASE '.length)) as CaseResult];
    });
  } finally {
    await workbench.close();
    await server.stop();
  }
}
