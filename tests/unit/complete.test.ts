import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complete } from '../../src/core/language/complete.ts';
import { expandSnippet } from '../../src/core/language/snippets.ts';
import { WorkspaceIndex } from '../../src/core/language/workspaceIndex.ts';
import { contextIn, snippetsIn, withCursor } from '../support/content.ts';

const context = contextIn('en');
const snippets = snippetsIn('en');

const index = new WorkspaceIndex();
index.update('rules.yaml', `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets: [{name: v1}, {name: v2}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ratings, namespace: shop}
spec: {host: ratings, subsets: [{name: other}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{port: 9080}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: bookinfo-reviews, namespace: shop}
`);

function completed(marked: string) {
  const { text, offset } = withCursor(marked);
  return { text, found: complete(context, text, offset, { indent: 2, snippets, index }) };
}

const labels = (marked: string): string[] => completed(marked).found?.items.map(({ label }) => label) ?? [];

/** The text after accepting an item. */
function accepted(marked: string, label: string): string {
  const { text, found } = completed(marked);
  const item = found?.items.find((candidate) => candidate.label === label);
  assert.ok(found && item, `${label} in ${found?.items.map((candidate) => candidate.label).join(', ')}`);
  return text.slice(0, found.span.start) + expandSnippet(item.insert) + text.slice(found.span.end);
}

const header = (kind: string, group = 'networking.istio.io/v1') => `apiVersion: ${group}\nkind: ${kind}\nmetadata:\n  name: reviews\n`;
const SERVICE = header('VirtualService');

test('keys that are allowed and not yet there, the required first', () => {
  const found = labels(`${header('DestinationRule')}spec:\n  subsets: []\n  <|>\n`);
  assert.equal(found[0], 'host');
  assert.ok(found.includes('trafficPolicy') && !found.includes('subsets'));
});

test('keys at the root', () => {
  assert.deepEqual(labels(`${SERVICE}sp<|>`).filter((label) => label === 'spec' || label === 'metadata'), ['spec']);
});

for (const [name, http, dash] of [
  ['two columns, dashes beside', '  http:\n', '  '],
  ['two columns, dashes inside', '  http:\n', '    '],
  ['four columns, dashes beside', '    http:\n', '    '],
  ['four columns, dashes inside', '    http:\n', '        '],
] as const) {
  const inner = `${dash}  `;
  const unit = http.indexOf('h');
  const deeper = dash.length - unit;
  test(`a block is indented as its document: ${name}`, () => {
    const before = `${SERVICE}spec:\n${' '.repeat(unit)}hosts: [reviews]\n${http}${dash}- name: a\n`;
    const text = accepted(`${before}${inner}rou<|>`, 'route');
    const at = ' '.repeat(inner.length + deeper);
    assert.equal(text, `${before}${inner}route:\n${at}- destination:\n${at}  ${' '.repeat(unit)}host: `);
    assert.ok(!labels(`${before}${inner}<|>`).includes('name'));
  });
}

test('the dash of an item is written where it is missing, beside the key and below it', () => {
  const before = `${SERVICE}spec:\n  http:\n`;
  assert.equal(accepted(`${before}  <|>`, '- match'), `${before}  - match:\n    - `);
  assert.equal(accepted(`${before}    <|>`, '- match'), `${before}    - match:\n      - `);
  assert.ok(labels(`${before}  <|>`).includes('hosts'));
});

test('a whole item with what it needs', () => {
  const before = `${SERVICE}spec:\n  http:\n  - route:\n`;
  assert.equal(accepted(`${before}    <|>`, '- route'), `${before}    - destination:\n        host: `);
});

test('behind a dash', () => {
  assert.equal(accepted(`${SERVICE}spec:\n  http:\n  - ti<|>\n`, 'timeout'), `${SERVICE}spec:\n  http:\n  - timeout: \n`);
});

test('values: enumerations, booleans, durations, the default first', () => {
  const rule = `${header('DestinationRule')}spec:\n  host: reviews\n  trafficPolicy:\n`;
  assert.ok(labels(`${rule}    tls:\n      mode: <|>`).includes('ISTIO_MUTUAL'));
  assert.equal(accepted(`${rule}    tls:\n      mode: IST<|>IO`, 'ISTIO_MUTUAL'), `${rule}    tls:\n      mode: ISTIO_MUTUAL`);
  assert.deepEqual(labels(`${rule}    outlierDetection:\n      splitExternalLocalOriginErrors: <|>`).sort(), ['false', 'true']);
  assert.equal(labels(`${rule}    outlierDetection:\n      baseEjectionTime: <|>`)[0], '30s');
});

test('inside flow mappings', () => {
  const route = `${SERVICE}spec:\n  http:\n  - route:\n`;
  assert.equal(accepted(`${route}    - destination: {ho<|>}`, 'host'), `${route}    - destination: {host: }`);
  assert.ok(labels(`${route}    - {destination: {host: a, <|>`).includes('subset'));
  const rule = `${header('DestinationRule')}spec: {host: a, trafficPolicy: {tls: {mode: <|>`;
  assert.ok(labels(rule).includes('SIMPLE'));
});

