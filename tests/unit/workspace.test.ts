import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { WorkspaceIndex } from '../../src/core/language/workspaceIndex.ts';
import { ROOT } from '../support/content.ts';
import { needsShared, SHARED } from '../support/shared.ts';

const SERVICES = `apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports: [{port: 9080, name: http}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: reviews, version: v1}
    spec: {serviceAccountName: bookinfo-reviews}
`;

const RULES = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:
  - name: v1
    labels: {version: v1}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ratings, namespace: shop}
spec:
  host: ratings
  subsets:
  - name: v1
`;

const ROUTES = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews.shop.svc.cluster.local]
  gateways: [mesh, ingress/public]
  http:
  - route:
    - destination: {host: reviews, subset: v1}
    - destination: {host: reviews.elsewhere, subset: v1}
    - destination: {host: api.example.com}
  - delegate: {name: child, namespace: teams}
`;

const REST = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  selector: {istio: ingressgateway}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: examples}
spec:
  hosts: ["*.example.com"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: child, namespace: teams}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: reviews, namespace: shop}
spec:
  parentRefs:
  - {group: "", kind: Service, name: reviews}
  rules:
  - backendRefs: [{name: reviews, port: 9080}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  selector: {matchLabels: {app: reviews}}
`;

const FILES: Readonly<Record<string, string>> = { services: SERVICES, rules: RULES, routes: ROUTES, rest: REST };

function indexed(files = FILES): WorkspaceIndex {
  const index = new WorkspaceIndex();
  for (const [file, text] of Object.entries(files)) index.update(file, text);
  return index;
}

/** What the definitions of the mention at the cursor's word say, as `file: text`. */
function defined(file: string, marked: string): string[] {
  const index = indexed();
  const offset = FILES[file]!.indexOf(marked) + marked.length;
  const found = index.at(file, offset);
  assert.ok(found, marked);
  return index.definitions(found.target).map((place) => `${place.file}: ${FILES[place.file]!.slice(place.span.start, place.span.end)}`);
}

test('a subset leads to the rule of its host, not to another of the same name', () => {
  const index = indexed();
  const [first] = index.definitions({ type: 'subset', host: 'reviews.shop', namespace: '', subset: 'v1' });
  assert.equal(index.definitions({ type: 'subset', host: 'reviews.shop', namespace: '', subset: 'v1' }).length, 1);
  assert.equal(first!.file, 'rules');
  assert.deepEqual(defined('routes', 'destination: {host: reviews, subset: v'), ['rules: v1']);
  assert.deepEqual(defined('routes', 'host: reviews.elsewhere, subset: v'), []);
});

test('hosts lead to Services and service entries, wildcards included', () => {
  assert.deepEqual(defined('routes', 'hosts: [reviews.sh'), ['services: reviews']);
  assert.deepEqual(defined('routes', 'host: api.ex'), ['rest: "*.example.com"']);
});

test('gateways, delegates, parents, backends', () => {
  assert.deepEqual(defined('routes', 'ingress/pub'), ['rest: public']);
  assert.deepEqual(defined('routes', 'delegate: {name: chi'), ['rest: child']);
  assert.deepEqual(defined('rest', 'kind: Service, name: rev'), ['services: reviews']);
  assert.deepEqual(defined('rest', 'backendRefs: [{name: rev'), ['services: reviews']);
});

test('selectors lead to workloads', () => {
  assert.deepEqual(defined('rest', 'matchLabels: {app: rev'), ['services: reviews-v1']);
  assert.deepEqual(defined('services', 'selector: {app: rev'), ['services: reviews-v1']);
});

test('references are found from the definition', () => {
  const index = indexed();
  const subset = index.at('rules', RULES.indexOf('name: v1') + 6)!;
  assert.equal(subset.refers, false);
  assert.deepEqual(index.referencesTo(subset.target).map(({ file }) => file), ['routes']);
});

test('after an edit the other documents keep their places', () => {
  const index = indexed();
  index.update('rules', `# a line more\n${RULES}`);
  const [place] = index.definitions({ type: 'subset', host: 'reviews', namespace: 'shop', subset: 'v1' });
  assert.equal(`# a line more\n${RULES}`.slice(place!.span.start, place!.span.end), 'v1');
});

test('a file is forgotten, and read anew', () => {
  const index = indexed();
  index.update('rules', 'a: b');
  assert.deepEqual(index.definitions({ type: 'subset', host: 'reviews', namespace: 'shop', subset: 'v1' }), []);
  index.update('x/rules', RULES);
  index.removeBelow('x/');
  assert.deepEqual(index.definitions({ type: 'subset', host: 'reviews', namespace: 'shop', subset: 'v1' }), []);
});

test('nothing makes it throw', () => {
  const index = new WorkspaceIndex();
  for (const text of ['', '\ufeff', 'kind: {{ x }}\napiVersion: networking.istio.io/v1', 'apiVersion: networking.istio.io/v1\nkind: Gateway\nspec: [1]\n', `${ROUTES}<<<<<<< a\n`, ROUTES.replace('reviews', '&a *a'), 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec: {http: [1, null, {route: {}}], hosts: 7}\n', 'kind: List\nitems: [null, 1, {kind: Service}]\napiVersion: v1']) {
    index.update('f', text);
    for (let offset = 0; offset <= text.length; offset += 3) index.at('f', offset);
  }
});

test('the gateways and subsets of the sample are defined in it', () => {
  const folder = join(ROOT, 'samples/bookinfo');
  const files = Object.fromEntries(readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml')).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const index = indexed(files);
  let count = 0;
  for (const file of Object.keys(files)) {
    for (const { target } of index.references(file)) {
      if (target.type !== 'subset' && !(target.type === 'object' && target.kind === 'Gateway')) continue;
      count++;
      assert.notEqual(index.definitions(target).length, 0, JSON.stringify(target));
    }
  }
  assert.ok(count > 5, `${count}`);
});

test('real documents are indexed', needsShared, () => {
  const folder = join(SHARED, 'corpus/valid');
  const index = new WorkspaceIndex();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name))) {
    index.update(file, readFileSync(join(folder, file), 'utf8'));
  }
  assert.ok([...index.resources()].length > 200);
});
