import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { SEVERITIES } from '../../src/core/checks/codes.ts';
import type { LintRecord } from '../../src/terminal/lint.ts';
import { sarif } from '../../src/terminal/sarif.ts';

/** What SARIF 2.1.0 says of the objects that are written: it closes all of them. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  log: { '$schema': 'uri', 'version!': '2.1.0', 'runs!': 'run[]' },
  run: { 'tool!': 'tool', columnKind: 'utf16CodeUnits|unicodeCodePoints', results: 'result[]' },
  tool: { 'driver!': 'component' },
  component: { 'name!': 'text', version: 'text', rules: 'rule[]', informationUri: 'uri' },
  rule: { 'id!': 'text', name: 'text', shortDescription: 'message', fullDescription: 'message', help: 'message', helpUri: 'uri', defaultConfiguration: 'configuration' },
  configuration: { enabled: 'flag', level: 'none|note|warning|error' },
  result: { ruleId: 'text', ruleIndex: 'index', level: 'none|note|warning|error', 'message!': 'message', locations: 'location[]', partialFingerprints: 'texts' },
  message: { 'text!': 'text' },
  location: { physicalLocation: 'physical', logicalLocations: 'logical[]' },
  physical: { 'artifactLocation!': 'artifact', region: 'region' },
  artifact: { 'uri!': 'relative', uriBaseId: 'text' },
  region: { 'startLine!': 'count', startColumn: 'count', endLine: 'count', endColumn: 'count' },
  logical: { fullyQualifiedName: 'text', name: 'text', kind: 'text' },
};

const FORMS: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && value !== '',
  texts: (value) => Object.values(value as object).every((item) => typeof item === 'string'),
  flag: (value) => typeof value === 'boolean',
  index: (value) => Number.isInteger(value) && (value as number) >= 0,
  count: (value) => Number.isInteger(value) && (value as number) >= 1,
  uri: (value) => URL.canParse(String(value)),
  // A reference that a base decides: no scheme, no slash in front, nothing that a URI does not hold.
  relative: (value) => /^(?![/]|[A-Za-z][\w+.-]*:)(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+$/.test(String(value)),
};

/** The places where an object is not what SARIF says. */
function wrong(value: unknown, shape: string, path: string): string[] {
  if (shape.endsWith('[]')) return Array.isArray(value) ? value.flatMap((item, index) => wrong(item, shape.slice(0, -2), `${path}[${index}]`)) : [path];
  const form = FORMS[shape];
  if (form) return form(value) ? [] : [path];
  const fields = SHAPES[shape];
  if (!fields) return shape.split('|').includes(String(value)) ? [] : [path];
  const object = value as Record<string, unknown>;
  const known = Object.fromEntries(Object.entries(fields).map(([name, type]) => [name.replace('!', ''), type]));
  return [
    ...Object.keys(object).filter((name) => !Object.hasOwn(known, name)).map((name) => `${path}.${name} is unknown`),
    ...Object.keys(fields).filter((name) => name.endsWith('!') && object[name.slice(0, -1)] === undefined).map((name) => `${path}.${name} is missing`),
    ...Object.entries(object).flatMap(([name, item]) => (Object.hasOwn(known, name) ? wrong(item, known[name]!, `${path}.${name}`) : [])),
  ];
}

const record = (more: Partial<LintRecord>): LintRecord => ({
  file: 'a.yaml', document: 0, line: 1, column: 1, endLine: 1, endColumn: 2, code: 'IST0106', severity: 'error', message: 'm', section: 's', resource: 'Kind n', ...more,
});

const RECORDS: readonly LintRecord[] = [
  ...SEVERITIES.map((severity) => record({ severity })),
  record({ code: 'IH0001', resource: '' }),
  ...['./b.yaml', '../c d.yaml', '文件/100%.yaml', join(process.cwd(), 'x/y.yaml'), 'a:b.yaml', '-', 'q?#.yaml'].map((file) => record({ file })),
];

test('SARIF is what its specification says', () => {
  assert.deepEqual(wrong(sarif(RECORDS, 'zh-cn', '1.2.3'), 'log', ''), []);
  assert.deepEqual(wrong(sarif([], 'en', '1.2.3'), 'log', ''), []);
});

test('SARIF has one rule for each code, notes for what is less than a warning, and prints of their own', () => {
  const { runs: [run] } = sarif(RECORDS, 'en', '1.2.3') as { runs: [{ tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number; level: string; partialFingerprints: Record<string, string>; locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }] };
  const { rules } = run.tool.driver;
  assert.deepEqual(rules.map(({ id }) => id), ['IH0001', 'IST0106']);
  assert.ok(run.results.every(({ ruleId, ruleIndex }) => rules[ruleIndex]!.id === ruleId));
  assert.deepEqual(run.results.slice(0, 4).map(({ level }) => level), ['error', 'warning', 'note', 'note']);
  const prints = run.results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
  assert.equal(new Set(prints).size, prints.length);
  assert.deepEqual(run.results.slice(5, 9).map(({ locations }) => locations[0]!.physicalLocation.artifactLocation.uri), ['b.yaml', '../c%20d.yaml', '%E6%96%87%E4%BB%B6/100%25.yaml', 'x/y.yaml']);
  const moved = sarif(RECORDS.map((one) => ({ ...one, line: one.line + 7, endLine: one.endLine + 7 })), 'en', '1.2.3') as { runs: [{ results: { partialFingerprints: object }[] }] };
  assert.deepEqual(moved.runs[0].results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints)), prints);
});
