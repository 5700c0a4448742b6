import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hover } from '../../src/core/language/hover.ts';
import { contextIn, withCursor } from '../support/content.ts';
import { needsShared, SHARED } from '../support/shared.ts';

const english = contextIn('en');
const chinese = contextIn('zh-cn');

function hovered(marked: string, context = english) {
  const { text, offset } = withCursor(marked);
  return hover(context, text, offset);
}

const RULE = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:
      consecutive5xxErrors: 7
    tls:
      mode: ISTIO_MUTUAL
`;

/** Puts the cursor into the first occurrence of a word. */
const at = (word: string, text = RULE) => text.replace(word, `${word.slice(0, 1)}<|>${word.slice(1)}`);

test('a field says what it is and where the book explains it', () => {
  const found = hovered(at('consecutive5xxErrors'));
  assert.ok(found?.type === 'field');
  assert.equal(found.path, 'DestinationRule.spec.trafficPolicy.outlierDetection.consecutive5xxErrors');
  assert.equal(found.field.type, 'integer');
  assert.equal(found.field.default, 5);
  assert.equal(found.section, 'dr-outlier-detection');
  assert.ok(found.sectionTitle.length > 0 && found.chapterTitle.length > 0);
});

test('the same in Chinese', () => {
  const found = hovered(at('consecutive5xxErrors'), chinese);
  assert.ok(found?.type === 'field');
  assert.match(found.field.doc, /\p{Script=Han}/u);
  assert.match(found.sectionTitle, /\p{Script=Han}/u);
});

test('an enum value is explained first', () => {
  const found = hovered(at('ISTIO_MUTUAL'));
  assert.ok(found?.type === 'field');
  assert.equal(found.value?.name, 'ISTIO_MUTUAL');
  assert.ok(found.value.doc.length > 10);
});

test('kind and apiVersion answer', () => {
  assert.equal(hovered(at('DestinationRule'))?.type, 'kind');
  const version = hovered(RULE.replace('istio.io/v1', 'istio.io/v1a<|>lpha3'));
  assert.ok(version?.type === 'version');
  assert.equal(version.version, 'v1alpha3');
  assert.equal(version.kind.versions[0]?.name, 'v1');
});

const BAD_INPUT: Readonly<Record<string, string>> = {
  'half-typed line below': `${at('consecutive5xxErrors')}    loadBal\n  x: [`,
  'CRLF': at('consecutive5xxErrors').replaceAll('\n', '\r\n'),
  'byte order mark': `\ufeff${at('consecutive5xxErrors')}`,
  'several documents': `kind: ConfigMap\n---\n${at('consecutive5xxErrors')}---\nkind: Secret\n`,
  'a Helm template': at('consecutive5xxErrors').replace('name: reviews', 'name: {{ .Release.Name }}\n  {{- with .Values.labels }}\n  labels: {{- toYaml . | nindent 4 }}\n  {{- end }}'),
  'conflict markers': at('consecutive5xxErrors').replace('  host: reviews', '<<<<<<< ours\n  host: reviews\n=======\n  host: ratings\n>>>>>>> theirs'),
  'an unclosed quote': at('consecutive5xxErrors').replace('mode: ISTIO_MUTUAL', 'mode: "ISTIO'),
  'Chinese comments': at('consecutive5xxErrors').replace('spec:', '# 异常检测\nspec:'),
};

for (const [name, marked] of Object.entries(BAD_INPUT)) {
  test(`${name}: the field still answers`, () => {
    const found = hovered(marked);
    assert.ok(found?.type === 'field');
    assert.equal(found.name, 'consecutive5xxErrors');
    const { text } = withCursor(marked);
    assert.equal(text.slice(found.span.start, found.span.end), 'consecutive5xxErrors');
  });
}

test('other kinds, unknown fields and empty files say nothing', () => {
  assert.equal(hovered('apiVersion: v1\nkind: Service\nspec:\n  po<|>rts: []\n'), undefined);
  assert.equal(hovered(RULE.replace('host: reviews', 'ho<|>sst: reviews')), undefined);
  assert.equal(hovered('<|>'), undefined);
  assert.equal(hovered(RULE.replace('kind: DestinationRule', 'kind: Gate<|>way').replace('networking.istio.io', 'example.com')), undefined);
});

test('no edit makes the hover throw', () => {
  for (let length = 0; length <= RULE.length; length += 3) {
    const text = RULE.slice(0, length);
    for (const offset of [0, length >> 1, length]) hover(english, text, offset);
    hover(english, text + RULE.slice(length + 5), length);
  }
});

test('the lines and the tree say the same of every key and value', needsShared, () => {
  const folder = join(SHARED, 'corpus/valid');
  let places = 0;
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name))) {
    const text = readFileSync(join(folder, file), 'utf8');
    // An anchor at the end, which changes nothing else, sends the same document to the tree.
    const other = `${text.trimEnd()}\n# &a {{ is no template in a comment\n`;
    for (let offset = 0; offset < text.trimEnd().length; offset += 7) {
      const [lines, tree] = [hover(english, text, offset), hover(english, other, offset)];
      if (lines) places++;
      assert.deepEqual(lines, tree, `${file} ${offset}`);
    }
  }
  assert.ok(places > 5_000, `${places}`);
});

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
spec:
  replicas: 2
  template:
    metadata:
      labels:
        app: reviews
        sidecar.istio.io/inject: "true"
      annotations:
        proxy.istio.io/config: |
          tracing:
            sampling: 10
`;

test('labels, annotations and embedded configuration of a workload answer, and nothing else of it', () => {
  const path = (word: string) => {
    const found = hovered(at(word, DEPLOYMENT));
    return found?.type === 'field' ? found.path : found?.type;
  };
  const metadata = 'Deployment.spec.template.metadata';
  assert.equal(path('sidecar.istio.io/inject'), `${metadata}.labels["sidecar.istio.io/inject"]`);
  assert.equal(path('proxy.istio.io/config'), `${metadata}.annotations["proxy.istio.io/config"]`);
  assert.equal(path('sampling'), `${metadata}.annotations["proxy.istio.io/config"].tracing.sampling`);
  for (const word of ['Deployment', 'replicas', 'app: reviews', 'template', 'metadata', 'labels']) assert.equal(path(word), undefined, word);
  const value = hovered(at('"true"', DEPLOYMENT));
  assert.ok(value?.type === 'field' && value.value?.name === 'true');
});

test('embedded configuration answers in a Helm template too', () => {
  const text = `apiVersion: v1
kind: ConfigMap
metadata:
  name: istio-{{ .Values.revision }}
data:
  mesh: |-
    accessLogFile: /dev/stdout
    defaultConfig:
      {{- with .Values.discoveryAddress }}
      discoveryAddress: {{ . }}
      {{- end }}
`;
  const found = hovered(at('discoveryAddress:', text));
  assert.ok(found?.type === 'field');
  assert.equal(found.path, 'ConfigMap.data.mesh.defaultConfig.discoveryAddress');
});
