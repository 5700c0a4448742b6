import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { openWorkbench } from '../../scripts/workbench/browser.mjs';
import { typeInSearch } from '../../scripts/workbench/handbook.mjs';
import { startServer, THEMES, writeTheme, type Server, type Theme } from '../../scripts/workbench/server.mjs';
import { ROOT } from '../support/content.ts';
import { picture, sampleCopy } from '../support/workbench.ts';

/** The reader in the workbench, one walk: each step begins where the one before ended. */

let server: Server;
let workspace: string;
let workbench: Awaited<ReturnType<typeof openWorkbench>>;

before(async () => {
  workspace = sampleCopy();
  server = await startServer({ workspace, theme: 'light', settings: { 'editor.hover.delay': 0, 'istioHandbook.reader.fontSize': 17, 'istioHandbook.reader.lineWidth': 76 } });
  workbench = await openWorkbench(server, { extension: ROOT });
  // What it reads at its start may come before it knows its themes.
  writeTheme(server, 'dark');
  await workbench.page.locator('.monaco-workbench.vs-dark').waitFor();
  await workbench.page.locator('.activitybar [aria-label="Istio Handbook"]').first().click();
});

after(async () => {
  await workbench?.close();
  await server?.stop();
});

const row = (text: string) => workbench.page.locator('.pane-body .monaco-list-row').filter({ hasText: text });
const at = (section: string) => (reader: Frame) =>
  reader.waitForFunction((id) => Math.abs(document.getElementById(id)?.getBoundingClientRect().top ?? 9999) < 140, section);

async function openSection(title: string, section: string): Promise<Frame> {
  const { page } = workbench;
  await typeInSearch(workbench, title);
  await page.keyboard.press('Enter');
  const reader = await workbench.readerFrame();
  await reader.locator(`#${section}`).waitFor();
  await at(section)(reader);
  return reader;
}

test('search marks the words in the page, and F3 walks through them', async () => {
  const reader = await openSection('retry budget', 'dr-retry-budget');
  await reader.locator('.finder-count', { hasText: '1 /' }).or(reader.locator('.finder-count', { hasText: ' / ' })).first().waitFor();
  const before = await reader.locator('.finder-count').textContent();
  await reader.locator('.finder [data-action=down]').focus();
  await workbench.page.keyboard.press('F3');
  await reader.waitForFunction((text) => document.querySelector('.finder-count')?.textContent !== text, before);
  assert.ok(await reader.evaluate(() => (CSS.highlights.get('found')?.size ?? 0) > 1));
  await picture(workbench.page, 'reader-found');
  await workbench.page.keyboard.press('Escape');
  await reader.locator('.finder').waitFor({ state: 'detached' });
});

test('what search found is kept in a view', async () => {
  const { page } = workbench;
  await typeInSearch(workbench, '双向 TLS');
  await page.locator('.quick-input-widget [aria-label="Keep the results in a view"]').click();
  await page.locator('.pane-header', { hasText: 'Search Results' }).waitFor();
  await row('PeerAuthentication').first().waitFor();
  await picture(page, 'results-view');
  await row('Auto mTLS').first().click();
  await (await workbench.readerFrame()).locator('#pa-auto-mtls').waitFor();
});

test('a term of the glossary and a field are explained in place', async () => {
  const reader = await openSection('outlier detection', 'dr-outlier-detection');
  await reader.locator('a.term').first().click();
  await reader.locator('.popover[role=dialog]').waitFor();
  await picture(workbench.page, 'term');
  await workbench.page.keyboard.press('Escape');
  await reader.locator('.popover').waitFor({ state: 'detached' });
  await reader.locator('#dr-outlier-detection .fields summary').click();
  await reader.locator('[data-field$="consecutive5xxErrors"]').first().click();
  await reader.locator('.popover', { hasText: 'integer' }).waitFor();
  await picture(workbench.page, 'field');
  await workbench.page.keyboard.press('Escape');
});

test('a figure is enlarged, and Escape closes it', async () => {
  const reader = await workbench.readerFrame();
  await reader.locator('.figure > svg').first().click();
  await reader.locator('dialog.enlarged[open]').waitFor();
  await picture(workbench.page, 'enlarged');
  await workbench.page.keyboard.press('Escape');
  await reader.locator('dialog').waitFor({ state: 'detached' });
});

test('the link of a section is copied', async () => {
  const reader = await workbench.readerFrame();
  await reader.locator('#dr-outlier-detection [data-action=copyLink]').click();
  await workbench.page.waitForFunction(async () => /:\/\/istio-handbook\.istio-handbook\/dr-outlier-detection$/.test(await navigator.clipboard.readText()));
});

