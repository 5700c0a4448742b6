import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { Problems } from '../../src/build/problems.ts';
import { compileReference } from '../../src/build/reference.ts';
import { fieldsOfText } from '../../src/core/language/fields.ts';
import { fieldsOf, type FieldPlace } from '../../src/core/reference/lookup.ts';
import { BOUNDS, innerType, itemType, type Kind, type Reference } from '../../src/core/reference/model.ts';
import { built, contentsIn, ROOT } from '../support/content.ts';
import { needsShared, SHARED } from '../support/shared.ts';

const reference = built<Reference>('en', 'reference');
const contents = contentsIn('en');

/** Writes a path the way the table of sections does: `http[].match[].headers{}.exact`. */
function tablePath(path: readonly (string | number)[]): string {
  return path.slice(1).map((segment) => (segment === 0 ? '[]' : segment === '*' ? '{}' : `.${segment}`)).join('').replace(/^\./, '');
}

type Fields = ReadonlyMap<string, ReadonlyMap<string, FieldPlace>>;

function fieldsByKind(all: Reference): Fields {
  return new Map(
    all.kinds.map((kind) => [
      `${kind.group}/${kind.kind}`,
      new Map([...fieldsOf(all, kind)].filter(([path]) => path[0] === 'spec').map(([path, place]) => [tablePath(path), place])),
    ]),
  );
}

const fields = fieldsByKind(reference);

interface Schema {
  readonly type?: string;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

interface Crd {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { name: string; served: boolean; storage: boolean; schema: { openAPIV3Schema: Schema } }[];
  };
}

/** The official definitions, with the kinds of the reference; one that the reference lacks fails. */
function definitions(): [Kind, Crd][] {
  return ['istio-1.31-crds.yaml', 'gateway-api-1.6-standard-crds.yaml'].flatMap((file) =>
    parseAllDocuments(readFileSync(join(SHARED, 'api', file), 'utf8'))
      .map((document) => document.toJS() as Crd)
      .filter((crd) => crd?.kind === 'CustomResourceDefinition')
      .map((crd): [Kind, Crd] => {
        const kind = reference.kinds.find(({ group, kind: name }) => group === crd.spec.group && name === crd.spec.names.kind);
        assert.ok(kind, `${crd.spec.group}/${crd.spec.names.kind}`);
        return [kind, crd];
      }),
  );
}

/** What a type of the reference is in a schema: list, map, message, scalar. */
function shape(type: string): string {
  const item = itemType(type);
  if (item) return item.container;
  if (reference.messages[type]) return 'message';
  return ({ duration: 'string', enum: 'string' } as Record<string, string>)[type] ?? type;
}

function schemaShape(schema: Schema): string {
  if (schema['x-kubernetes-int-or-string']) return 'int-or-string';
  if (schema.type === 'array') return 'list';
  if (schema.properties) return 'message';
  if (schema['x-kubernetes-preserve-unknown-fields']) return 'any';
  if (schema.type === 'object') return schema.additionalProperties ? 'map' : 'message';
  return schema.type ?? 'any';
}

/** Every field of a schema, by its path as the table writes it. */
function* schemaFields(schema: Schema, path: string): Iterable<[string, Schema, boolean]> {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const here = path === '' ? name : `${path}.${name}`;
    yield [here, property, schema.required?.includes(name) ?? false];
    let inner = property;
    let suffix = '';
    while (inner.items ?? typeof inner.additionalProperties === 'object') {
      suffix += inner.items ? '[]' : '{}';
      inner = inner.items ?? (inner.additionalProperties as Schema);
    }
    yield* schemaFields(inner, here + suffix);
  }
}

function compareField(path: string, schema: Schema, required: boolean, place: { field?: { type: string; required?: boolean; enum?: object } | undefined }): string[] {
  const field = place.field!;
  const wrong: string[] = [];
  if (shape(field.type) !== schemaShape(schema)) wrong.push(`${path}: ${field.type} is ${schemaShape(schema)} in the definition`);
  if ((field.required ?? false) !== required) wrong.push(`${path}: required is ${required} in the definition`);
  let leaf = schema;
  while (leaf.items ?? typeof leaf.additionalProperties === 'object') leaf = leaf.items ?? (leaf.additionalProperties as Schema);
  const values = (leaf.enum ?? []).map(String).sort().join();
  if (Object.keys(field.enum ?? {}).sort().join() !== values) wrong.push(`${path}: the values are ${values} in the definition`);
  for (const bound of BOUNDS) {
    const expected = (schema as Record<string, unknown>)[bound] ?? (leaf as Record<string, unknown>)[bound];
    const written = (field as unknown as Record<string, unknown>)[bound];
    if (bound !== 'format' && expected !== undefined && written !== expected) wrong.push(`${path}: ${bound} is ${String(expected)} in the definition`);
    if (expected === undefined && written !== undefined) wrong.push(`${path}: ${bound} is not in the definition`);
  }
  return wrong;
}

/** Whether a field, or one above it, is of the experimental channel. */
function experimental(ofKind: ReadonlyMap<string, FieldPlace>, path: string): boolean {
  const parents = path.split('.').map((_, index, names) => names.slice(0, index + 1).join('.').replace(/(?:\[\]|\{\})+$/, ''));
  return parents.some((parent) => ofKind.get(parent)?.field?.channel === 'experimental');
}

test('the reference is the official definitions, field by field', needsShared, () => {
  const wrong: string[] = [];
  for (const [kind, crd] of definitions()) {
    const ofKind = fields.get(`${kind.group}/${kind.kind}`)!;
    const stored = crd.spec.versions.find(({ storage }) => storage)!;
    const seen = new Set<string>();
    for (const [path, schema, required] of schemaFields(stored.schema.openAPIV3Schema.properties!['spec']!, '')) {
      seen.add(path);
      const place = ofKind.get(path);
      if (!place) wrong.push(`${kind.kind} ${path} is missing`);
      else wrong.push(...compareField(`${kind.kind} ${path}`, schema, required, place));
    }
    for (const path of ofKind.keys()) {
      if (path !== '' && !seen.has(path) && !experimental(ofKind, path)) wrong.push(`${kind.kind} ${path} is not in the definition`);
    }
    const versions = crd.spec.versions.map(({ name, served, storage }) => `${name} ${served} ${storage}`).sort();
    assert.deepEqual(kind.versions.map(({ name, served, storage }) => `${name} ${served} ${storage}`).sort(), versions, kind.kind);
  }
  assert.deepEqual(wrong, []);
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
  const chinese = built<Reference>('zh-cn', 'reference');
  assert.deepEqual(Object.keys(chinese.messages), Object.keys(reference.messages));
  for (const [name, message] of Object.entries(reference.messages)) {
    for (const [field, { example, type }] of Object.entries(message.fields)) {
      assert.ok(chinese.messages[name]!.fields[field]!.doc.length > 0, `${name}.${field}`);
      if (example === undefined) continue;
      const value = parse(example) as Record<string, unknown>;
      assert.deepEqual(Object.keys(value), [field], `${name}.${field}`);
      const expected = shape(type) === 'list' ? Array.isArray(value[field]) : shape(innerType(type)) !== 'message' || typeof value[field] === 'object';
      assert.ok(expected, `${name}.${field}: ${example}`);
    }
  }
});
