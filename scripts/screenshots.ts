import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser, openWorkbench } from './workbench/browser.mjs';
import { startServer, writeTheme, type Theme } from './workbench/server.mjs';

/**
 * Takes pictures of the workbench into `screenshots/`: reader, hover, tree and search in each theme, language and width.
 * Words choose among the looks: `light zh-cn`. `--readme` takes the one picture of the README, `media/screenshot.png`.
 */

const root = join(import.meta.dirname, '..');

interface Look {
  readonly theme: Theme;
  readonly language: 'en' | 'zh-cn';
  readonly width: number;
}

const LOOKS: readonly Look[] = [
  { theme: 'dark', language: 'en', width: 1400 },
  { theme: 'light', language: 'zh-cn', width: 1400 },
  { theme: 'high-contrast', language: 'en', width: 1400 },
  { theme: 'high-contrast-light', language: 'zh-cn', width: 1400 },
  { theme: 'light', language: 'en', width: 800 },
  { theme: 'dark', language: 'zh-cn', width: 800 },
];

function nameOf({ theme, language, width }: Look): string {
  return `${theme}-${language}-${width}`;
}

/** What the workbench calls the kinds of themes. */
const BASES: Readonly<Record<Theme, string>> = { dark: 'vs-dark', light: 'vs', 'high-contrast': 'hc-black', 'high-contrast-light': 'hc-light' };

type Workbench = Awaited<ReturnType<typeof openWorkbench>>;

async function withWorkbench({ theme, language, width }: Look, work: (workbench: Workbench) => Promise<void>): Promise<void> {
  const workspace = join(mkdtempSync(join(tmpdir(), 'istio-handbook-')), 'bookinfo');
  cpSync(join(root, 'samples/bookinfo'), workspace, { recursive: true });
  const settings = { 'istioHandbook.language': language, 'editor.minimap.enabled': false, 'breadcrumbs.enabled': false };
  const server = await startServer({ workspace, theme: theme === 'dark' ? 'light' : 'dark', settings });
  const browser = await launchBrowser();
  try {
    const workbench = await openWorkbench(server, { extension: root, browser, viewport: { width, height: 900 } });
    writeTheme(server, theme);
    await workbench.page.locator(`.monaco-workbench.${BASES[theme]}`).waitFor();
    await work(workbench);
    await workbench.close();
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function search(workbench: Workbench, query: string): Promise<void> {
  await workbench.runCommand('Istio Handbook: Search');
  await workbench.page.locator('.quick-input-widget input[placeholder^="Search titles"]').fill(query);
  await workbench.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
}

async function openSection(workbench: Workbench, query: string, section: string): Promise<void> {
  await search(workbench, query);
  await workbench.page.keyboard.press('Enter');
  const reader = await workbench.readerFrame();
  await reader.locator(`#${section}`).waitFor({ timeout: 10_000 }).catch(async (error: unknown) => {
    await workbench.page.screenshot({ path: join(root, 'screenshots/failed.png') });
    throw error;
  });
  await workbench.page.waitForTimeout(500);
}

async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget input').first().fill(name);
  await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: name }).first().click();
  await page.locator('.editor-instance .view-lines').first().waitFor();
}

async function hoverOn(workbench: Workbench, word: string): Promise<void> {
  const { page } = workbench;
  await page.keyboard.press('Control+F');
  await page.locator('.find-widget textarea').first().fill(word);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await workbench.runCommand('Show or Focus Hover');
  await page.locator('.monaco-hover').filter({ hasText: word }).first().waitFor();
  await page.waitForTimeout(400);
}

async function takeAll(look: Look): Promise<void> {
  const shot = (page: Page, what: string) => page.screenshot({ path: join(root, 'screenshots', `${what}-${nameOf(look)}.png`) });
  await withWorkbench(look, async (workbench) => {
    const { page } = workbench;
    await page.locator('.activitybar [aria-label="Istio Handbook"]').first().click();
    await workbench.runCommand('Istio Handbook: Open Handbook');
    await (await workbench.readerFrame()).locator('.cover-part').first().waitFor();
    await page.waitForTimeout(600);
    await shot(page, 'cover');
    await openSection(workbench, 'outlier detection', 'dr-outlier-detection');
    await shot(page, 'section');
    await openSection(workbench, 'retries', 'vs-http-retries');
    await shot(page, 'retries');
    await search(workbench, look.language === 'en' ? 'mirror' : '熔断');
    await shot(page, 'search');
    await page.keyboard.press('Escape');
    await openFile(page, 'destination-rules.yaml');
    await hoverOn(workbench, 'outlierDetection');
    await shot(page, 'hover');
  });
}

async function takeReadme(): Promise<void> {
  await withWorkbench({ theme: 'dark', language: 'en', width: 1500 }, async (workbench) => {
    const { page } = workbench;
    await page.locator('.activitybar [aria-label="Istio Handbook"]').first().click();
    await openFile(page, 'destination-rules.yaml');
    await workbench.runCommand('View: Split Editor Right');
    await openSection(workbench, 'outlier detection', 'dr-outlier-detection');
    await workbench.runCommand('View: Focus First Editor Group');
    await hoverOn(workbench, 'outlierDetection');
    await page.screenshot({ path: join(root, 'media/screenshot.png') });
  });
}

mkdirSync(join(root, 'screenshots'), { recursive: true });
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
if (process.argv.includes('--readme')) await takeReadme();
else for (const look of LOOKS) if (words.length === 0 || words.every((word) => nameOf(look).includes(word))) await takeAll(look);
