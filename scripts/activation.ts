import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkbench } from './workbench/browser.mjs';
import { startServer } from './workbench/server.mjs';

/** Prints how long VS Code itself says that the activation took (load and activate), in each of several fresh starts. */

const RUNS = 5;
const { publisher, name: plain } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { publisher: string; name: string };
const name = `${publisher}.${plain}`;
const root = join(import.meta.dirname, '..');
const workspace = join(mkdtempSync(join(tmpdir(), 'istio-handbook-')), 'bookinfo');
cpSync(join(root, 'samples/bookinfo'), workspace, { recursive: true });

async function measure(): Promise<number> {
  const server = await startServer({ workspace });
  const workbench = await openWorkbench(server, { extension: root, viewport: { width: 1400, height: 4000 } });
  try {
    const { page } = workbench;
    await page.keyboard.press('Control+P');
    await page.locator('.quick-input-widget input').first().fill('destination-rules.yaml');
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'destination-rules.yaml' }).first().click();
    await page.locator('.editor-instance .view-lines').first().waitFor();
    await page.waitForTimeout(3000);
    await workbench.runCommand('Developer: Show Running Extensions');
    const entry = page.locator('.runtime-extensions-editor .monaco-list-row').filter({ hasText: name }).first();
    await entry.waitFor();
    const text = await entry.innerText();
    const match = /(\d+)\s*ms/.exec(text);
    if (!match) throw new Error(`no time in: ${text}`);
    return Number(match[1]);
  } finally {
    await workbench.close();
    await server.stop();
  }
}

const times: number[] = [];
for (let run = 0; run < RUNS; run++) times.push(await measure());
times.sort((a, b) => a - b);
console.log(`activation in the Node host, as VS Code reports it: ${times.join(', ')} ms; median ${times[RUNS >> 1]} ms`);
