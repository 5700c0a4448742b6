import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/content.ts';

const CLI = join(ROOT, 'dist/cli.js');

function run(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { input, encoding: 'utf8', cwd: ROOT, env: { ...process.env, LANG: 'C' } });
  return { status, out: stdout, err: stderr, lines: stdout.split('\n').filter((line) => line !== '') };
}

const json = (lines: readonly string[]) => lines.map((line) => JSON.parse(line));

test('explain answers in both languages', () => {
  const place = 'DestinationRule.spec.trafficPolicy.outlierDetection.consecutive5xxErrors';
  const { status, lines } = run(['explain', place, '--json']);
  assert.equal(status, 0);
  const [record] = json(lines);
  assert.deepEqual(Object.keys(record), ['group', 'version', 'kind', 'path', 'type', 'required', 'default', 'unit', 'enum', 'since', 'doc', 'section']);
  assert.deepEqual([record.group, record.version, record.kind, record.type, record.default, record.section], ['networking.istio.io', 'v1', 'DestinationRule', 'integer', 5, 'dr-outlier-detection']);
  assert.equal(record.path, 'spec.trafficPolicy.outlierDetection.consecutive5xxErrors');
  assert.match(run(['explain', place, '--lang', 'zh-cn']).out, /\p{Script=Han}/u);
});

test('explain takes indices or leaves them out', () => {
  for (const place of ['VirtualService.spec.http.retries.attempts', 'VirtualService.spec.http[3].retries.attempts', 'networking.istio.io/VirtualService.spec.http[].retries.attempts']) {
    assert.equal(json(run(['explain', place, '--json']).lines)[0].section, 'vs-http-retries', place);
  }
});

test('section prints its Markdown', () => {
  const { status, out } = run(['section', 'vs-http-retries', '--lang', 'zh-cn']);
  assert.equal(status, 0);
  assert.match(out, /^## .*\{#vs-http-retries\}/);
});

test('search finds Chinese and English, and forgives typos', () => {
  for (const [query, language] of [['熔断', 'zh-cn'], ['circuit breaking', 'en'], ['outlier detction', 'en'], ['consecutive5xxErrors', 'zh-cn']] as const) {
    const { lines } = run(['search', query, '--lang', language, '--json', '--limit', '5']);
    const hits = json(lines);
    assert.ok(hits.length > 0 && hits.length <= 5, query);
    assert.deepEqual(Object.keys(hits[0]), ['section', 'chapter', 'title', 'excerpt']);
    assert.ok(hits.some(({ section }) => section === 'dr-outlier-detection'), `${query}: ${lines.join('\n')}`);
  }
});

test('fields names files as they were given, and goes on behind an unreadable one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fields-'));
  mkdirSync(join(folder, 'node_modules'));
  const text = 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nspec:\n  host: a\n';
  for (const name of ['b.yaml', 'a.yml', 'c.txt', 'node_modules/d.yaml']) writeFileSync(join(folder, name), text);
  const { status, lines, err } = run(['fields', join(folder, 'missing.yaml'), folder, '--json']);
  assert.equal(status, 2);
  assert.equal(err.trim().split('\n').length, 1);
  assert.deepEqual([...new Set(json(lines).map(({ file }) => file))], [`${folder}/a.yml`, `${folder}/b.yaml`]);
  assert.deepEqual(Object.keys(json(lines)[0]), ['file', 'line', 'path', 'group', 'kind', 'known', 'type', 'section']);
  assert.equal(json(run(['fields', '-', '--json'], text).lines)[0].file, '-');
});

test('unusable arguments are one line and status 2', () => {
  for (const args of [[], ['nothing'], ['explain'], ['explain', 'Nothing.spec'], ['explain', 'VirtualService.spec.nothing'], ['section', 'nothing'], ['search', 'x', '--lang', 'de'], ['search', 'x', '--limit', '0'], ['fields', '--what'], ['constructor']]) {
    const { status, err } = run(args);
    assert.equal(status, 2, args.join(' '));
    assert.equal(err.trim().split('\n').length, 1, args.join(' '));
  }
});

test('a closed pipe ends quietly', () => {
  const { stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${CLI}" fields samples/bookinfo --json | head -1`], { cwd: ROOT, encoding: 'utf8' });
  assert.equal(stderr, '');
});

const WRONG = `# 说明
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: b}
spec:
  hosts: [a]
  http:
  - retrys: {attempts: 1}
    route: [{destination: {host: a}}]
`;

test('lint tells findings as text, lines of JSON and SARIF, and ends with 1', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lint-'));
  mkdirSync(join(folder, 'ignored'));
  mkdirSync(join(folder, 'templates'));
  writeFileSync(join(folder, '.gitignore'), 'ignored/\n*.tmp.yaml\n');
  for (const name of ['b.yaml', 'a.tmp.yaml', 'ignored/c.yaml', 'templates/d.yaml']) writeFileSync(join(folder, name), WRONG);
  const text = run(['lint', folder]);
  assert.equal(text.status, 1);
  assert.equal(text.lines.length, 1);
  assert.match(text.out, /b\.yaml:8:5: error IST0106 .*retries/);
  const [record] = json(run(['lint', folder, '--format', 'json', '--isolated']).lines);
  assert.deepEqual(Object.keys(record), ['file', 'document', 'line', 'column', 'endLine', 'endColumn', 'code', 'severity', 'message', 'section', 'resource', 'suggestion']);
  assert.deepEqual([record.document, record.line, record.column, record.endLine, record.endColumn, record.resource, record.suggestion], [0, 8, 5, 8, 11, 'VirtualService b/a', 'spec.http[0].retries']);
  const sarif = JSON.parse(run(['lint', folder, '--format', 'sarif', '--lang', 'zh-cn', '--isolated']).out);
  assert.equal(sarif.version, '2.1.0');
  const [{ tool, results, columnKind }] = sarif.runs;
  assert.equal(columnKind, 'utf16CodeUnits');
  assert.deepEqual(tool.driver.rules.map(({ id }: { id: string }) => id), ['IST0106']);
  assert.equal(results[0].level, 'error');
  assert.match(results[0].message.text, /\p{Script=Han}/u);
});

test('lint ends with 0 where nothing reaches the level, and with 2 for what it cannot read', () => {
  assert.equal(run(['lint', '-'], 'kind: Service\n').status, 0);
  const warned = WRONG.replace('retrys: {attempts: 1}', 'mirrorPercent: 5');
  assert.equal(run(['lint', '-'], warned).status, 0);
  assert.equal(run(['lint', '-', '--severity', 'warning'], warned).status, 1);
  const both = run(['lint', '/nowhere.yaml', '-'], WRONG);
  assert.equal(both.status, 2);
  assert.equal(both.err.trim().split('\n').length, 1);
  assert.equal(both.lines.length, 1);
  for (const args of [['lint'], ['lint', '-', '--format', 'xml'], ['lint', '-', '--severity', 'fatal']]) assert.equal(run(args).status, 2, args.join(' '));
});
