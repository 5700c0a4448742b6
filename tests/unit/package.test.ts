import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/content.ts';
import { packVsix } from '../support/vsix.ts';

const npm = (args: readonly string[], cwd: string) => execFileSync('npm', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

test('the npm package is the terminal entry, and answers where nothing else is installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'istio-handbook-pack-'));
  const [packed] = JSON.parse(npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], ROOT)) as { filename: string; files: { path: string }[] }[];
  const files = packed!.files.map(({ path }) => path);
  assert.ok(files.includes('dist/cli.js') && files.includes('dist/data/en/book.json'), files.join());
  const strays = files.filter((file) => !/^(dist\/(cli\.js|data\/.*)|package\.json|README\.md|LICENSE|CHANGELOG\.md|THIRD-PARTY-NOTICES)$/.test(file));
  assert.deepEqual(strays, []);
  npm(['init', '-y'], folder);
  npm(['install', '--offline', '--no-audit', '--no-fund', join(folder, packed!.filename)], folder);
  const answer = execFileSync(join(folder, 'node_modules/.bin/istio-handbook'), ['explain', 'VirtualService.spec.hosts'], { cwd: folder, encoding: 'utf8' });
  assert.match(answer, /^VirtualService\.spec\.hosts\n/);
});

test('the extension\'s package holds what it needs and no more', async () => {
  const { files, size } = await packVsix();
  for (const needed of ['dist/extension.js', 'dist/extension.web.js', 'dist/later.js', 'dist/reader.js', 'dist/reader.css', 'dist/snippets.json', 'media/icon.png', 'media/view.svg', 'l10n/bundle.l10n.zh-cn.json']) {
    assert.ok(files.includes(needed), needed);
  }
  assert.ok(files.filter((file) => file.endsWith('.js')).length <= 10);
  assert.deepEqual(files.filter((file) => /^(src|tests|scripts|content|node_modules|samples)\//.test(file)), []);
  assert.ok(size < 5 * 1024 * 1024, `${size} bytes`);
});

test('activation reads neither the YAML parser nor the search', () => {
  const [atOnce, later] = ['extension', 'later'].map((name) => readFileSync(join(ROOT, `dist/${name}.js`), 'utf8'));
  for (const words of ['YAMLParseError', 'threshold:']) assert.deepEqual([atOnce!.includes(words), later!.includes(words)], [false, true], words);
});

test('third-party notices name every bundled package', () => {
  const notices = readFileSync(join(ROOT, 'THIRD-PARTY-NOTICES'), 'utf8');
  for (const name of ['fuse.js', 'yaml']) {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string };
    assert.ok(notices.includes(`${name} ${version} (`), name);
  }
  assert.match(notices, /Gateway API/);
  assert.match(notices, /not affiliated with the Istio project/);
});

test('every chapter of the book has its page in both languages', () => {
  for (const language of ['en', 'zh-cn']) {
    const book = JSON.parse(readFileSync(join(ROOT, `dist/data/${language}/book.json`), 'utf8')) as { parts: { chapters: { id: string }[] }[] };
    const pages = readdirSync(join(ROOT, `dist/data/${language}/chapters`)).sort();
    assert.deepEqual(pages, book.parts.flatMap(({ chapters }) => chapters.map(({ id }) => `${id}.json`)).sort());
  }
});
