import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureWorkbench } from './install.mjs';

/** Starts and stops VS Code's server. */

/**
 * @typedef {object} ServerOptions
 * @property {import('./install.mjs').Version} [version]
 * @property {string} workspace the folder that the workbench opens
 * @property {string} [userData] settings and state; a temporary folder unless given
 * @property {string} [extensions] installed extensions; a temporary folder unless given
 * @property {string} [locale] VS Code's display language, such as `zh-cn`
 * @property {string} [token] the connection token; without one there is no access control
 * @property {number} [port] a free one unless given
 * @property {Theme} [theme]
 * @property {Record<string, unknown>} [settings] on top of those that keep a run quiet
 * @property {boolean} [gallery] reach the marketplace; off unless given
 * @property {boolean} [smokeTest] lets an address name an extension under development and a module to run in its host, which
 *   VS Code's server ignores otherwise; on unless given
 */

/**
 * @typedef {object} Server
 * @property {string} url
 * @property {number} port
 * @property {string} workspace
 * @property {string | undefined} token
 * @property {string} userDataDir
 * @property {string} extensionsDir
 * @property {() => Promise<void>} stop
 */

/** @typedef {'dark' | 'light' | 'high-contrast' | 'high-contrast-light'} Theme */

/**
 * The themes by the names that each version gives them.
 * @type {Record<import('./install.mjs').Version, Record<Theme, string>>}
 */
export const THEMES = {
  newest: {
    dark: 'Dark Modern',
    light: 'Light Modern',
    'high-contrast': 'Default High Contrast',
    'high-contrast-light': 'Default High Contrast Light',
  },
  oldest: {
    dark: 'Default Dark Modern',
    light: 'Default Light Modern',
    'high-contrast': 'Default High Contrast',
    'high-contrast-light': 'Default High Contrast Light',
  },
};

/** Nothing asks, nothing calls home, and every run looks the same. */
const QUIET = {
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'window.autoDetectColorScheme': false,
  'window.autoDetectHighContrast': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
};

/** An empty description is one of no marketplace. */
const NO_GALLERY = { EXTENSIONS_GALLERY: '{}' };

/** Milliseconds. */
const START_LIMIT = 120_000;
const STOP_LIMIT = 5_000;

/** What ends the servers that still run, should this process end first. */
const endings = /** @type {Set<() => void>} */ (new Set());

process.on('exit', endAll);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.once(signal, () => {
    endAll();
    process.kill(process.pid, signal);
  });
}

function endAll() {
  for (const end of endings) end();
}

/**
 * Starts VS Code's server and waits until it listens.
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
  const { version = 'newest', workspace, userData, extensions, locale, token, port = 0, theme = 'dark', settings } = options;
  const { gallery = false, smokeTest = true } = options;
  const workbench = ensureWorkbench(version);
  const temporary = mkdtempSync(join(tmpdir(), 'istio-handbook-server-'));
  const userDataDir = userData ?? join(temporary, 'user-data');
  const extensionsDir = extensions ?? join(temporary, 'extensions');
  mkdirSync(extensionsDir, { recursive: true });
  writeSettings(userDataDir, { 'workbench.colorTheme': THEMES[version][theme], ...settings });
  if (locale !== undefined) writeLocale(userDataDir, locale);
  const args = [
    ...['--host', '127.0.0.1', '--port', String(port), '--accept-server-license-terms'],
    ...['--user-data-dir', userDataDir, '--extensions-dir', extensionsDir],
    ...(token === undefined ? ['--without-connection-token'] : ['--connection-token', token]),
    ...(locale === undefined ? [] : ['--locale', locale]),
    ...(smokeTest ? ['--enable-smoke-test-driver'] : []),
  ];
  const child = spawn(workbench.node, [workbench.server, ...args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment(), ...(gallery ? {} : NO_GALLERY) } });
  const end = () => {
    signalGroup(child, 'SIGKILL');
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    endings.delete(end);
  };
  endings.add(end);
  try {
    const bound = await listening(child);
    const stop = async () => {
      await ended(child);
      end();
    };
    return { url: `http://127.0.0.1:${bound}`, port: bound, workspace, token, userDataDir, extensionsDir, stop };
  } catch (error) {
    end();
    throw error;
  }
}

/**
 * Settings that were made in an earlier run stay.
 * @param {string} userDataDir
 * @param {Record<string, unknown>} settings
 */
function writeSettings(userDataDir, settings) {
  const file = join(userDataDir, 'User', 'settings.json');
  mkdirSync(join(userDataDir, 'User'), { recursive: true });
  const earlier = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  writeFileSync(file, JSON.stringify({ ...QUIET, ...earlier, ...settings }, undefined, 2));
}

/**
 * Changes the theme of a workbench that is open: what it reads at its start may come before it knows its themes.
 * @param {Server} server
 * @param {Theme} theme
 */
export function writeTheme(server, theme) {
  writeSettings(server.userDataDir, { 'workbench.colorTheme': THEMES.newest[theme] });
}

/**
 * A display language without a download: a language pack that translates nothing.
 * @param {string} userDataDir
 * @param {string} locale
 */
function writeLocale(userDataDir, locale) {
  const translation = join(userDataDir, 'main.i18n.json');
  writeFileSync(translation, JSON.stringify({ version: '1.0.0', contents: {} }));
  const pack = {
    hash: 'x',
    label: locale,
    extensions: [{ extensionIdentifier: { id: 'x.lp' }, version: '1.0.0' }],
    translations: { vscode: translation },
  };
  writeFileSync(join(userDataDir, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}

/** What a VS Code or npm around this process tells its children is none of the server's business. */
export function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_TEST_CONTEXT$|npm_)/.test(name)));
}

/**
 * The port, as soon as the server listens on it.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
function listening(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    /** @param {string} reason */
    const fail = (reason) => reject(new Error(`VS Code's server ${reason}\n${said}`));
    const timer = setTimeout(() => fail(`did not listen within ${START_LIMIT / 1000} s`), START_LIMIT);
    /** @param {Buffer} chunk */
    const hear = (chunk) => {
      said += String(chunk);
      const port = /Extension host agent listening on (\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', hear).resume();
      resolve(Number(port));
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', hear);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}

/**
 * Asks the server to end, and waits until it has, or for a while.
 * @param {import('node:child_process').ChildProcess} child
 */
function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      const timer = setTimeout(resolve, STOP_LIMIT);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      signalGroup(child, 'SIGTERM');
    })
  );
}

/**
 * The server and its extension hosts: it leads their process group.
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // All of them have ended.
  }
}

/**
 * The address of a server's workbench, with an extension under development and a module to run in its extension host.
 * @param {Server} server
 * @param {{ folder?: string, extension?: string | undefined, extensionTests?: string | undefined }} [options]
 */
export function workbenchUrl(server, { folder = server.workspace, extension, extensionTests } = {}) {
  const query = new URLSearchParams(server.token === undefined ? {} : { tkn: server.token });
  query.set('folder', folder);
  /** @param {string} path */
  const remote = (path) => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload = [
    ...(extension === undefined ? [] : [['extensionDevelopmentPath', remote(extension)]]),
    ...(extensionTests === undefined ? [] : [['extensionTestsPath', remote(extensionTests)]]),
  ];
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `${server.url}/?${query}`;
}
