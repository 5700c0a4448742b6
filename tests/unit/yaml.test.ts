import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from 'yaml';
import { documentAt, splitDocuments } from '../../src/core/yaml/documents.ts';
import { keysOf, placeAt, readDocument } from '../../src/core/yaml/parse.ts';
import { formatPath, parsePath } from '../../src/core/yaml/path.ts';
import { scanKeys, scanPlace } from '../../src/core/yaml/scan.ts';
import { KUBERNETES_YAML } from '../../src/core/yaml/schema.ts';
import { withCursor } from '../support/content.ts';

const read = (text: string): unknown => parseDocument(text, KUBERNETES_YAML).toJS();

test('scalars are read as Kubernetes reads them', () => {
  assert.deepEqual(read('[y, Y, yes, on, True, n, no, off, "yes"]'), [true, true, true, true, true, false, false, false, 'yes']);
  assert.deepEqual(read('[0755, 0o17, 0x1F, 1_000, 012:34, 2001-12-14]'), [493, 15, 31, 1000, '012:34', '2001-12-14']);
  assert.deepEqual(read('[1.5, .5, 3., ., .inf, ~, null, 1.2.3]'), [1.5, 0.5, 3, '.', Infinity, null, null, '1.2.3']);
  assert.deepEqual(read('a: &a {x: 1}\nb: {<<: *a, z: 2}'), { a: { x: 1 }, b: { x: 1, z: 2 } });
});

test('documents are split at their markers', () => {
  const split = (text: string) => splitDocuments(text).map(({ start, end }) => text.slice(start, end));
  assert.deepEqual(split('a: 1\n---\nb: 2\n'), ['a: 1\n', '\nb: 2\n']);
  assert.deepEqual(split('\ufeff--- # first\na: 1\r\n---\r\nb: 2'), ['', ' # first\na: 1\r\n', '\r\nb: 2']);
  assert.deepEqual(split('a: |\n  --- no marker\n---x: 1\n'), ['a: |\n  --- no marker\n---x: 1\n']);
  assert.deepEqual(split(''), ['']);
});

test('the document around an offset is the one that splitting finds', () => {
  const text = 'a: 1\n---\nb: 2\nc: 3\n---\n\n---\nd: 4';
  for (let offset = 0; offset <= text.length; offset++) {
    const at = documentAt(text, offset);
    if (!splitDocuments(text).some(({ start, end }) => offset >= start && offset < end)) continue;
    assert.ok(splitDocuments(text).some(({ start, end }) => start === at.start && end === at.end), `offset ${offset}`);
  }
});

test('paths are written and read alike', () => {
  const path = ['metadata', 'labels', 'istio.io/rev', 'a', 0, 'x-y_z'];
  assert.equal(formatPath(path), 'metadata.labels["istio.io/rev"].a[0].x-y_z');
  assert.deepEqual(parsePath(formatPath(path)), path);
  assert.deepEqual(parsePath('spec.http[].retries'), ['spec', 'http', 0, 'retries']);
  assert.equal(parsePath('spec..x['), undefined);
});

const PLACES: readonly (readonly [name: string, text: string, expected: string])[] = [
  ['a key', 'spec:\n  ho<|>sts: [a]\n', 'key spec.hosts'],
  ['a value', 'spec:\n  mode: SIM<|>PLE\n', 'value spec.mode'],
  ['an item', 'spec:\n  hosts:\n  - a\n  - b<|>\n', 'value spec.hosts[1]'],
  ['nested items', 'spec:\n  http:\n  - match:\n    - uri:\n        prefix: /\n    route:\n    - destination:\n        ho<|>st: x\n', 'key spec.http[0].route[0].destination.host'],
  ['indented dashes', 'spec:\n    http:\n        - name: x\n          time<|>out: 1s\n', 'key spec.http[0].timeout'],
  ['a flow mapping', 'spec:\n  a: {b: 1, cc<|>c: 2}\n', 'key spec.a.ccc'],
  ['a quoted key', 'metadata:\n  labels:\n    "istio.io/<|>rev": x\n', 'key metadata.labels["istio.io/rev"]'],
  ['Chinese', 'metadata:\n  annotations:\n    说明: 流<|>量\n', 'value metadata.annotations["说明"]'],
];

