import { cpSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../tests/support/content.ts';
import { packVsix } from '../../tests/support/vsix.ts';
import { openWorkbench } from '../workbench/browser.mjs';
import { startServer } from '../workbench/server.mjs';

/** What a reader waits for, in a real workbench: activation, the first page, the next chapter. And what is shipped. */

const STARTS = 3;
const SWITCHES = 15;
const CHAPTER = 'content/en/traffic/destination-rule.md';

type Workbench = Awaited<ReturnType<typeof openWorkbench>>;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** A workbench with the extension, and a chapter's source in its workspace. */
async function withWorkbench<T>(height: number, run: (workbench: Workbench) => Promise<T>): Promise<T> {
  const workspace = join(mkdtempSync(join(tmpdir(), 'istio-handbook-')), 'bookinfo');
  cpSync(join(ROOT, 'samples/bookinfo'), workspace, { recursive: true });
  cpSync(join(ROOT, CHAPTER), join(workspace, 'chapter.md'));
  const server = await startServer({ workspace });
  const workbench = await openWorkbench(server, { extension: ROOT, viewport: { width: 1400, height } });
  try {
    return await run(workbench);
  } finally {
    await workbench.close();
    await server.stop();
  }
}

/** What VS Code ships with, to tell the machine's share of a time. */
const BUILT_IN = 'GitHub';

/** Milliseconds of the activation of the extension, and of one that VS Code ships with, as VS Code tells them. */
function activation(): Promise<{ ours: number; builtIn: number }> {
  const { publisher, name } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { publisher: string; name: string };
  // All extensions that run have to be in sight.
  return withWorkbench(4000, async (workbench) => {
    await workbench.openFile('destination-rules.yaml');
    await workbench.page.waitForTimeout(3_000);
    await workbench.runCommand('Developer: Show Running Extensions');
    const timeOf = async (title: string) => {
      const entry = workbench.page.locator('.runtime-extensions-editor .monaco-list-row').filter({ has: workbench.page.getByText(title, { exact: true }) }).first();
      await entry.waitFor();
      const text = await entry.innerText();
      const match = /(\d+)\s*ms/.exec(text);
      if (!match) throw new Error(`no time in: ${text}`);
      return Number(match[1]);
    };
    return { ours: await timeOf(`${publisher}.${name}`), builtIn: await timeOf(BUILT_IN) };
  });
}

/** The workbench once a chapter's source is open and all is calm. */
async function withChapter(workbench: Workbench): Promise<Workbench> {
  await workbench.openFile('chapter.md');
  await workbench.page.waitForTimeout(2_000);
  return workbench;
}

/** Milliseconds from choosing a command to a webview that holds an element. */
async function untilShown({ page }: Workbench, title: string, selector: string): Promise<number> {
  const row = page.locator('.quick-input-list .monaco-list-row').filter({ has: page.getByText(title, { exact: true }) }).first();
  // A page that was just opened takes the focus, and the palette away with it.
  for (let tries = 0; ; tries++) {
    if (tries === 5) throw new Error(`the palette does not stay open for ${title}`);
    await page.waitForTimeout(1_000);
    await page.keyboard.press('F1');
    const filled = await page.locator('.quick-input-widget input').first().fill(`>${title}`, { timeout: 3_000 }).then(() => row.waitFor({ timeout: 5_000 })).then(() => true, () => false);
    if (filled) break;
  }
  const started = performance.now();
  await page.keyboard.press('Enter');
  for (;;) {
    const webviews = page.frames().filter((frame) => frame !== page.mainFrame());
    for (const frame of webviews) if ((await frame.locator(selector).count().catch(() => 0)) > 0) return performance.now() - started;
    if (performance.now() - started > 30_000) throw new Error(`${title}: no webview has ${selector}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Milliseconds from the message with a chapter to the end of the frame that shows it, for one chapter after another. */
async function switches(workbench: Workbench): Promise<number[]> {
  const reader = await workbench.readerFrame();
  return (await reader.evaluate(`(${readFileSync(join(import.meta.dirname, 'switches.page.js'), 'utf8').replace(/^\/\*\*[^]*?\*\/\s*/, '').replace(/;\s*$/, '')})(${SWITCHES})`)) as number[];
}

/** Prints activation, first page and chapter switch; the preview of VS Code opens a chapter's source beside it. */
export async function printReader(): Promise<void> {
  const starts: Awaited<ReturnType<typeof activation>>[] = [];
  for (let run = 0; run < STARTS; run++) starts.push(await activation());
  const first: number[] = [];
  const preview: number[] = [];
  const times: number[] = [];
  for (let run = 0; run < STARTS; run++) {
    // A workbench of its own for each: VS Code takes longer for its second webview.
    preview.push(await withWorkbench(900, async (workbench) => untilShown(await withChapter(workbench), 'Markdown: Open Preview', 'h2')));
    await withWorkbench(900, async (workbench) => {
      first.push(await untilShown(await withChapter(workbench), 'Istio Handbook: Open Handbook', 'main.cover'));
      if (run > 0) return;
      const reader = await workbench.readerFrame();
      await reader.locator('main.cover a[href="#about-this-book"]').first().click();
      await reader.locator('.neighbour.next').waitFor();
      times.push(...(await switches(workbench)));
    });
  }
  const row = (title: string, value: number, more = '') => console.log(`  ${title.padEnd(44)} ${value.toFixed(0).padStart(6)}   ${more}`);
  console.log(`Reader: medians in ms of ${STARTS} fresh starts`);
  row('activation, as VS Code tells it', median(starts.map(({ ours }) => ours)), `its own ${BUILT_IN}: ${median(starts.map(({ builtIn }) => builtIn))}`);
  row('first page, from the command', median(first), `VS Code’s Markdown preview of a chapter: ${median(preview).toFixed(0)}`);
  row('next chapter, from its message to painted', median(times), `the slowest of ${SWITCHES}: ${Math.max(...times).toFixed(0)}`);
  console.log('');
}

/** Without what the packager prints. */
async function quietly<T>(run: () => Promise<T>): Promise<T> {
  const { log } = console;
  console.log = () => {};
  try {
    return await run();
  } finally {
    console.log = log;
  }
}

/** Prints the sizes of what is shipped. */
export async function printSizes(): Promise<void> {
  const { files, size } = await quietly(packVsix);
  const bytes = (file: string) => statSync(join(ROOT, file)).size / 2 ** 10;
  console.log('Shipped');
  console.log(`  ${'package, MB'.padEnd(44)} ${(size / 2 ** 20).toFixed(2).padStart(6)}   ${files.length} files, ${files.filter((file) => /\.[cm]?js$/.test(file)).length} of them JavaScript`);
  for (const file of ['dist/reader.js', 'dist/extension.js', 'dist/later.js', 'dist/extension.web.js']) console.log(`  ${`${file}, KB`.padEnd(44)} ${bytes(file).toFixed(0).padStart(6)}`);
  console.log('');
}
