import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { LANGUAGES } from '../src/core/base/language.ts';
import { contentsIn } from '../tests/support/content.ts';
import { launchBrowser, openWorkbench } from './workbench/browser.mjs';
import { typeInSearch } from './workbench/handbook.mjs';
import { startServer, writeTheme, type Theme } from './workbench/server.mjs';

/**
 * Takes pictures of the workbench into `screenshots/`: reader, hover, tree and search in each theme, language and width.
 * Words choose among the looks: `light zh-cn`. `--readme` takes the one picture of the README, `media/screenshot.png`;
 * `--sections` with ids, or with a number for as many at random, shows those sections in both languages.
 */

const root = join(import.meta.dirname, '..');

interface Look {
  readonly theme: Theme;
  readonly language: 'en' | 'zh-cn';
  readonly width: number;
}

const LOOKS: readonly Look[] = (['dark', 'light', 'high-contrast', 'high-contrast-light'] as const).flatMap((theme) => LANGUAGES.flatMap((language) => [1400, 600].map((width) => ({ theme, language, width }))));

function nameOf({ theme, language, width }: Look): string {
  return `${theme}-${language}-${width}`;
}

/** What the workbench calls the kinds of themes. */
const BASES: Readonly<Record<Theme, string>> = { dark: 'vs-dark', light: 'vs', 'high-contrast': 'hc-black', 'high-contrast-light': 'hc-light' };

/** A file with findings. */
const TYPO = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: reviews\nspec:\n  hosts:\n  - reviews\n  http:\n  - timeout: 0s\n    route:\n    - destination:\n        host: reviews\n        subset: v9\n      retries:\n        attempts: 2\n';

type Workbench = Awaited<ReturnType<typeof openWorkbench>>;

async function withWorkbench({ theme, language, width }: Look, work: (workbench: Workbench) => Promise<void>): Promise<void> {
  const workspace = join(mkdtempSync(join(tmpdir(), 'istio-handbook-')), 'bookinfo');
  cpSync(join(root, 'samples/bookinfo'), workspace, { recursive: true });
  writeFileSync(join(workspace, 'typo.yaml'), TYPO);
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

async function openSection(workbench: Workbench, query: string, section: string): Promise<void> {
  await typeInSearch(workbench, query);
  await workbench.page.keyboard.press('Enter');
  const reader = await workbench.readerFrame();
  await reader.locator(`#${section}`).waitFor({ timeout: 10_000 }).catch(async (error: unknown) => {
    await workbench.page.screenshot({ path: join(root, 'screenshots/failed.png') });
    throw error;
  });
  await workbench.page.waitForTimeout(500);
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
  const shot = async (page: Page, what: string) => {
    // Away from what shows something beneath the pointer.
    await page.mouse.move(look.width / 2, 899);
    await page.screenshot({ path: join(root, 'screenshots', `${what}-${nameOf(look)}.png`) });
  };
  await withWorkbench(look, async (workbench) => {
    const { page } = workbench;
    await page.locator('.activitybar [aria-label="Istio Handbook"]').first().click();
    await workbench.runCommand('Istio Handbook: Open Handbook');
    await (await workbench.readerFrame()).locator('.cover-part').first().waitFor();
    // A narrow window has room for the page alone.
    if (look.width < 1000) await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await page.waitForTimeout(600);
    await shot(page, 'cover');
    await openSection(workbench, 'outlier detection', 'dr-outlier-detection');
    await shot(page, 'section');
    await openSection(workbench, 'retries', 'vs-http-retries');
    await shot(page, 'retries');
    await typeInSearch(workbench, look.language === 'en' ? 'mirror' : '熔断');
    await shot(page, 'search');
    await page.keyboard.press('Escape');
    await workbench.openFile('destination-rules.yaml');
    await hoverOn(workbench, 'outlierDetection');
    await shot(page, 'hover');
    if (look.width < 1000) return;
    await workbench.openFile('typo.yaml');
    await workbench.runCommand('View: Focus Problems (Errors, Warnings, Infos)');
    await page.locator('.markers-panel .monaco-list-row', { hasText: 'IST0106' }).first().waitFor();
    await page.waitForTimeout(600);
    await shot(page, 'problems');
  });
}

/** Sections as they are read, in both languages. */
async function takeSections(wanted: readonly string[]): Promise<void> {
  const all = [...contentsIn('en').sections()].map(({ section }) => section.id);
  const count = Number(wanted[0]);
  const ids = count > 0 ? Array.from({ length: count }, () => all[Math.floor(Math.random() * all.length)]!) : wanted;
  for (const language of LANGUAGES) {
    const contents = contentsIn(language);
    await withWorkbench({ theme: 'light', language, width: 1400 }, async (workbench) => {
      await workbench.runCommand('Istio Handbook: Open Handbook');
      await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
      for (const id of ids) {
        const place = contents.find(id);
        if (!place) throw new Error(`no section ${id}`);
        const reader = await workbench.readerFrame();
        await reader.locator('main h1').waitFor();
        // As a link in a page does.
        await reader.evaluate(`{
          const link = Object.assign(document.createElement('a'), { href: '#${id}' });
          document.body.append(link);
          link.click();
          link.remove();
        }`);
        await reader.locator(`#${id}`).waitFor();
        await workbench.page.waitForTimeout(800);
        await workbench.page.screenshot({ path: join(root, 'screenshots', `${id}-${language}.png`) });
        console.log(`${id} ${language}: ${place.section.title}`);
      }
    });
  }
}

async function takeReadme(): Promise<void> {
  await withWorkbench({ theme: 'dark', language: 'en', width: 1500 }, async (workbench) => {
    const { page } = workbench;
    await page.locator('.activitybar [aria-label="Istio Handbook"]').first().click();
    await workbench.openFile('destination-rules.yaml');
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
else if (process.argv.includes('--sections')) await takeSections(words);
else for (const look of LOOKS) if (words.length === 0 || words.every((word) => nameOf(look).includes(word))) await takeAll(look);
