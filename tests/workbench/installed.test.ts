import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWorkbench } from '../../scripts/workbench/browser.mjs';
import { startServer } from '../../scripts/workbench/server.mjs';
import { installVsix } from '../../scripts/workbench/vsix.mjs';
import { ROOT } from '../support/content.ts';
import { picture, sampleCopy } from '../support/workbench.ts';
import { packVsix } from '../support/vsix.ts';

/** Reads and hovers with a package that is installed in a fresh profile. */
async function readAndHover(vsix: string, name: string, settings: Record<string, unknown>, trusted: boolean): Promise<void> {
  const extensions = mkdtempSync(join(tmpdir(), 'istio-handbook-extensions-'));
  installVsix('newest', vsix, extensions);
  const server = await startServer({ workspace: sampleCopy(), extensions, settings: { 'editor.hover.delay': 0, ...settings } });
  const workbench = await openWorkbench(server);
  try {
    const { page } = workbench;
    if (!trusted) await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    await page.keyboard.press('Control+P');
    await page.locator('.quick-input-widget input').first().fill('destination-rules.yaml');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'destination-rules.yaml' }).first().click();
    await page.locator('.editor-instance .view-line', { hasText: 'DestinationRule' }).first().waitFor();
    // A pointer that rests asks once: before the extension is up there is nobody to answer, so it moves until there is.
    const hover = page.locator('.monaco-hover', { hasText: 'networking.istio.io' }).first();
    for (let tries = 0; tries < 15 && !(await hover.isVisible()); tries++) {
      await page.locator('.editor-instance .view-line').first().hover();
      await page.locator('.editor-instance .view-line span', { hasText: 'DestinationRule' }).last().hover();
      await hover.waitFor({ timeout: 2_000 }).catch(() => undefined);
    }
    await picture(page, `${name}-hover`);
    await hover.waitFor({ timeout: 2_000 });
    await workbench.runCommand('Istio Handbook: Open Handbook');
    const reader = await workbench.readerFrame();
    await reader.locator('.cover-part a').first().click();
    await reader.locator('article section').first().waitFor();
    assert.ok((await reader.locator('article section').count()) > 2);
    await picture(page, name);
  } finally {
    await workbench.close();
    await server.stop();
  }
}

test('the installed extension works in Restricted Mode, in a fresh profile', async () => {
  const { path } = await packVsix();
  const restricted = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' };
  await readAndHover(path, 'restricted', restricted, false);
});

test('the installed extension works in the web worker host', async () => {
  // Of two entries a workbench with a server takes the one for Node: without it, it takes the other.
  const variant = mkdtempSync(join(tmpdir(), 'istio-handbook-web-'));
  for (const name of ['.vscodeignore', 'CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES', 'dist', 'media', 'l10n', 'package.nls.json', 'package.nls.zh-cn.json']) {
    cpSync(join(ROOT, name), join(variant, name), { recursive: true });
  }
  const { main: _main, scripts: _scripts, ...manifest } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(variant, 'package.json'), JSON.stringify(manifest));
  const { path } = await packVsix(variant);
  await readAndHover(path, 'installed-web', {}, true);
});
