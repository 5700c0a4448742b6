import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWorkbench } from '../../scripts/workbench/browser.mjs';
import { startServer } from '../../scripts/workbench/server.mjs';
import { installVsix } from '../../scripts/workbench/vsix.mjs';
import { picture, sampleCopy } from '../support/workbench.ts';
import { packVsix } from '../support/vsix.ts';

test('the installed extension works in Restricted Mode, in a fresh profile', async () => {
  const { path } = await packVsix();
  const extensions = mkdtempSync(join(tmpdir(), 'istio-handbook-extensions-'));
  installVsix('newest', path, extensions);
  const settings = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never', 'editor.hover.delay': 0 };
  const server = await startServer({ workspace: sampleCopy(), extensions, settings });
  const workbench = await openWorkbench(server);
  try {
    const { page } = workbench;
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    await page.keyboard.press('Control+P');
    await page.locator('.quick-input-widget input').first().fill('destination-rules.yaml');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'destination-rules.yaml' }).first().click();
    await page.locator('.editor-instance .view-line', { hasText: 'DestinationRule' }).first().hover();
    const word = page.locator('.editor-instance .view-line span', { hasText: 'DestinationRule' }).last();
    await word.hover();
    const hover = page.locator('.monaco-hover', { hasText: 'networking.istio.io' });
    await hover.first().waitFor();
    await workbench.runCommand('Istio Handbook: Open Handbook');
    const reader = await workbench.readerFrame();
    await reader.locator('.cover-part a').first().click();
    await reader.locator('article section').first().waitFor();
    assert.ok((await reader.locator('article section').count()) > 2);
    await picture(page, 'restricted');
  } finally {
    await workbench.close();
    await server.stop();
  }
});