test('versions and kinds', () => {
  assert.ok(labels('apiVersion: networking.istio.io/v1\nkind: <|>').includes('VirtualService'));
  assert.ok(!labels('apiVersion: networking.istio.io/v1\nkind: <|>').includes('HTTPRoute'));
  assert.deepEqual(labels('apiVersion: <|>\nkind: Gateway').slice(0, 1), ['gateway.networking.k8s.io/v1']);
  assert.ok(labels('apiVersion: <|>\nkind: Gateway').includes('networking.istio.io/v1'));
  assert.deepEqual(labels('apiVersion: v1\nkind: <|>'), []);
});

test('fragments where they fit', () => {
  const found = completed(`${SERVICE}spec:\n  http:\n  - <|>`).found!.items.filter(({ type }) => type === 'fragment');
  assert.ok(found.length > 2, found.map(({ label }) => label).join());
  assert.ok(found.every(({ snippet }) => snippet?.fragment !== undefined));
});

test('in a broken document', () => {
  const text = `${SERVICE}spec:\n  hosts: ["reviews\n<<<<<<< HEAD\n  http:\n  - route: [\n=======\n  http:\n  - <|>\n>>>>>>> other\n`;
  assert.ok(labels(text).includes('route'));
});

test('each item shows what the hover says', () => {
  const item = completed(`${SERVICE}spec:\n  http:\n  - ti<|>`).found!.items.find(({ label }) => label === 'timeout');
  assert.ok(item?.hover?.type === 'field');
  assert.equal(item.hover.section, 'vs-http-timeout');
});

test('nothing in comments, block scalars, other kinds and free text', () => {
  for (const text of [
    `${SERVICE}# <|>`,
    `${SERVICE}spec:\n  hosts: [a] # <|>`,
    `apiVersion: v1\nkind: ConfigMap\ndata:\n  <|>`,
    `a: b\n<|>`,
    '<|>',
    `${header('EnvoyFilter', 'networking.istio.io/v1alpha3')}spec:\n  configPatches:\n  - patch:\n      value:\n        <|>`,
  ]) {
    assert.deepEqual(labels(text), [], text);
  }
});

test('names of the workspace: hosts, subsets of their host, gateways, ports, service accounts', () => {
  const service = SERVICE.replace('name: reviews', 'name: reviews\n  namespace: shop');
  const route = `${service}spec:\n  http:\n  - route:\n    - destination:\n`;
  assert.deepEqual(labels(`${route}        host: <|>`), ['reviews']);
  assert.deepEqual(labels(`${route.replace('namespace: shop', 'namespace: a')}        host: <|>`), ['reviews.shop.svc.cluster.local']);
  assert.deepEqual(labels(`${route}        host: reviews\n        subset: <|>\n`), ['v1', 'v2']);
  assert.deepEqual(labels(`${route}        subset: <|>\n        host: ratings\n`), ['other']);
  assert.deepEqual(labels(`${service}spec:\n  http:\n  - route:\n    - destination: {host: ratings, subset: <|>}`), ['other']);
  assert.deepEqual(labels(`${service}spec:\n  gateways:\n  - <|>`), ['ingress/public', 'mesh']);
  assert.deepEqual(labels(`${service}spec:\n  gateways: [<|>]`), ['ingress/public', 'mesh']);
  const http = `${header('HTTPRoute', 'gateway.networking.k8s.io/v1')}spec:\n  rules:\n  - backendRefs:\n    - name: reviews\n      port: <|>`;
  assert.deepEqual(labels(http), ['9080']);
  const policy = `${header('AuthorizationPolicy', 'security.istio.io/v1')}spec:\n  rules:\n  - from:\n    - source:\n        serviceAccounts: [<|>]`;
  assert.deepEqual(labels(policy), ['shop/bookinfo-reviews']);
});

test('labels and annotations on the kinds they belong to, and configuration embedded in them', () => {
  const pod = (lines: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  template:\n    metadata:\n${lines}`;
  const labels = (marked: string) => completed(marked).found?.items.map(({ label }) => label) ?? [];
  const onPod = labels(pod('      labels:\n        app: a\n        <|>'));
  assert.ok(onPod.includes('sidecar.istio.io/inject') && onPod.includes('istio.io/dataplane-mode'), onPod.join());
  assert.ok(!onPod.includes('istio-injection'), 'that one is for namespaces');
  assert.ok(labels('apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  labels:\n    <|>').includes('istio-injection'));
  const value = completed(pod('      labels:\n        sidecar.istio.io/inject: <|>')).found!.items[0]!;
  assert.equal(value.insert, '"true"', 'a label is a string');
  assert.equal(completed(pod('      labels:\n        sidecar.istio.io/inject: "<|>"')).found!.items[0]!.insert, 'true');
  const config = labels(pod('      annotations:\n        proxy.istio.io/config: |\n          concurrency: 2\n          <|>'));
  assert.ok(config.includes('terminationDrainDuration') && !config.includes('concurrency'), config.join());
  assert.deepEqual(labels(pod('      <|>')), [], 'the rest of a Deployment is not ours');
});

test('a value that YAML would read as a boolean comes in quotes', () => {
  const { text, offset } = withCursor('apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  meshConfig:\n    ingressControllerMode: <|>');
  const items = complete(contextIn('en'), text, offset, { indent: 2, snippets: [] })?.items ?? [];
  assert.deepEqual(items.filter(({ label }) => label === 'OFF' || label === 'STRICT').map(({ insert }) => insert), ['STRICT', '"OFF"']);
});
