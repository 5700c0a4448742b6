import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ensureModules, main, run } from './modules.mjs';
import { ensureWorkbench } from './workbench/install.mjs';
import { ensureSystem } from './workbench/system.mjs';

/**
 * Installs what is missing, builds, and runs the tests: `npm test`, or `npm test -- unit hover` for the files whose path
 * holds one of the words. The exit status is the test runner's.
 */

const root = join(import.meta.dirname, '..');
/** What fails soonest comes first. */
const FOLDERS = ['unit', 'host', 'workbench'];

await main(async () => {
  const words = process.argv.slice(2);
  const files = FOLDERS.flatMap(testsIn).filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  if (files.length === 0) throw new Error(`no test file has ${words.join(' or ')} in its path`);
  ensureModules(root);
  if (files.some((file) => !file.startsWith('tests/unit/'))) {
    ensureSystem(['build', 'search', 'browser']);
    ensureWorkbench('newest');
    ensureWorkbench('oldest');
  }
  run('npm', ['run', '--silent', 'build'], root);
  run(process.execPath, ['--import', 'tsx', 'scripts/runner.mjs', ...files], root);
});

/**
 * The test files of a folder and those below, as the runner takes them.
 * @param {string} folder
 */
function testsIn(folder) {
  const path = join(root, 'tests', folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
