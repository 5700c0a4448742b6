import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the machine itself must bring, and how to get it. */

/** @typedef {'build' | 'search' | 'browser'} Need */

/** Chromium by the names that systems give it. */
const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/**
 * Debian's packages for each need, and what tells that one is there, or its like on another system.
 * @type {Record<Need, { name: string, present: () => boolean }[]>}
 */
const PACKAGES = {
  build: [
    { name: 'g++', present: () => findCommand('g++', 'clang++') !== undefined },
    { name: 'make', present: () => findCommand('make') !== undefined },
    { name: 'python3', present: () => findCommand('python3') !== undefined },
  ],
  search: [{ name: 'ripgrep', present: () => findCommand('rg') !== undefined }],
  browser: [
    { name: 'chromium', present: () => findChromium() !== undefined },
    { name: 'fonts-noto-cjk', present: hasChineseFont },
  ],
};

/**
 * Where the first of some commands is, or nothing where none is on the path.
 * @param {...string} names
 * @returns {string | undefined}
 */
export function findCommand(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** Where Chromium is, or nothing. */
export function findChromium() {
  return findCommand(...CHROMIUM);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function hasChineseFont() {
  if (existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc')) return true;
  return (spawnSync('fc-list', [':lang=zh-cn'], { encoding: 'utf8' }).stdout ?? '').trim() !== '';
}

/**
 * Installs the packages that are missing, where this is Debian and we are root.
 * @param {Need[]} needs
 * @throws {Error} one that names each missing package and how to get it
 */
export function ensureSystem(needs) {
  const missing = needs.flatMap((need) => PACKAGES[need]).filter(({ present }) => !present()).map(({ name }) => name);
  if (missing.length === 0) return;
  const names = missing.join(' ');
  if (!existsSync('/etc/debian_version')) {
    throw new Error(`Missing: ${missing.join(', ')} (Debian's names). Install them with your system's package manager and try again.`);
  }
  if (process.getuid?.() !== 0) throw new Error(`Missing: ${missing.join(', ')}. Get them with\n  sudo apt-get install ${names}\nand try again.`);
  console.log(`installing ${missing.join(', ')}`);
  apt(['update', '-qq']);
  apt(['install', '-y', '-qq', '--no-install-recommends', ...missing]);
}

/** @param {string[]} args */
function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stdout, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed\n${stdout}\n${stderr}`);
}
