import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { compareWithDefinitions, tablePath } from '../../src/build/definitions.ts';
import { Problems } from '../../src/build/problems.ts';
import { compileReference } from '../../src/build/reference.ts';
import { fieldsOfText } from '../../src/core/language/fields.ts';
import { fieldsOf, type FieldPlace } from '../../src/core/reference/lookup.ts';
import { embeddedType, innerType, itemType, type Reference } from '../../src/core/reference/model.ts';
import { referenceIn, contentsIn, ROOT } from '../support/content.ts';
import { needsShared, SHARED } from '../support/shared.ts';

const reference = referenceIn('en');
const contents = contentsIn('en');

type Fields = ReadonlyMap<string, ReadonlyMap<string, FieldPlace>>;

function fieldsByKind(all: Reference): Fields {
  return new Map(
    all.kinds.map((kind) => [
      `${kind.group}/${kind.kind}`,
      new Map(
        kind.versions.length === 0
          ? [...fieldsOf(all, kind)].map(([path, place]) => [tablePath(path), place])
          : [...fieldsOf(all, kind)].filter(([path]) => path[0] === 'spec').map(([path, place]) => [tablePath(path.slice(1)), place]),
      ),
    ]),
  );
}

const fields = fieldsByKind(reference);

/** What a type of the reference is in a value: list, map, message, scalar. */
function shape(type: string): string {
  return itemType(type)?.container ?? (reference.messages[type] ? 'message' : type);
}

for (const [file, fewest] of [
  ['istio-1.31-crds.yaml', 993],
  ['gateway-api-1.6-standard-crds.yaml', 427],
] as const) {
  test(`the reference is the official definitions, field by field: ${file}`, needsShared, () => {
    const { missing, invented, differing, compared } = compareWithDefinitions(reference, readFileSync(join(SHARED, 'api', file), 'utf8'));
    assert.deepEqual({ missing, invented, differing }, { missing: [], invented: [], differing: [] });
    assert.ok(compared >= fewest, `${compared} fields`);
  });
}

test('a definition that differs is told, field by field', () => {
  const definition = `kind: CustomResourceDefinition
spec:
  group: networking.istio.io
  names: {kind: ProxyConfig}
  versions:
  - name: v2
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        properties:
          spec:
            properties:
              concurrency: {type: string}
              brandNew: {type: string}
---
kind: CustomResourceDefinition
spec: {group: networking.istio.io, names: {kind: Unheard}, versions: []}
`;
  const { missing, invented, differing } = compareWithDefinitions(reference, definition);
  assert.deepEqual(missing, ['ProxyConfig spec.brandNew', 'networking.istio.io/Unheard']);
  assert.ok(invented.includes('ProxyConfig spec.environmentVariables'), invented.join());
  assert.ok(differing.some((what) => what.startsWith('ProxyConfig spec.concurrency: integer is string')), differing.join());
  assert.ok(differing.some((what) => what.includes('the versions are v2 served stored')), differing.join());
});

test('every field leads to the section that the table names, or to what stands in for it', needsShared, () => {
  const sources = new Map(
    readdirSync(join(ROOT, 'content/reference'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => [`content/reference/${file}`, readFileSync(join(ROOT, 'content/reference', file), 'utf8')]),
  );
  // As it will be when every section is written.
  const named = fieldsByKind(compileReference(sources, new Problems(), (id) => id).byLanguage.en);
  const wrong: string[] = [];
  const rows = readFileSync(join(SHARED, 'book/field-sections.tsv'), 'utf8').trim().split('\n').slice(1);
  for (const row of rows) {
    const [version, kind, path, section] = row.split('\t') as [string, string, string, string];
    const key = `${version.replace(/\/[^/]*$/, '')}/${kind}`;
    const place = named.get(key)?.get(path);
    if (!place) wrong.push(`${kind} ${path}: not in the reference`);
    if (place && place.section !== section) wrong.push(`${kind} ${path}: ${place.section} instead of ${section}`);
    const today = fields.get(key)?.get(path);
    if (today && !contents.find(today.section)) wrong.push(`${kind} ${path}: ${today.section} is not written`);
    if (today && contents.find(section) && today.section !== section) wrong.push(`${kind} ${path}: ${today.section} although ${section} is written`);
  }
  assert.deepEqual(wrong, []);
});

test('real documents have no unknown key', needsShared, () => {
  const folder = join(SHARED, 'corpus/valid');
  const files = readdirSync(folder, { recursive: true }).map(String).filter((file) => /\.ya?ml$/.test(file));
  let keys = 0;
  const unknown: string[] = [];
  for (const file of files) {
    for (const record of fieldsOfText(reference, readFileSync(join(folder, file), 'utf8'))) {
      keys++;
      if (!record.known || record.section === '') unknown.push(`${file}:${record.line} ${record.kind} ${record.path}`);
    }
  }
  assert.ok(keys > 1000, `only ${keys} keys`);
  assert.deepEqual(unknown, []);
});

test('every section that a field names is written', () => {
  const wrong: string[] = [];
  for (const kind of reference.kinds) {
    for (const [path, place] of fieldsOf(reference, kind)) {
      if (!contents.find(place.section)) wrong.push(`${kind.kind} ${path.join('.')}: ${place.section}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('both languages have the same fields, and an example is YAML', () => {
  const chinese = referenceIn('zh-cn');
  assert.deepEqual(Object.keys(chinese.messages), Object.keys(reference.messages));
  for (const [name, { fields }] of Object.entries(reference.messages)) {
    for (const [field, { example, type }] of Object.entries(fields)) {
      // What belongs to Kubernetes alone has no text in either language.
      assert.equal(chinese.messages[name]!.fields[field]!.doc !== '', fields[field]!.doc !== '', `${name}.${field}`);
      if (example === undefined) continue;
      const value = parse(example) as Record<string, unknown>;
      assert.deepEqual(Object.keys(value), [field], `${name}.${field}`);
      const expected = shape(type) === 'list' ? Array.isArray(value[field]) : shape(innerType(type)) !== 'message' || embeddedType(type) !== undefined || typeof value[field] === 'object';
      assert.ok(expected, `${name}.${field}: ${example}`);
    }
  }
});
