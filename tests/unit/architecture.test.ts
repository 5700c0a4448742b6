import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { ROOT } from '../support/content.ts';

/** Which folders, packages and types each folder may import; a folder may always import itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'src/core/base': [],
  'src/core/yaml': ['src/core/base', 'yaml'],
  'src/core/reference': ['src/core/base'],
  'src/core/book': ['src/core/base', 'fuse.js'],
  'src/core/language': ['src/core/base', 'src/core/yaml', 'src/core/reference', 'src/core/book', 'yaml'],
  'src/core/reader': ['src/core/base', 'src/core/book'],
  'src/host': ['src/core/base', 'src/core/yaml', 'src/core/reference', 'src/core/book', 'src/core/language', 'src/core/checks', 'src/core/reader', 'vscode', 'jsonc-parser'],
  'src/webview': ['src/core/reader'],
  'src/build': [
    'src/core/base', 'src/core/yaml', 'src/core/reference', 'src/core/book', 'src/core/language', 'src/core/checks',
    'markdown-it', 'markdown-it-cjk-friendly', 'markdown-it-footnote', 'markdown-it-github-alerts', 'yaml', 'shiki', 'node:crypto',
  ],
  'src/extension.ts': ['src/host', 'vscode'],
  'src/core/checks': ['src/core/base', 'src/core/yaml', 'src/core/reference', 'src/core/language', 'src/core/checks/rules', 'src/core/checks/workspace', 'yaml'],
  'src/core/checks/workspace': ['src/core/yaml', 'src/core/reference', 'src/core/checks', 'src/core/checks/rules'],
  'src/core/checks/rules': ['src/core/yaml'],
  'src/terminal': ['src/core/base', 'src/core/yaml', 'src/core/checks', 'node:fs', 'node:path', 'node:crypto', 'ignore'],
  'src/cli.ts': ['src/terminal', 'src/core/checks', 'src/core/base', 'src/core/yaml', 'src/core/reference', 'src/core/book', 'src/core/language', 'node:fs', 'node:path', 'node:util'],
};

interface Import {
  readonly file: string;
  readonly from: string;
  /** A folder of the table, a file at the top of `src`, or a package. */
  readonly to: string;
  readonly target: string;
}

function sourceFiles(): string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

function folderOf(file: string): string {
  const folder = dirname(file);
  return folder === 'src' ? file : folder;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const named = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  const inline = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)].map((match) => match[1]!);
  return [...new Set([...named, ...inline])].map((name) => {
    const target = name.startsWith('.') ? normalize(join(dirname(file), name)) : name;
    return { file, from: folderOf(file), to: name.startsWith('.') ? folderOf(target) : name, target };
  });
}

const imports = sourceFiles().flatMap(importsOf);

test('every folder of src is in the table', () => {
  assert.deepEqual([...new Set(sourceFiles().map(folderOf))].sort(), Object.keys(ALLOWED).sort());
});

test('imports point down', () => {
  const wrong = imports.filter(({ from, to }) => from !== to && !ALLOWED[from]?.includes(to));
  assert.deepEqual(wrong.map(({ file, target }) => `${file} imports ${target}`), []);
});

test('no file imports itself by a detour', () => {
  const edges = new Map<string, string[]>();
  for (const { file, target } of imports) edges.set(file, [...(edges.get(file) ?? []), target]);
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    assert.ok(!way.includes(file), `a cycle: ${[...way, file].join(' → ')}`);
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
});

test('the page takes only types from the core, and the extension nothing from Node', () => {
  for (const { file, target } of imports) assert.ok(!file.startsWith('src/host') || !target.startsWith('node:'), `${file} imports ${target}`);
  for (const file of sourceFiles().filter((name) => name.startsWith('src/webview'))) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const line of text.matchAll(/^import (?!type )[^\n]*core\/[^\n]*$/gm)) assert.fail(`${file}: ${line[0]}`);
  }
});

test('activate stays a table of contents', () => {
  const text = readFileSync(join(ROOT, 'src/extension.ts'), 'utf8');
  const body = text.slice(text.indexOf('export function activate'));
  assert.ok(body.split('\n').length <= 40);
});