const withoutIndices = (text: string) => text.replace(/\[\d+\]/g, '[0]');

for (const [name, marked, expected] of PLACES) {
  test(`the tree and the lines agree on ${name}`, () => {
    const { text, offset } = withCursor(marked);
    const tree = placeAt(readDocument(text).root, offset);
    assert.equal(tree && `${tree.on} ${formatPath(tree.path)}`, expected);
    const lines = scanPlace(text, offset);
    assert.equal(lines && `${lines.on} ${formatPath(lines.path)}`, withoutIndices(expected));
    const crlf = scanPlace(text.replaceAll('\n', '\r\n'), offset + (text.slice(0, offset).match(/\n/g)?.length ?? 0));
    assert.equal(crlf && `${crlf.on} ${formatPath(crlf.path)}`, withoutIndices(expected));
  });
}

test('nothing lies between keys, in comments and in block scalars', () => {
  for (const marked of ['a: 1\n<|>\nb: 2\n', 'a: 1 # no<|>te: x\n', '# no<|>te: x\n', 'a: |\n  key<|>: text\nb: 1\n']) {
    const { text, offset } = withCursor(marked);
    assert.equal(scanPlace(text, offset), undefined, marked);
    assert.notEqual(placeAt(readDocument(text).root, offset)?.on, 'key', marked);
  }
});

const DOCUMENT = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, labels: {app: "x"}}
spec:
  hosts:
  - reviews
  http:
  - match:
    - headers:
        "end-user": {exact: jason}
    - uri: {prefix: /a}
    route:
    - destination: {host: reviews, subset: v2}
      weight: 10
    -
      weight: 90
  -   name: last
      lua: |
        local a: b
      route: []
`;

test('the scan finds the keys that the tree finds', () => {
  const tree = [...keysOf(readDocument(DOCUMENT).root)].map(({ path }) => formatPath(path));
  assert.deepEqual(scanKeys(DOCUMENT).map(({ path }) => formatPath(path)), tree);
});

test('a template answers through its lines', () => {
  const text = `metadata:\n  name: {{ .Values.name }}\nspec:\n  {{- if .Values.x }}\n  hosts:\n    {{- range .Values.hosts }}\n    - {{ . }}\n    {{- end }}\n  {{- end }}\n  http: []\n`;
  assert.equal(readDocument(text).broken, true);
  assert.deepEqual(scanKeys(text).map(({ path }) => formatPath(path)), ['metadata', 'metadata.name', 'spec', 'spec.hosts', 'spec.http']);
});

test('an aliased node is visited once, where it is anchored', () => {
  const keys = [...keysOf(readDocument('a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n').root)].map(({ path }) => formatPath(path));
  assert.deepEqual(keys, ['a', 'a.b', 'c', 'd', 'd["<<"]']);
});

test('nothing makes the readers throw', () => {
  const texts = ['', '\t', ':', '- ', '{', '"', "a: 'b", 'a:\n\t- b', '<<<<<<< ours\na: 1\n=======\na: 2\n>>>>>>> theirs\n', '&a *a', '? {a: b}\n: c', '%YAML 9\n---\n', '\u0000'];
  for (const text of texts) {
    const document = readDocument(text);
    [...keysOf(document.root)];
    scanKeys(text);
    for (let offset = 0; offset <= text.length; offset++) {
      placeAt(document.root, offset);
      scanPlace(text, offset);
    }
  }
});

test('a text that begins with an empty line is walked to its beginning', () => {
  for (const text of ['\n', '\na: b', '\n\n  a:\n    b: c', '\r\na: b']) {
    for (let offset = 0; offset <= text.length; offset++) {
      assert.deepEqual(documentAt(text, offset), { start: 0, end: text.length });
      scanPlace(text, offset);
    }
  }
});
