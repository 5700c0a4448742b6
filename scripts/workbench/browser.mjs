import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { chromium } from 'playwright-core';
import { workbenchUrl } from './server.mjs';
import { ensureSystem, findChromium } from './system.mjs';

/** Opens the workbench of a server in Chromium. */

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Milliseconds. */
const OPEN_LIMIT = 120_000;
const FRAME_LIMIT = 30_000;
const COMMAND_LIMIT = 30_000;
const LIST_LIMIT = 1_000;

/** Starts the system's Chromium, headless. */
export async function launchBrowser() {
  ensureSystem(['browser']);
  return chromium.launch({ executablePath: /** @type {string} */ (findChromium()), args: FLAGS });
}

/**
 * @typedef {object} WorkbenchOptions
 * @property {string} [folder] the workspace, where it is not the server's
 * @property {string} [extension] the folder of an extension under development
 * @property {string} [extensionTests] a module to run in the extension host, below the extension's folder
 * @property {boolean} [web] run the extension in the web worker host
 * @property {{ width: number, height: number }} [viewport]
 * @property {import('playwright-core').Browser} [browser] one that already runs; it stays open
 */

/**
 * Opens the workbench of a server and waits until it stands.
 * @param {import('./server.mjs').Server} server
 * @param {WorkbenchOptions} [options]
 */
export async function openWorkbench(server, { folder, extension, extensionTests, web = false, viewport = { width: 1400, height: 900 }, browser: shared } = {}) {
  const variant = web && extension !== undefined ? webVariant(extension) : undefined;
  const browser = shared ?? (await launchBrowser());
  const context = await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
  const close = async () => {
    await context.close();
    if (shared === undefined) await browser.close();
    if (variant !== undefined) rmSync(variant, { recursive: true, force: true });
  };
  try {
    const page = await context.newPage();
    const host = await listenToHost(page);
    const inVariant = variant && extension && extensionTests && join(variant, relative(extension, extensionTests));
    const url = workbenchUrl(server, { folder, extension: variant ?? extension, extensionTests: inVariant ?? extensionTests });
    await page.goto(url);
    await page.locator('.monaco-workbench .part.activitybar').waitFor({ timeout: OPEN_LIMIT });
    return {
      page,
      context,
      browser,
      url,
      close,
      /** The frame of the reader's own document. */
      readerFrame: () => frameWith(page, '#istio-handbook'),
      /** @param {string} selector */
      frameWith: (selector) => frameWith(page, selector),
      /** @param {string} name a file's name in the workspace */
      openFile: (name) => openFile(page, name),
      /** @param {string} title the command's words as the palette shows them */
      runCommand: (title) => runCommand(page, title),
      runInHost: host.finished,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * What the module in the extension host says, and how it ends.
 * @param {import('playwright-core').Page} page
 */
async function listenToHost(page) {
  /** @type {string[]} */
  const lines = [];
  /** @type {(code: number) => void} */
  let exit = () => {};
  const exited = /** @type {Promise<number>} */ (new Promise((resolve) => (exit = resolve)));
  await page.exposeFunction('codeAutomationLog', (/** @type {string} */ _type, /** @type {unknown[]} */ args) => void lines.push(args.map(String).join(' ')));
  await page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => exit(code));
  return {
    /**
     * Waits for the module that runs in the extension host: its exit code, and the lines that it and the workbench logged.
     * @param {number} [limit] milliseconds
     * @returns {Promise<{ code: number, lines: string[] }>}
     */
    async finished(limit = 180_000) {
      /** @type {NodeJS.Timeout | undefined} */
      let timer;
      const stopped = new Promise((_, reject) => {
        /** @param {string} reason */
        const fail = (reason) => reject(new Error(`the extension host ${reason}\n${lines.join('\n')}`));
        timer = setTimeout(() => fail(`did not finish within ${limit / 1000} s`), limit);
        page.once('crash', () => fail('lost its page'));
        page.once('close', () => fail('lost its page'));
      });
      try {
        return { code: /** @type {number} */ (await Promise.race([exited, stopped])), lines };
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/**
 * The frame whose document holds an element. A webview's content is two frames down, and both come and go.
 * @param {import('playwright-core').Page} page
 * @param {string} selector
 * @param {number} [limit] milliseconds
 * @returns {Promise<import('playwright-core').Frame>}
 */
export async function frameWith(page, selector, limit = FRAME_LIMIT) {
  const end = Date.now() + limit;
  for (;;) {
    for (const frame of page.frames()) {
      // A frame that goes away while it is asked does not hold it.
      if ((await frame.locator(selector).count().catch(() => 0)) > 0) return frame;
    }
    if (Date.now() > end) throw new Error(`no frame has ${selector}: ${page.frames().map((frame) => frame.url()).join(', ')}`);
    await page.waitForTimeout(50);
  }
}

/**
 * Opens a file of the workspace as a user would, by its name.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
async function openFile(page, name) {
  await choose(page, { key: 'Control+P', words: name, row: rows(page).filter({ hasText: name }) });
  await page.locator('.editor-instance .view-lines').first().waitFor();
}

/**
 * Runs a command as a user would.
 * @param {import('playwright-core').Page} page
 * @param {string} title
 * @param {number} [limit] milliseconds
 */
export async function runCommand(page, title, limit) {
  await choose(page, { key: 'F1', words: `>${title}`, row: rows(page).filter({ has: page.getByText(title, { exact: true }) }), limit });
}

/** @param {import('playwright-core').Page} page */
const rows = (page) => page.locator('.quick-input-list .monaco-list-row');

/**
 * Opens the list that a key opens, types, and chooses a row. The list does not grow with the extensions that come up while it
 * is open, a page that is just being opened takes the focus and the list away, and a list that was just closed may stand
 * where this one opens: it is opened again until the row is there.
 * @param {import('playwright-core').Page} page
 * @param {{ key: string, words: string, row: import('playwright-core').Locator, limit?: number | undefined }} choice the limit in milliseconds
 */
async function choose(page, { key, words, row, limit = COMMAND_LIMIT }) {
  const end = Date.now() + limit;
  for (;;) {
    await page.keyboard.press(key);
    const open = await page.locator('.quick-input-widget input').first().fill(words, { timeout: 5 * LIST_LIMIT }).then(() => true, () => false);
    const found = open && (await row.first().waitFor({ timeout: LIST_LIMIT }).then(() => true, () => false));
    if (found && (await row.first().click({ timeout: 5 * LIST_LIMIT }).then(() => true, () => false))) return;
    if (Date.now() > end) throw new Error(`no list of ${key} has ${words}`);
    if (open) await page.keyboard.press('Escape');
  }
}

/**
 * A copy of an extension that has only its `browser` entry, and so runs in the web worker host.
 * @param {string} extension
 */
export function webVariant(extension) {
  const folder = mkdtempSync(join(tmpdir(), 'istio-handbook-web-'));
  const names = readdirSync(extension).filter((name) => !name.startsWith('.') && name !== 'node_modules' && name !== 'package.json');
  for (const name of names) symlinkSync(join(extension, name), join(folder, name));
  const { main: _, ...manifest } = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}
