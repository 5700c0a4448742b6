import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureModules, main, run } from './modules.mjs';
import { startServer, workbenchUrl } from './workbench/server.mjs';

/**
 * Installs what is missing, builds, and opens VS Code with the extension and a copy of the sample: the desktop `code`
 * where there is one, else a web workbench at an address with a random token, until it is interrupted.
 */

const root = join(import.meta.dirname, '..');

await main(async () => {
  ensureModules(root);
  run('npm', ['run', '--silent', 'build'], root);
  const sample = join(mkdtempSync(join(tmpdir(), 'istio-handbook-')), 'bookinfo');
  cpSync(join(root, 'samples', 'bookinfo'), sample, { recursive: true });
  if (hasDesktop()) run('code', ['--new-window', `--extensionDevelopmentPath=${root}`, sample], root);
  else await serve(sample);
});

/** Whether `code` is the desktop's: in the terminal of a remote window it is another, that opens no extension under development. */
function hasDesktop() {
  if (process.env.VSCODE_IPC_HOOK_CLI !== undefined) return false;
  return spawnSync('code', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0;
}

/** @param {string} workspace */
async function serve(workspace) {
  const server = await startServer({ workspace, token: randomBytes(20).toString('hex'), gallery: true });
  console.log(`\nVS Code with Istio Handbook is at\n\n  ${workbenchUrl(server, { extension: root })}\n\nCtrl-C ends it.`);
}
