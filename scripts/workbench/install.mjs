import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ensureSystem, findCommand } from './system.mjs';

/**
 * Installs VS Code's server and web workbench out of the npm package code-server, each version pinned by a lock file of
 * its own. Everything lands in the ignored folder `.workbench`.
 */

const ROOT = join(import.meta.dirname, '..', '..');

/** @typedef {'newest' | 'oldest'} Version */

/**
 * What a workbench consists of.
 * @typedef {object} Workbench
 * @property {string} server the server's entry
 * @property {string} node the Node that runs it
 */

/**
 * The server's native packages, by all the names they had. Not node-pty: the newest brings it built, and the oldest, which
 * the tests alone use, has no terminal without it.
 */
const NATIVE = ['@vscode/spdlog', '@vscode/native-watchdog', 'native-watchdog'];

/**
 * Installs a version of VS Code's server where it is missing or its lock file has changed.
 * @param {Version} version
 * @returns {Workbench}
 */
export function ensureWorkbench(version) {
  const source = join(import.meta.dirname, 'versions', version);
  const folder = join(ROOT, '.workbench', version);
  const stamp = join(folder, 'stamp');
  const key = keyOf(join(source, 'package-lock.json'));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return workbenchIn(folder);
  ensureSystem(version === 'oldest' ? ['build', 'search'] : ['build']);
  const started = Date.now();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(source, name), join(folder, name));
  console.log(`the ${version} VS Code: its packages`);
  npm(['ci', '--ignore-scripts'], folder, process.execPath);
  const workbench = workbenchIn(folder);
  checkNode(folder, workbench.node);
  installServer(folder, workbench.node);
  writeFileSync(stamp, key);
  console.log(`the ${version} VS Code: installed in ${Math.round((Date.now() - started) / 1000)} s`);
  return workbench;
}

/**
 * Tells one installation from another: by what is installed, and what its native packages are built for.
 * @param {string} lock
 */
function keyOf(lock) {
  const { arch, versions } = process;
  return createHash('sha256').update(readFileSync(lock)).update(`${arch} ${versions.modules}`).digest('hex');
}

/** @param {string} folder */
function serverFolder(folder) {
  return join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

/**
 * @param {string} folder
 * @returns {Workbench}
 */
function workbenchIn(folder) {
  const own = join(folder, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  return { server: join(serverFolder(folder), 'out', 'server-main.js'), node: existsSync(own) ? own : process.execPath };
}

/**
 * Where npm has no Node for this machine, its own must do.
 * @param {string} folder
 * @param {string} node
 */
function checkNode(folder, node) {
  const { engines } = JSON.parse(readFileSync(join(folder, 'node_modules', 'code-server', 'package.json'), 'utf8'));
  const wanted = Number.parseInt(engines.node, 10);
  const own = Number.parseInt(process.versions.node, 10);
  if (node === process.execPath && own < wanted) {
    throw new Error(`This VS Code server needs Node ${wanted}, and this is ${process.version}: get Node ${wanted} from https://nodejs.org, or the desktop VS Code from https://code.visualstudio.com.`);
  }
}

/**
 * The server's own packages, with the native ones built for the Node that runs it.
 * @param {string} folder
 * @param {string} node
 */
function installServer(folder, node) {
  const vscode = serverFolder(folder);
  console.log("  the server's packages");
  // Not `ci`: what it ships as its lock file lacks a peer dependency.
  npm(['install', '--omit=dev', '--ignore-scripts'], vscode, node);
  console.log('  native packages');
  npm(['rebuild', ...NATIVE, '--ignore-scripts=false'], vscode, node);
  linkRipgrep(join(vscode, 'node_modules', '@vscode', 'ripgrep'));
}

/**
 * VS Code 1.100 downloads ripgrep in a step that is left out here: the system's does.
 * @param {string} ripgrep
 */
function linkRipgrep(ripgrep) {
  const system = findCommand('rg');
  if (!existsSync(ripgrep) || system === undefined) return;
  mkdirSync(join(ripgrep, 'bin'), { recursive: true });
  symlinkSync(system, join(ripgrep, 'bin', 'rg'));
}

/**
 * Runs npm quietly, on the Node that native packages are to be built for.
 * @param {string[]} args
 * @param {string} cwd
 * @param {string} node
 */
function npm(args, cwd, node) {
  const home = join(dirname(node), '..');
  const headers = existsSync(join(home, 'include', 'node', 'node_api.h')) ? { npm_config_nodedir: home } : {};
  const env = { ...process.env, ...headers, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync('npm', [...args, '--no-audit', '--no-fund'], { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${cwd}\n${stdout}\n${stderr}`);
}
