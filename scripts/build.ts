import { build, context, type BuildOptions, type Plugin } from 'esbuild';
import { readFileSync, watch as watchFolder } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { compile, type Compiled } from '../src/build/compile.ts';
import { packReference } from '../src/core/reference/packed.ts';
import { declaredSnippets } from '../src/build/declared.ts';
import { Highlight } from '../src/build/highlight.ts';
import { formatProblem } from '../src/build/problems.ts';
import { LANGUAGES } from '../src/core/base/language.ts';
import { thirdPartyNotices } from './notices.ts';

/**
 * Builds `dist/`: the bundles and the data. `--watch` builds again on every change, `--content` compiles the content
 * alone. Ends with status 1 and a line for each problem where the content has any.
 */

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const flags = new Set(process.argv.slice(2));

const common = {
  bundle: true,
  minify: true,
  target: 'es2022',
  logLevel: 'warning',
  metafile: true,
  absWorkingDir: root,
  legalComments: 'none',
} satisfies BuildOptions;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/**
 * The API of VS Code as one module of the names that the host uses. What is required instead is copied, name by name, for each
 * of the files that import it: half of the activation.
 */
const vscodeApi: Plugin = {
  name: 'vscode',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode$/ }, ({ namespace }) => (namespace === 'vscode' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'vscode' }));
    onLoad({ filter: /./, namespace: 'vscode' }, async () => {
      const host = (await readdir(join(root, 'src/host'))).map((file) => `src/host/${file}`);
      const sources = await Promise.all([...host, 'src/extension.ts'].map((file) => readFile(join(root, file), 'utf8')));
      const names = new Set(sources.flatMap((source) => [...source.matchAll(/\bvscode\.(\w+)/g)].map(([, name]) => name)));
      return { contents: [`const api = require('vscode');`, ...[...names].map((name) => `export const ${name} = api.${name};`)].join('\n') };
    });
  },
};
const host = { ...common, entryPoints: ['src/extension.ts'], format: 'cjs', plugins: [vscodeApi] } satisfies BuildOptions;

/** The Node host reads what it needs later from a file of its own; the web worker host can load one file alone. */
const apart: Plugin = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/later\.ts$/ }, ({ kind }) => (kind === 'dynamic-import' ? { path: './later.js', external: true } : undefined));
  },
};

const node = { platform: 'node', format: 'cjs', mainFields: ['module', 'main'], supported: { 'dynamic-import': false } } satisfies BuildOptions;
const bundles: BuildOptions[] = [
  { ...host, ...node, outfile: 'dist/extension.js', plugins: [vscodeApi, apart] },
  { ...common, ...node, entryPoints: ['src/host/later.ts'], outfile: 'dist/later.js' },
  { ...host, outfile: 'dist/extension.web.js', platform: 'browser' },
  { ...common, entryPoints: ['src/webview/reader.ts'], outfile: 'dist/reader.js', platform: 'browser', format: 'iife' },
  { ...common, entryPoints: ['media/reader.css'], outfile: 'dist/reader.css' },
  {
    ...common,
    ...node,
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
    define: { VERSION: JSON.stringify(version) },
  },
];

async function readSources(): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  const entries = await readdir(join(root, 'content'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) sources.set(relative(root, file).split(sep).join('/'), await readFile(file, 'utf8'));
  return sources;
}

const written = new Map<string, string>();

async function write(path: string, text: string): Promise<void> {
  if (written.get(path) === text) return;
  await mkdir(join(dist, path, '..'), { recursive: true });
  await writeFile(join(dist, path), text);
  written.set(path, text);
}

async function writeData({ editions }: Compiled): Promise<void> {
  for (const language of LANGUAGES) {
    const { chapters, reference, ...lists } = editions[language];
    const folder = `data/${language}`;
    await write(`${folder}/reference.txt`, packReference(reference));
    for (const [name, value] of Object.entries(lists)) await write(`${folder}/${name}.json`, JSON.stringify(value));
    for (const chapter of chapters) await write(`${folder}/chapters/${chapter.id}.json`, JSON.stringify(chapter));
  }
  const declared = declaredSnippets(editions.en.snippets, editions['zh-cn'].snippets);
  await write('snippets.json', JSON.stringify(declared, null, 1));
}

async function buildContent(highlight: Highlight): Promise<boolean> {
  const started = performance.now();
  const compiled = compile(await readSources(), highlight);
  for (const problem of compiled.problems) console.error(formatProblem(problem));
  await writeData(compiled);
  const { chapters, reference, snippets } = compiled.editions.en;
  const sections = chapters.reduce((sum, chapter) => sum + chapter.sections.length, 0);
  const counts = `${chapters.length} chapters, ${sections} sections, ${reference.kinds.length} kinds, ${snippets.length} snippets`;
  console.log(`content: ${counts}, ${compiled.problems.length} problems, ${Math.round(performance.now() - started)} ms`);
  return compiled.problems.length === 0;
}

async function watch(highlight: Highlight): Promise<void> {
  for (const options of bundles) await (await context(options)).watch();
  let timer: NodeJS.Timeout | undefined;
  watchFolder(join(root, 'content'), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void buildContent(highlight), 50);
  });
  console.log('watching src/ and content/');
}

async function main(): Promise<void> {
  const highlight = await Highlight.create();
  if (flags.has('--content')) {
    process.exitCode = (await buildContent(highlight)) ? 0 : 1;
    return;
  }
  await rm(dist, { recursive: true, force: true });
  const good = await buildContent(highlight);
  const results = await Promise.all(bundles.map((options) => build(options)));
  const metafiles = results.map((result) => result.metafile!);
  await writeFile(join(root, 'THIRD-PARTY-NOTICES'), await thirdPartyNotices(root, metafiles));
  if (flags.has('--watch')) await watch(highlight);
  else if (!good) process.exitCode = 1;
}

await main();
