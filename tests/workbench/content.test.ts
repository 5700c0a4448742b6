import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openWorkbench } from '../../scripts/workbench/browser.mjs';
import { startServer, type Server } from '../../scripts/workbench/server.mjs';
import { ROOT } from '../support/content.ts';
import { sampleCopy } from '../support/workbench.ts';

/** What the reader does when the files below it change, vanish or are damaged: on a copy of the extension. */

let extension: string;
let server: Server;
let workbench: Awaited<ReturnType<typeof openWorkbench>>;

before(async () => {
  extension = mkdtempSync(join(tmpdir(), 'istio-handbook-extension-'));
  for (const name of ['package.json', 'package.nls.json', 'package.nls.zh-cn.json', 'dist', 'media', 'l10n']) {
    cpSync(join(ROOT, name), join(extension, name), { recursive: true });
  }
  server = await startServer({ workspace: sampleCopy() });
  workbench = await openWorkbench(server, { extension });
});

after(async () => {
  await workbench?.close();
  await server?.stop();
  rmSync(extension, { recursive: true, force: true });
});

const data = (file: string) => join(extension, 'dist/data/en', file);

async function open(chapter: string): Promise<void> {
  const { page } = workbench;
  await page.locator('.pane-body .monaco-list-row').filter({ hasText: chapter }).first().click();
}

test('a chapter that is built again is in the open reader at once', async () => {
  await workbench.page.locator('.activitybar [aria-label="Istio Handbook"]').first().click();
  await open('VirtualService');
  const reader = await workbench.readerFrame();
  await reader.locator('h1', { hasText: 'VirtualService' }).waitFor();
  const file = data('chapters/virtual-service.json');
  const text = readFileSync(file, 'utf8');
  const chapter = JSON.parse(text) as { sections: { html: string }[] };
  chapter.sections[0]!.html = '<p>Written a moment ago.</p>';
  const started = Date.now();
  writeFileSync(file, JSON.stringify(chapter));
  await reader.getByText('Written a moment ago.').waitFor();
  console.log(`a changed chapter was shown after ${Date.now() - started} ms`);
  writeFileSync(file, text);
});

test('a damaged chapter is one message that names it, and the rest works', async () => {
  const { page } = workbench;
  writeFileSync(data('chapters/destination-rule.json'), '{"id": "destination-ru');
  // The watch for writers reloads the page; this test is about opening one.
  await page.waitForTimeout(1000);
  await open('DestinationRule');
  const reader = await workbench.readerFrame();
  await reader.locator('.notice', { hasText: 'destination-rule.json' }).waitFor();
  await workbench.runCommand('Notifications: Show Notifications');
  await page.locator('.notifications-center', { hasText: 'dist/data/en/chapters/destination-rule.json' }).waitFor();
  assert.equal(await page.locator('.notifications-center .notification-list-item').count(), 1);
  await page.keyboard.press('Escape');
  await open('Why a Service Mesh');
  await reader.locator('h1', { hasText: 'Why a Service Mesh' }).waitFor();
});

test('without the reference the book is still there', async () => {
  rmSync(data('reference.txt'));
  await workbench.page.locator('.pane-body .monaco-list-row').filter({ hasText: 'Istio at a Glance' }).first().click();
  const reader = await workbench.readerFrame();
  await reader.locator('h1', { hasText: 'Istio at a Glance' }).waitFor();
});