test('bookmarks are set, shown, moved and removed', async () => {
  const { page } = workbench;
  const reader = await workbench.readerFrame();
  await reader.locator('#dr-outlier-detection h2 + .section-tools [data-action=bookmark]').click();
  await reader.locator('#dr-retry-budget .section-tools [data-action=bookmark]').click();
  await reader.locator('#dr-retry-budget .section-tools [aria-pressed=true][data-action=bookmark]').waitFor();
  await page.locator('.pane-header', { hasText: 'Bookmarks' }).click();
  const marks = page.locator('.pane', { has: page.locator('.pane-header', { hasText: 'Bookmarks' }) }).locator('.monaco-list-row');
  await marks.nth(1).waitFor();
  assert.match(await marks.nth(0).innerText(), /Outlier detection/);
  await marks.nth(1).click({ button: 'right' });
  await page.locator('.monaco-menu .action-label', { hasText: 'Move Up' }).first().waitFor();
  await picture(page, 'bookmark-menu');
  await page.locator('.monaco-menu .action-label', { hasText: 'Move Up' }).first().click();
  await marks.nth(0).filter({ hasText: 'Retry budget' }).waitFor();
  await picture(page, 'bookmarks');
  await marks.nth(0).hover();
  await marks.nth(0).locator('[aria-label="Remove Bookmark"]').click();
  await marks.nth(1).waitFor({ state: 'detached' });
  await page.locator('.pane-header', { hasText: 'Bookmarks' }).click();
});

test('what was read is ticked in the page and in the tree', async () => {
  const reader = await openSection('retry budget', 'dr-retry-budget');
  // The end of the section in sight, and a while there.
  await reader.evaluate(() => document.getElementById('dr-tls')?.scrollIntoView());
  await reader.evaluate(() => window.scrollBy({ top: -400, behavior: 'instant' }));
  await reader.locator('.page-contents .beside a .tick').first().waitFor();
  await reader.locator('.facts .progress', { hasText: '%' }).waitFor();
  await workbench.page.locator('.pane-body .monaco-list-row', { hasText: '✓' }).first().waitFor();
  await picture(workbench.page, 'progress');
});

test('the settings of type and measure reach the page', async () => {
  const reader = await workbench.readerFrame();
  assert.equal(await reader.evaluate(() => getComputedStyle(document.querySelector('article section p')!).fontSize), '17px');
  assert.equal(await reader.evaluate(() => document.querySelector('article')!.getBoundingClientRect().width), 17 * 38);
});

/** What axe-core finds serious in the page, with what it is about. */
async function seriousIn(reader: Frame): Promise<string[]> {
  const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await reader.evaluate(source);
  return reader.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(context: unknown, options: unknown): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> } }).axe;
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}

async function chooseTheme(theme: Theme): Promise<void> {
  const { page } = workbench;
  await workbench.runCommand('Preferences: Color Theme');
  await page.locator('.quick-input-widget input[placeholder*="olor Theme"]').fill(THEMES.newest[theme]);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: THEMES.newest[theme] }).first().waitFor();
  await page.keyboard.press('Enter');
}

test('axe-core finds nothing serious, in four themes', async () => {
  const reader = await openSection('outlier detection', 'dr-outlier-detection');
  const bases: Readonly<Record<Theme, string>> = { dark: 'vscode-dark', light: 'vscode-light', 'high-contrast': 'vscode-high-contrast', 'high-contrast-light': 'vscode-high-contrast-light' };
  for (const theme of ['light', 'dark', 'high-contrast', 'high-contrast-light'] as const) {
    await chooseTheme(theme);
    await reader.locator(`body.${bases[theme]}`).waitFor();
    assert.deepEqual(await seriousIn(reader), [], theme);
    await picture(workbench.page, `reader-${theme}`);
  }
});

test('the reader follows the cursor while that is switched on', async () => {
  const { page } = workbench;
  await workbench.openFile('destination-rules.yaml');
  await workbench.runCommand('Istio Handbook: Open to the Side');
  const reader = await workbench.readerFrame();
  await reader.locator('.toolbar [data-action=follow]').click();
  await reader.locator('.toolbar [data-action=follow][aria-pressed=true]').waitFor();
  await page.locator('.editor-instance .view-line', { hasText: 'subsets' }).first().click();
  await at('dr-subsets')(await workbench.readerFrame());
  await page.locator('.editor-instance.focused, .editor-group-container.active .view-lines').first().waitFor();
  await picture(page, 'follow');
  await (await workbench.readerFrame()).locator('.toolbar [data-action=follow]').click();
  await page.locator('.statusbar-item', { hasText: 'Istio' }).first().waitFor({ state: 'attached' });
});

