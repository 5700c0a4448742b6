import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snippet } from '../../src/core/book/model.ts';
import type { LanguageContext } from '../../src/core/language/context.ts';
import { contextIn, ROOT, snippetsIn } from '../../tests/support/content.ts';
import { generated, keyInMiddle } from './documents.ts';
import { Peer } from './peer.ts';
import { schemaOf } from './schema.ts';

/**
 * The same generated files through our functions and through yaml-language-server, in one run: `npm run bench`. Prints
 * medians in milliseconds and how many times faster ours is. Times differ from machine to machine, ratios less.
 */

const SIZES = [1_000, 10_000, 50_000];
const RUNS = 15;

interface Measures {
  readonly first: number;
  readonly unchanged: number;
  readonly edited: number;
  readonly completed: number;
  readonly memory: number;
}

async function timed(run: () => unknown): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

async function medianOf(run: (index: number) => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < RUNS; index++) times.push(await run(index));
  return median(times);
}

async function peerMeasures(schemaFile: string, text: string): Promise<Measures> {
  const peer = await Peer.start(schemaFile);
  try {
    const at = keyInMiddle(text);
    let said = '';
    const first = await timed(async () => {
      await peer.open(text);
      said = await peer.hover(at);
    });
    if (said === '') throw new Error('the peer says nothing: it would be compared with nothing');
    const unchanged = await medianOf(() => timed(() => peer.hover(at)));
    const value = text.indexOf('500ms', at);
    const edited = await medianOf((index) => timed(async () => {
      await peer.edit(value, value + 3, String(500 + index));
      await peer.hover(at);
    }));
    const line = text.lastIndexOf('\n', at) + 1;
    const completed = await medianOf(async (index) => {
      const typed = `      ${'abcdefghijklmnop'[index]}`;
      const time = await timed(async () => {
        await peer.edit(line, line, `${typed}\n`);
        await peer.complete(line + typed.length);
      });
      await peer.edit(line, line + typed.length + 1, '');
      return time;
    });
    return { first, unchanged, edited, completed, memory: peer.memory() };
  } finally {
    peer.stop();
  }
}

interface Features {
  readonly context: LanguageContext;
  readonly snippets: readonly Snippet[];
  readonly hover: typeof import('../../src/core/language/hover.ts').hover;
  readonly complete: typeof import('../../src/core/language/complete.ts').complete;
}

/** What the extension loads for its first answer: the features' code and the data. */
async function load(): Promise<Features> {
  const [{ hover }, { complete }] = await Promise.all([import('../../src/core/language/hover.ts'), import('../../src/core/language/complete.ts')]);
  return { context: contextIn('en'), snippets: snippetsIn('en'), hover, complete };
}

async function ourMeasures(text: string, loading: () => Promise<Features>): Promise<Measures> {
  global.gc?.();
  const before = process.memoryUsage().rss;
  const at = keyInMiddle(text);
  let features!: Features;
  const first = await timed(async () => {
    features = await loading();
    if (!features.hover(features.context, text, at)) throw new Error('no hover');
  });
  const { context, hover, complete, snippets } = features;
  const unchanged = await medianOf(() => timed(() => hover(context, text, at)));
  const value = text.indexOf('500ms', at);
  const edited = await medianOf((index) => {
    const changed = `${text.slice(0, value)}${500 + index}${text.slice(value + 3)}`;
    return timed(() => hover(context, changed, at));
  });
  const line = text.lastIndexOf('\n', at) + 1;
  const completed = await medianOf((index) => {
    const typed = `      ${'abcdefghijklmnop'[index]}`;
    const changed = `${text.slice(0, line)}${typed}\n${text.slice(line)}`;
    return timed(() => complete(context, changed, line + typed.length, { indent: 2, snippets }));
  });
  return { first, unchanged, edited, completed, memory: Math.max(0, process.memoryUsage().rss - before) / 2 ** 20 };
}

const ROWS: readonly (readonly [keyof Measures, string])[] = [
  ['first', 'first hover, loading included'],
  ['unchanged', 'hover, nothing changed'],
  ['edited', 'hover after an edit'],
  ['completed', 'completion after an edit'],
];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'istio-handbook-bench-'));
  try {
    const schemaFile = join(folder, 'istio.json');
    writeFileSync(schemaFile, JSON.stringify(schemaOf(contextIn('en').reference)));
    const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/yaml-language-server/package.json'), 'utf8')) as { version: string };
    console.log(`Istio Handbook beside yaml-language-server ${version}, medians of ${RUNS} in ms\n`);
    let loaded: Promise<Features> | undefined;
    for (const size of SIZES) {
      const text = generated(size);
      // The first of ours pays for loading; later sizes show that nothing grows with the file.
      const ours = await ourMeasures(text, () => (loaded ??= load()));
      const theirs = await peerMeasures(schemaFile, text);
      console.log(`${text.split('\n').length} lines`);
      for (const [key, title] of ROWS) {
        const ratio = theirs[key] / ours[key];
        console.log(`  ${title.padEnd(32)} ${ours[key].toFixed(3).padStart(9)} ${theirs[key].toFixed(1).padStart(9)}   ${ratio.toFixed(0)} times faster`);
      }
      console.log(`  ${'memory, MB (ours: what it added)'.padEnd(32)} ${ours.memory.toFixed(0).padStart(9)} ${theirs.memory.toFixed(0).padStart(9)}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
