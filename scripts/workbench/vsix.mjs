import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureWorkbench } from './install.mjs';
import { environment } from './server.mjs';

/**
 * Installs a `.vsix` as a user would: through VS Code's own installer.
 * @param {import('./install.mjs').Version} version
 * @param {string} vsix
 * @param {string} extensionsDir what a server is then started with as `extensions`
 */
export function installVsix(version, vsix, extensionsDir) {
  const { node, server } = ensureWorkbench(version);
  const userData = mkdtempSync(join(tmpdir(), 'istio-handbook-vsix-'));
  const args = [server, '--accept-server-license-terms', '--user-data-dir', userData, '--extensions-dir', extensionsDir, '--install-extension', vsix];
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8', timeout: 120_000, env: environment() });
  rmSync(userData, { recursive: true, force: true });
  if (status !== 0 || !stdout.includes('was successfully installed')) throw new Error(`cannot install ${vsix}\n${stdout}\n${stderr}`);
}
