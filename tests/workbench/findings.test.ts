import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openWorkbench } from '../../scripts/workbench/browser.mjs';
import { startServer, type Server } from '../../scripts/workbench/server.mjs';
import { ROOT } from '../support/content.ts';
import { picture, sampleCopy } from '../support/workbench.ts';

/** A finding in the workbench: in the list of problems, in the hover and among the actions, each leading into the book. */

let server: Server;
let workbench: Awaited<ReturnType<typeof openWorkbench>>;

const FILE = 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: ratings\nspec:\n  host: ratings\n  trafficPolicy:\n    tls:\n      mode: SIMPLE\n    outlierDetektion: {}\n';

before(async () => {
  const workspace = sampleCopy();
  writeFileSync(join(workspace, 'finding.yaml'), FILE);
  server = await startServer({ workspace, settings: { 'editor.hover.delay': 0 } });
  workbench = await openWorkbench(server, { extension: ROOT });
  await workbench.openFile('finding.yaml');
});

after(async () => {
  await workbench?.close();
  await server?.stop();
});

test('the list of problems leads to the code in the book', async () => {
  const { page } = workbench;
  await workbench.runCommand('Problems: Focus on Problems View');
  const row = page.locator('.markers-panel .monaco-list-row', { hasText: 'IST0128' }).first();
  await row.waitFor();
  await picture(page, 'problems');
  await row.locator('a', { hasText: 'IST0128' }).first().click({ timeout: 10_000 });
  const reader = await workbench.readerFrame();
  await reader.locator('#am-destinationrule--ist0128').waitFor({ timeout: 10_000 });
});

test('the action of a finding leads there too, and its fix writes the field', async () => {
  const { page } = workbench;
  await page.locator('.markers-panel .monaco-list-row', { hasText: 'outlierDetektion' }).first().dblclick();
  await workbench.runCommand('Quick Fix...');
  const actions = page.locator('.action-widget .monaco-list-row');
  await actions.first().waitFor({ timeout: 10_000 }).catch(() => undefined);
  await picture(page, 'quick-fixes');
  await actions.filter({ hasText: 'Read about it in the handbook' }).first().waitFor({ timeout: 10_000 });
  await actions.filter({ hasText: 'Rename to' }).first().click();
  await page.locator('.editor-instance .view-lines', { hasText: 'outlierDetection:' }).first().waitFor();
});