test('code goes into the file beside the reader, to the letter', async () => {
  const { page } = workbench;
  await workbench.runCommand('View: Focus First Editor Group');
  await page.keyboard.press('Control+End');
  const reader = await workbench.readerFrame();
  await reader.locator('#dr-subsets .code[data-language=yaml] [data-action=insert]').first().dispatchEvent('click');
  await page.locator('.editor-group-container .tab.dirty, .editor-group-container .tab', { hasText: 'destination-rules.yaml' }).first().waitFor();
  const code = await reader.locator('#dr-subsets .code[data-language=yaml] code').first().textContent();
  const file = join(workspace, 'networking/destination-rules.yaml');
  const end = Date.now() + 20_000;
  while (!readFileSync(file, 'utf8').includes(code!)) {
    assert.ok(Date.now() < end, 'the code did not arrive in the file');
    await page.keyboard.press('Control+S');
    await page.waitForTimeout(300);
  }
});

test('reading goes on where it was left, and the cover says so', async () => {
  const { page } = workbench;
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('Istio Handbook: Open Handbook');
  const cover = await workbench.readerFrame();
  await cover.locator('.recent .resume a').waitFor();
  await picture(page, 'cover-resume');
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('Istio Handbook: Continue Reading');
  await (await workbench.readerFrame()).locator('h1', { hasText: 'DestinationRule' }).waitFor();
  await workbench.runCommand('Istio Handbook: Recently Read');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'DestinationRule' }).first().waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.quick-input-widget').first().waitFor({ state: 'hidden' });
});

test('a section is revealed in the contents', async () => {
  const { page } = workbench;
  await workbench.runCommand('View: Show Explorer');
  const reader = await workbench.readerFrame();
  await reader.locator('.toolbar [data-action=revealInContents]').click();
  await page.locator('.pane-body .monaco-list-row.selected').first().waitFor();
});

test('a chapter is exported as one file that needs nothing else', async () => {
  const { page } = workbench;
  await (await workbench.readerFrame()).locator('h1').first().click();
  await workbench.runCommand('Istio Handbook: Export Chapter for Printing');
  // The palette closes while the dialog opens, in the same place.
  await page.waitForFunction(() => [...document.querySelectorAll<HTMLInputElement>('.quick-input-widget input')].some((input) => input.value.endsWith('destination-rule.en.html')));
  await picture(page, 'export-dialog');
  await page.locator('.quick-input-widget .monaco-button', { hasText: 'OK' }).click();
  const file = join(workspace, 'destination-rule.en.html');
  const end = Date.now() + 20_000;
  while (!existsSync(file) || readFileSync(file).length === 0) {
    assert.ok(Date.now() < end, 'no file was written');
    await page.waitForTimeout(100);
  }
  const html = readFileSync(file, 'utf8');
  assert.match(html, /<h2>Outlier detection<\/h2>/);
  assert.doesNotMatch(html, /<script|src=|href="vscode/);
  const print = await workbench.context.newPage();
  await print.setContent(html);
  assert.ok((await print.locator('.figure svg').count()) > 0);
  await print.screenshot({ path: join(ROOT, 'screenshots', 'export.png') });
  await print.close();
});

test('anything as an address, and a thousand clicks, leave the reader usable', async () => {
  const reader = await workbench.readerFrame();
  await reader.evaluate(() => {
    const links = [...document.querySelectorAll<HTMLAnchorElement>('.page-contents .beside a')];
    for (let round = 0; round < 1000; round++) links[round % links.length]!.click();
  });
  await reader.evaluate(() => {
    for (const href of ['#../../etc/passwd', '#__proto__', '#constructor', `#${'x'.repeat(5000)}`, '#term:nothing', '#fn-nothing']) {
      const link = document.createElement('a');
      link.setAttribute('href', href);
      link.textContent = 'x';
      document.querySelector('main')!.append(link);
      link.click();
    }
  });
  await reader.locator('.notice').waitFor();
  await reader.locator('.notice [data-action=close]').dispatchEvent('click');
  await reader.locator('.notice').waitFor({ state: 'detached' });
  await reader.locator('h1', { hasText: 'DestinationRule' }).waitFor();
});
