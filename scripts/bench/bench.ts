import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { LanguageContext } from '../../src/core/language/context.ts';
import { contextIn, ROOT, snippetsIn } from '../../tests/support/content.ts';
import { fuzz } from '../../tests/support/fuzz.ts';
import { splitDocuments } from '../../src/core/yaml/documents.ts';
import { generated, keyInMiddle } from './documents.ts';
import { Peer } from './peer.ts';
import { schemaOf } from './schema.ts';
import { printSearch } from './search.ts';
import { printReader, printSizes } from './workbench.ts';

/**
 * The same generated files through our functions and through yaml-language-server, in one run: `npm run bench`. Prints
 * medians in milliseconds and how many times faster ours is. Times differ from machine to machine, ratios less.
 */

const SIZES = [1_000, 10_000, 50_000];
const RUNS = 15;
/** How long the extension lets typing rest before it checks, in milliseconds. */
const REST = 20;

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

/** From nothing to the first answer: what a person waits for who opens a file and points at a key. */
async function peerCold(schemaFile: string, text: string): Promise<number> {
  let peer: Peer | undefined;
  try {
    return await timed(async () => {
      peer = await Peer.start(schemaFile, false);
      await peer.open(text);
      while ((await peer.hover(keyInMiddle(text))) === '') await new Promise((resolve) => setTimeout(resolve, 10));
    });
  } finally {
    peer?.stop();
  }
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

type Features = typeof import('./features.ts');

/** The features as the extension ships them: one minified bundle, split where code is loaded later. */
async function bundled(folder: string): Promise<string> {
  await build({ entryPoints: [join(import.meta.dirname, 'features.ts')], outdir: folder, outExtension: { '.js': '.mjs' }, bundle: true, splitting: true, minify: true, format: 'esm', platform: 'browser', external: ['node:*'], logLevel: 'error' });
  return join(folder, 'features.mjs');
}

const DATA = join(ROOT, 'dist/data/en');

/** What stays loaded between the files, as it does in the extension. */
interface Loaded {
  readonly features: Features;
  readonly context: LanguageContext;
  readonly hover: typeof import('../../src/core/language/hover.ts').hover;
}

async function load(bundle: string): Promise<Loaded> {
  const features = (await import(bundle)) as Features;
  const { hover } = await features.loadHover();
  return { features, context: features.contextOf(DATA), hover };
}

function firstHover({ hover, context }: Loaded, text: string): Promise<number> {
  return timed(() => {
    if (!hover(context, text, keyInMiddle(text))) throw new Error('no hover');
  });
}

async function ourMeasures(text: string, loaded: Loaded): Promise<Measures> {
  const { context, hover, features } = loaded;
  const at = keyInMiddle(text);
  global.gc?.();
  const before = process.memoryUsage().rss;
  const first = await firstHover(loaded, text);
  const { complete } = await features.loadComplete();
  const snippets = features.snippetsOf(DATA);
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
  ['first', 'first hover after opening'],
  ['unchanged', 'hover, nothing changed'],
  ['edited', 'hover after an edit'],
  ['completed', 'completion after an edit'],
];

/** What an edit costs the checks, and the peer until it tells its diagnostics; and 10,000 documents at once, as in CI. */
async function printChecks(schemaFile: string): Promise<void> {
  const { checkDocument } = await import('../../src/core/checks/check.ts');
  const context = { ...contextIn('en'), language: 'en' as const };
  const text = generated(10_000);
  const documents = text.split('\n---\n');
  for (const document of documents) checkDocument(context, document);
  const edited = await medianOf((index) => timed(() => {
    splitDocuments(text);
    return checkDocument(context, documents[index]!.replace('500ms', `${501 + index}ms`));
  }));
  const peer = await Peer.start(schemaFile);
  let theirs: number;
  try {
    await peer.open(text);
    await peer.hover(keyInMiddle(text));
    const value = text.indexOf('500ms', keyInMiddle(text));
    theirs = await medianOf((index) => timed(() => peer.diagnosticsAfter(value, value + 3, String(500 + index))));
  } finally {
    peer.stop();
  }
  console.log('Checks');
  console.log(`  ${'work per edit, 10,000 lines'.padEnd(32)} ${edited.toFixed(3).padStart(9)} ${theirs.toFixed(1).padStart(9)}   theirs until diagnostics, its delay included; ours waits ${REST} ms: ${(theirs / (edited + REST)).toFixed(1)} times faster`);
  const folder = mkdtempSync(join(tmpdir(), 'istio-handbook-lint-'));
  try {
    const large = generated(50_000);
    const count = large.split('\n---\n').length;
    for (let file = 0; file * count < 10_000; file++) writeFileSync(join(folder, `${file}.yaml`), large.replaceAll('namespace: shop', `namespace: shop-${file}`));
    const time = await timed(() => spawnSync(process.execPath, [join(ROOT, 'dist/cli.js'), 'lint', folder], { stdio: 'ignore' }));
    console.log(`  ${'lint, 10,000 documents'.padEnd(32)} ${(time / 1_000).toFixed(1).padStart(9)} s\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The slowest answers to damaged documents: whatever the text, they stay small. */
function printSlowest(): void {
  const documents = ['virtual-services', 'destination-rules', 'gateway'].map((name) => generated(300) + name);
  const { slowest } = fuzz(contextIn('en'), snippetsIn('en'), documents, { seed: 1, runs: 500 });
  console.log('Slowest answers in 500 damaged documents');
  for (const { feature, milliseconds, text } of slowest.slice(0, 5)) console.log(`  ${feature.padEnd(32)} ${milliseconds.toFixed(1).padStart(9)}   ${text.length} characters`);
}

/** From nothing: loading is paid for. Beside it what theirs takes for the same file when it runs and knows its schemas. */
async function printCold(bundle: string, schemaFile: string): Promise<Loaded> {
  const text = generated(SIZES[0]!).replaceAll('namespace: shop', 'namespace: cold');
  let loaded!: Loaded;
  global.gc?.();
  const before = process.memoryUsage().rss;
  const ours = await timed(async () => {
    loaded = await load(bundle);
    await firstHover(loaded, text);
  });
  const memory = (process.memoryUsage().rss - before) / 2 ** 20;
  console.log(`From nothing, ${text.split('\n').length} lines`);
  row('first hover', ours, await peerCold(schemaFile, text));
  row('first hover, theirs running', ours, (await peerMeasures(schemaFile, text)).first);
  console.log(`  ${'memory that ours added, MB'.padEnd(32)} ${memory.toFixed(0).padStart(9)}\n`);
  return loaded;
}

function row(title: string, our: number, their: number): void {
  console.log(`  ${title.padEnd(32)} ${our.toFixed(3).padStart(9)} ${their.toFixed(1).padStart(9)}   ${(their / our).toFixed(0)} times faster`);
}

async function printHovers(folder: string, schemaFile: string): Promise<void> {
  const loaded = await printCold(await bundled(folder), schemaFile);
  for (const size of SIZES) {
    const text = generated(size);
    const ours = await ourMeasures(text, loaded);
    const theirs = await peerMeasures(schemaFile, text);
    console.log(`Both running, ${text.split('\n').length} lines`);
    for (const [key, title] of ROWS) row(title, ours[key], theirs[key]);
    console.log(`  ${'memory, MB (ours: what it added)'.padEnd(32)} ${ours.memory.toFixed(0).padStart(9)} ${theirs.memory.toFixed(0).padStart(9)}\n`);
  }
}

/** The parts of the bench by name: `npm run bench -- search reader` runs those. */
const PARTS: Readonly<Record<string, (folder: string, schemaFile: string) => void | Promise<void>>> = {
  hover: printHovers,
  checks: (_, schemaFile) => printChecks(schemaFile),
  slowest: printSlowest,
  search: printSearch,
  reader: printReader,
  sizes: printSizes,
};

async function main(names: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'istio-handbook-bench-'));
  try {
    const schemaFile = join(folder, 'istio.json');
    writeFileSync(schemaFile, JSON.stringify(schemaOf(contextIn('en').reference)));
    const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/yaml-language-server/package.json'), 'utf8')) as { version: string };
    console.log(`Istio Handbook beside yaml-language-server ${version}, medians of ${RUNS} in ms\n`);
    for (const [name, print] of Object.entries(PARTS)) if (names.length === 0 || names.includes(name)) await print(folder, schemaFile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2));
