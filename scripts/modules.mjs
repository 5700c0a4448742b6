import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

/** Used before anything is installed: nothing but Node's own modules here. */

/** `npm` and `code` are scripts on Windows, and need its shell. */
const WINDOWS = process.platform === 'win32';

/**
 * Installs the project's packages where they are missing or the lock file has changed since.
 * @param {string} root
 */
export function ensureModules(root) {
  const wanted = changed(join(root, 'package-lock.json'));
  const installed = changed(join(root, 'node_modules', '.package-lock.json'));
  if (installed >= wanted) return;
  console.log("installing the project's packages");
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], root);
}

/**
 * When a file was written; 0 where there is none.
 * @param {string} path
 */
function changed(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * Runs a command, and ends with its status where it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
export function run(command, args, cwd) {
  const line = [command, ...args].map((word) => `"${word}"`).join(' ');
  const { status, error } = WINDOWS ? spawnSync(line, { cwd, stdio: 'inherit', shell: true }) : spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * Runs a script's work; what it cannot do is one message.
 * @param {() => Promise<void>} work
 */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
