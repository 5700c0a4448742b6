import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { COMMANDS, READER, READER_ACTIVE, SETTINGS, VIEWS } from '../../src/host/names.ts';
import { ROOT } from '../support/content.ts';

const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const manifest = JSON.parse(text('package.json'));
const words: Readonly<Record<string, Record<string, string>>> = {
  en: JSON.parse(text('package.nls.json')),
  'zh-cn': JSON.parse(text('package.nls.zh-cn.json')),
};

test('the manifest declares what the code names', () => {
  assert.deepEqual(manifest.contributes.commands.map((entry: { command: string }) => entry.command).sort(), Object.values(COMMANDS).sort());
  assert.deepEqual(Object.keys(manifest.contributes.configuration.properties), Object.values(SETTINGS));
  assert.deepEqual(manifest.contributes.views.istioHandbook.map((view: { id: string }) => view.id), Object.values(VIEWS));
  assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${READER}`));
  assert.ok(text('package.json').includes(READER_ACTIVE));
});

test('activation waits for YAML, a reader or a link', () => {
  assert.deepEqual(manifest.activationEvents, ['onLanguage:yaml', 'onLanguage:helm', `onWebviewPanel:${READER}`, 'onUri']);
  assert.equal(manifest.extensionDependencies, undefined);
  assert.deepEqual(manifest.capabilities, { untrustedWorkspaces: { supported: true }, virtualWorkspaces: true });
  assert.equal(manifest.files, undefined);
});

test('every word of the manifest is there in both languages', () => {
  const used = [...text('package.json').matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]!);
  for (const [language, table] of Object.entries(words)) {
    assert.deepEqual([...new Set(used)].sort(), Object.keys(table).sort(), language);
    for (const [key, value] of Object.entries(table)) assert.ok(value.trim() !== '', key);
  }
});

test('every message of the host is translated', () => {
  const bundle = JSON.parse(text('l10n/bundle.l10n.zh-cn.json')) as Record<string, string>;
  const sources = readdirSync(join(ROOT, 'src/host')).map((file) => text(`src/host/${file}`)).join('\n');
  const used = [...sources.matchAll(/l10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g)].map((match) => match[1]!);
  assert.deepEqual([...new Set(used)].sort(), Object.keys(bundle).sort());
});

test('the name of the publisher stands in one place', () => {
  const folders = ['src', 'scripts', 'tests'];
  const files = folders.flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((file) => `${folder}/${String(file)}`));
  const written = files.filter((file) => /\.(ts|mjs)$/.test(file) && !file.endsWith('uri.ts') && text(file).includes(`'${manifest.publisher}.${manifest.name}'`));
  assert.deepEqual(written, []);
});

test('versions of packages are pinned', () => {
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) assert.match(String(version), /^\d/, name);
  assert.equal(manifest.devDependencies['@types/vscode'].split('.')[1], manifest.engines.vscode.split('.')[1]);
});
