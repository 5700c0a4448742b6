import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './content.ts';

/**
 * Packs the extension as it is published, without building it again.
 * @param folder the project's, or a variant of it
 */
export async function packVsix(folder = ROOT): Promise<{ path: string; files: readonly string[]; size: number }> {
  const path = join(mkdtempSync(join(tmpdir(), 'istio-handbook-vsix-')), 'istio-handbook.vsix');
  await createVSIX({ cwd: folder, packagePath: path, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
  const files = await listFiles({ cwd: folder, packageManager: PackageManager.None });
  return { path, files, size: statSync(path).size };
}
