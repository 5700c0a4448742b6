import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openWorkbench } from '../../scripts/workbench/browser.mjs';
import { typeInSearch } from '../../scripts/workbench/handbook.mjs';
import { startServer, type Server } from '../../scripts/workbench/server.mjs';
import { ROOT } from '../support/content.ts';
import { picture, sampleCopy } from '../support/workbench.ts';

/** One walk through the workbench as a user: each step begins where the one before ended. */

type Workbench = Awaited<ReturnType<typeof openWorkbench>>;

let server: Server;
let workbench: Workbench;
const violations: string[] = [];

before(async () => {
  server = await startServer({ workspace: sampleCopy(), settings: { 'editor.hover.delay': 0, 'editor.hover.sticky': true } });
  workbench = await openWorkbench(server, { extension: ROOT });
  workbench.page.on('console', (message) => {
    if (/Content Security Policy|Content-Security-Policy/.test(message.text()) && message.location().url.includes('webview')) violations.push(message.text());
  });
});

after(async () => {
  await workbench?.close();
  await server?.stop();
});

const row = (text: string) => workbench.page.locator('.pane-body .monaco-list-row').filter({ hasText: text });

test('the activity bar shows the handbook, and its tree opens a section', async () => {
  const { page } = workbench;
  await page.locator('.activitybar [aria-label="Istio Handbook"]').first().click();
  await row('VirtualService').first().waitFor();
  await row('VirtualService').first().click();
  const reader = await workbench.readerFrame();
  await reader.locator('h1', { hasText: 'VirtualService' }).waitFor();
  await row('Retries').first().click();
  await reader.locator('#vs-http-retries').waitFor();
  await reader.waitForFunction(() => {
    const section = document.getElementById('vs-http-retries');
    return section !== null && Math.abs(section.getBoundingClientRect().top) < 120;
  });
  await picture(page, 'reader-section');
});

test('the tree follows the reading', async () => {
  const reader = await workbench.readerFrame();
  await reader.evaluate(() => document.getElementById('vs-http-mirror')?.scrollIntoView());
  await workbench.page.locator('.pane-body .monaco-list-row.selected').filter({ hasText: 'irror' }).waitFor();
});

test('hovering a field leads into its section', async () => {
  const { page } = workbench;
  await workbench.openFile('destination-rules.yaml');
  await page.keyboard.press('Control+F');
  await page.locator('.find-widget textarea').first().fill('outlierDetection');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await workbench.runCommand('Show or Focus Hover');
  const hover = page.locator('.monaco-hover').filter({ hasText: 'outlierDetection' });
  await hover.first().waitFor();
  await picture(page, 'hover');
  await hover.locator('a', { hasText: 'DestinationRule' }).first().click();
  const reader = await workbench.readerFrame();
  await reader.locator('h1', { hasText: 'DestinationRule' }).waitFor();
  await reader.waitForFunction(() => Math.abs(document.getElementById('dr-outlier-detection')?.getBoundingClientRect().top ?? 9999) < 120);
});

test('the buttons of a code block copy and open', async () => {
  const reader = await workbench.readerFrame();
  const block = reader.locator('#dr-outlier-detection .code[data-language=yaml]').first();
  const text = await block.locator('code').textContent();
  await block.locator('[data-action=copy]').click();
  await block.locator('[aria-label="Copied"]').waitFor();
  // The extension host writes the clipboard: the page does not wait for it.
  await workbench.page.waitForFunction(async (expected) => (await navigator.clipboard.readText()) === expected, text);
  await block.locator('[data-action=openFile]').click();
  await workbench.page.locator('.tab', { hasText: 'Untitled' }).first().waitFor();
});

test('a snippet is inserted from the list', async () => {
  const { page } = workbench;
  await workbench.runCommand('File: New Untitled Text File');
  await workbench.runCommand('Istio Handbook: Insert Snippet');
  await page.locator('.quick-input-widget input').first().fill('istio-virtual-service');
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  await picture(page, 'snippets');
  await page.keyboard.press('Enter');
  await page.locator('.editor-instance .view-lines', { hasText: 'networking.istio.io' }).first().waitFor();
});

async function searchFor(query: string): Promise<void> {
  await typeInSearch(workbench, query);
  await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'DestinationRule' }).first().waitFor();
}

test('search leads to a section, in Chinese too', async () => {
  const { page } = workbench;
  await searchFor('熔断');
  await picture(page, 'search');
  await page.keyboard.press('Enter');
  const reader = await workbench.readerFrame();
  await reader.locator('h1', { hasText: 'DestinationRule' }).waitFor();
});

test('the language switches in place', async () => {
  const { page } = workbench;
  await searchFor('outlier detection');
  await page.keyboard.press('Enter');
  const reader = await workbench.readerFrame();
  await reader.waitForFunction(() => Math.abs(document.getElementById('dr-outlier-detection')?.getBoundingClientRect().top ?? 9999) < 120);
  // A click by the mouse would first scroll the page about, to bring a button into view that is always there.
  await reader.locator('[data-action=language]').dispatchEvent('click');
  await reader.locator('html[lang=zh-cn]').waitFor();
  await reader.waitForFunction(() => Math.abs(document.getElementById('dr-outlier-detection')?.getBoundingClientRect().top ?? 9999) < 120);
  // The tree shows where the reading is, and so may have left its first rows behind.
  await row('异常检测').first().waitFor();
  await picture(page, 'chinese');
});

test('after a reload the same page is there, with no text editor open', async () => {
  const { page } = workbench;
  await workbench.runCommand('View: Close Other Editors in Group');
  // One question for every file that was never saved.
  const dontSave = page.locator('.monaco-dialog-box .monaco-button', { hasText: "Don't Save" });
  const end = Date.now() + 20_000;
  while ((await page.locator('.tabs-container .tab').count()) > 1) {
    assert.ok(Date.now() < end, 'the other editors stay open');
    await dontSave.first().click({ timeout: 500 }).catch(() => undefined);
  }
  await page.waitForTimeout(500);
  // As a person does: a bare reload of the page may be faster than the workbench writes down what was open.
  await Promise.all([page.waitForEvent('load'), workbench.runCommand('Developer: Reload Window')]);
  await page.locator('.monaco-workbench .part.activitybar').waitFor();
  const reader = await workbench.readerFrame();
  await reader.locator('html[lang=zh-cn] h1', { hasText: 'DestinationRule' }).waitFor();
  await reader.waitForFunction(() => Math.abs(document.getElementById('dr-outlier-detection')?.getBoundingClientRect().top ?? 9999) < 120);
  await picture(page, 'after-reload');
});

test('an old link says what is wrong and offers search', async () => {
  const { page } = workbench;
  await page.evaluate(() => undefined);
  const reader = await workbench.readerFrame();
  await reader.evaluate(() => {
    const link = document.createElement('a');
    link.setAttribute('href', '#vs-gone-forever');
    document.querySelector('main')?.append(link);
    link.click();
  });
  await reader.locator('.notice', { hasText: 'vs-gone-forever' }).waitFor();
  await reader.locator('.notice [data-action=search]').click();
  await page.locator('.quick-input-widget input').first().waitFor();
  assert.equal(await page.locator('.quick-input-widget input').first().inputValue(), 'gone forever');
  await page.keyboard.press('Escape');
});

test('nothing broke the page\'s policy', () => {
  assert.deepEqual(violations, []);
});
