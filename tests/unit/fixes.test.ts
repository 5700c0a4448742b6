import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDocument } from '../../src/core/checks/check.ts';
import { applyEdits, fixesOf } from '../../src/core/checks/fixes.ts';
import { checkTogether } from '../../src/core/checks/together.ts';
import { splitDocuments } from '../../src/core/yaml/documents.ts';
import { contextIn } from '../support/content.ts';

const context = { ...contextIn('en'), language: 'en' as const };

/** The document after the fix of its first finding that has one. */
function fixed(text: string): string {
  for (const finding of checkDocument(context, text)) {
    const [fix] = fixesOf(context.reference, text, finding);
    if (fix) return applyEdits(text, fix.edits);
  }
  return 'no fix';
}

const head = (kind: string, version = 'v1') => `apiVersion: networking.istio.io/${version}\nkind: ${kind}\nmetadata:\n  name: a\n`;

const CASES: readonly (readonly [name: string, before: string, after: string])[] = [
  ['renames a field', `${head('DestinationRule')}spec:\n  hosst: a\n  host: a\n`, `${head('DestinationRule')}spec:\n  host: a\n  host: a\n`],
  ['moves a field up', `${head('VirtualService')}spec:\n  hosts: [a]\n  http:\n  - route:\n    - destination:\n        host: a\n      timeout: 1s\n`, `${head('VirtualService')}spec:\n  hosts: [a]\n  http:\n  - timeout: 1s\n    route:\n    - destination:\n        host: a\n`],
  ['moves a block down, opening what is missing', `${head('DestinationRule')}spec:\n  host: a\n  tcp:\n    maxConnections: 1\n`, `${head('DestinationRule')}spec:\n  trafficPolicy:\n    connectionPool:\n      tcp:\n        maxConnections: 1\n  host: a\n`],
  ['quotes a string', `${head('DestinationRule')}spec:\n  host: a\n  subsets:\n  - name: v1\n    labels:\n      version: 1\n`, `${head('DestinationRule')}spec:\n  host: a\n  subsets:\n  - name: v1\n    labels:\n      version: "1"\n`],
  ['takes a number out of its quotes', `${head('VirtualService')}spec:\n  hosts: [a]\n  http:\n  - route:\n    - destination:\n        host: a\n      weight: "90"\n`, `${head('VirtualService')}spec:\n  hosts: [a]\n  http:\n  - route:\n    - destination:\n        host: a\n      weight: 90\n`],
  ['writes the value that was meant', `${head('DestinationRule')}spec:\n  host: a\n  trafficPolicy:\n    tls:\n      mode: Simple\n`, `${head('DestinationRule')}spec:\n  host: a\n  trafficPolicy:\n    tls:\n      mode: SIMPLE\n`],
  ['adds what is required', `${head('DestinationRule')}spec:\n  subsets:\n  - labels:\n      a: b\n    name: x\n`, `${head('DestinationRule')}spec:\n  host: \n  subsets:\n  - labels:\n      a: b\n    name: x\n`],
  ['updates the version', `${head('DestinationRule', 'v1alpha9')}spec:\n  host: a\n`, `${head('DestinationRule')}spec:\n  host: a\n`],
  ['renames a field in a string', 'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    proxy.istio.io/config: |\n      concurency: 2\n', 'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    proxy.istio.io/config: |\n      concurrency: 2\n'],
  ['leaves a string with escapes alone', 'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    proxy.istio.io/config: "concurency:\\x202"\n', 'no fix'],
  ['removes what excludes another field', `${head('VirtualService')}spec:\n  hosts: [a]\n  http:\n  - mirror:\n      host: a\n    mirrors:\n    - destination:\n        host: b\n    route:\n    - destination:\n        host: a\n`, `${head('VirtualService')}spec:\n  hosts: [a]\n  http:\n  - mirror:\n      host: a\n    route:\n    - destination:\n        host: a\n`],
];

for (const [name, before, after] of CASES) {
  test(`a fix ${name}`, () => {
    // Blanks at the end of a line do not matter.
    assert.equal(fixed(before).replace(/ +$/gm, ''), after.replace(/ +$/gm, ''));
  });
}

test('flow mappings are left as they are where lines would be torn', () => {
  assert.equal(fixed(`${head('VirtualService')}spec: {hosts: [a], timeout: 1s, http: [{route: [{destination: {host: a}}]}]}\n`), 'no fix');
});

/** All fixes of a code in a file: their titles, and the file with each of them. */
function fixesIn(text: string, code: string): { title: string; after: string }[] {
  const parts = splitDocuments(text);
  const alone = parts.flatMap(({ start, end }) => checkDocument(context, text.slice(start, end)).map((finding) => ({ start, part: text.slice(start, end), finding })));
  const others = checkTogether(context, [{ file: 'a.yaml', text }]).map(({ document, finding }) => {
    const { start, end } = parts[document]!;
    return { start, part: text.slice(start, end), finding: { ...finding, span: { start: finding.span.start - start, end: finding.span.end - start } } };
  });
  return [...alone, ...others].filter(({ finding }) => finding.code === code).flatMap(({ start, part, finding }) => fixesOf(context.reference, part, finding).map(({ title, edits, elsewhere }) => {
    const from = elsewhere ? text.indexOf(elsewhere.text) : start;
    return { title: title.en, after: applyEdits(text, edits.map(({ span, text: written }) => ({ span: { start: span.start + from, end: span.end + from }, text: written }))) };
  }));
}

const meta = (kind: string, name: string, spec: string, version = 'v1', group = 'networking.istio.io/') => `apiVersion: ${group}${version}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: n\nspec:\n${spec}`;
const SERVICE = meta('Service', 'reviews', '  selector: {app: reviews}\n  ports:\n  - name: http\n    port: 9080\n  - name: http-admin\n    port: 9090\n', 'v1', '');
const RULE = meta('DestinationRule', 'reviews', '  host: reviews\n  subsets:\n  - name: v1\n    labels:\n      version: v1\n');
const routes = (spec: string) => meta('VirtualService', 'reviews', spec);
const TO = '  hosts:\n  - reviews\n  http:\n  - route:\n    - destination:\n        host: reviews\n';
const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: n\n  labels: {app: reviews}\n';

/** A file, a code in it, the title of a fix, and a part of the file after it. */
const FIXES: readonly (readonly [code: string, text: string, title: RegExp, after: string])[] = [
  ['IH0002', meta('DestinationRule', 'a', '  host: a\n  host: b\n'), /does not count/, 'spec:\n  host: b\n'],
  ['IH0003', meta('DestinationRule', 'a', '  host: a\n', 'v9'), /networking.istio.io\/v1/, 'apiVersion: networking.istio.io/v1\n'],
  ['IST0002', routes(`${TO}    mirror:\n      host: reviews\n    mirrorPercent: 5\n`), /mirrorPercentage/, '    mirrorPercentage:\n      value: 5\n'],
  ['IST0002', meta('DestinationRule', 'a', '  host: a\n  trafficPolicy: {outlierDetection: {consecutiveErrors: 5}}\n'), /consecutive5xxErrors/, '{consecutive5xxErrors: 5}'],
  ['IST0101', `${SERVICE}---\n${RULE}---\n${routes(`${TO}        port: {number: 9080}\n        subset: v2\n`)}`, /Add `.*v2.* in DestinationRule n\/reviews/, '      version: v1\n  - name: v2\n    labels:\n      version: v2\n---'],
  ['IST0101', `${SERVICE}---\n${RULE}---\n${routes(`${TO}        port: {number: 9080}\n        subset: v2\n`)}`, /Write `v1`/, '        subset: v1\n'],
  ['IST0101', `${SERVICE}---\n${RULE.replace(/ {2}subsets[^]*/, '')}---\n${routes(`${TO}        port: {number: 9080}\n        subset: v2\n`)}`, /subsets/, '  host: reviews\n  subsets:\n  - name: v2\n    labels:\n      version: v2\n---'],
  ['IST0101', `${SERVICE}---\n${routes(`${TO}        port: {number: 80}\n`)}`, /9080/, 'port: {number: 9080}'],
  ['IST0101', `${meta('Gateway', 'g', '  selector: {a: b}\n  servers:\n  - hosts: [a.com]\n    port: {number: 80, name: http, protocol: HTTP}\n')}---\n${routes('  hosts: [a.com]\n  gateways: [g]\n  http:\n  - redirect: {uri: /}\n').replace('namespace: n', 'namespace: m')}`, /n\/g/, '  gateways: [n/g]\n'],
  ['IST0102', `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: n\n---\n${RULE}`, /istio-injection.*enabled/, '  name: n\n  labels:\n    istio-injection: enabled\n'],
  ['IST0102', `apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n---\n${RULE}`, /ambient/, 'metadata: {name: n, labels: {istio.io/dataplane-mode: ambient}}\n'],
  ['IST0107', `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\n  annotations:\n    sidecar.istio.io/proxyCPU: 100m\nspec:\n  template:\n    metadata:\n      labels: {a: b}\n`, /Move/, '    metadata:\n      annotations:\n        sidecar.istio.io/proxyCPU: 100m\n      labels: {a: b}\n'],
  ['IST0108', POD.replace('  labels', '  annotations:\n    sidecar.istio.io/proxyCpus: 1m\n    a: b\n  labels'), /Rename/, 'sidecar.istio.io/proxyCPU: 1m'],
  ['IST0108', POD.replace('  labels', '  annotations:\n    nothing.istio.io/nothing: 1m\n    a: b\n  labels'), /Remove/, '  annotations:\n    a: b\n'],
  ['IST0112', `${SERVICE}---\n${routes(TO)}`, /port|number/, '        host: reviews\n        port:\n          number: 9080\n'],
  ['IST0118', meta('Service', 's', '  ports:\n  - name: web\n    port: 80\n', 'v1', ''), /appProtocol/, '  - name: web\n    port: 80\n    appProtocol: http\n'],
  ['IST0118', meta('Service', 's', '  ports: [{name: server, port: 50051}]\n', 'v1', ''), /name/, '{name: grpc-server, port: 50051}'],
  ['IST0123', 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: n\n  labels:\n    istio-injection: enabled\n    istio.io/rev: x\n', /istio.io\/rev/, '    istio-injection: enabled\n'],
  ['IST0128', `${RULE}  trafficPolicy:\n    tls:\n      mode: SIMPLE\n`, /caCertificates/, '      mode: SIMPLE\n      caCertificates: system\n'],
  ['IST0129', `${RULE}  trafficPolicy:\n    portLevelSettings:\n    - port: {number: 443}\n      tls: {mode: SIMPLE}\n`, /caCertificates/, 'tls: {mode: SIMPLE, caCertificates: system}'],
  ['IST0130', routes('  hosts:\n  - a\n  http:\n  - route:\n    - destination: {host: a}\n  - route:\n    - destination: {host: b}\n'), /Remove/, '  http:\n  - route:\n    - destination: {host: b}\n'],
  ['IST0131', routes('  hosts:\n  - a\n  http:\n  - match:\n    - uri: {prefix: /a}\n    - uri: {prefix: /a}\n    route:\n    - destination: {host: a}\n'), /Remove/, '    - uri: {prefix: /a}\n    route:\n'],
  ['IST0132', `${meta('Gateway', 'g', '  selector: {a: b}\n  servers:\n  - hosts:\n    - b.com\n    port: {number: 80, name: http, protocol: HTTP}\n')}---\n${routes('  hosts: [a.com]\n  gateways: [g]\n  http:\n  - redirect: {uri: /}\n')}`, /a\.com.* in Gateway n\/g/, '    - b.com\n    - a.com\n    port'],
  ['IST0133', meta('Gateway', 'g', '  servers:\n  - hosts: [a.com]\n    port: {number: 443, name: https, protocol: HTTPS}\n    tls:\n      httpsRedirect: true\n      mode: SIMPLE\n      credentialName: x\n'), /Remove/, '    tls:\n      mode: SIMPLE\n'],
  ['IST0135', POD.replace('  labels: {app: reviews}', '  annotations:\n    sidecar.istio.io/inject: "true"\n  labels:\n    app: reviews'), /inject.*true/, '    app: reviews\n    sidecar.istio.io/inject: "true"\n'],
  ['IST0140', `${routes(`${TO}        subset: v1\n`)}---\n${meta('VirtualService', 'in', '  hosts: [reviews]\n  gateways: [g]\n  http:\n  - route:\n    - destination: {host: reviews}\n')}`, /subset: v1/, 'destination: {host: reviews, subset: v1}'],
  ['IST0144', `${POD}spec:\n  securityContext:\n    fsGroup: 1\n    runAsUser: 1337\n`, /runAsUser/, '    fsGroup: 1\n'],
  ['IST0146', 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  template:\n    metadata:\n      labels:\n        a: b\n    spec:\n      containers:\n      - name: istio-proxy\n        image: auto\n', /inject/, '        a: b\n        sidecar.istio.io/inject: "true"\n'],
  ['IST0150', meta('Service', 's', '  type: ExternalName\n  externalName: a.com\n  ports:\n  - port: 443\n', 'v1', ''), /name/, '  - port: 443\n    name: https\n'],
  ['IST0151', meta('EnvoyFilter', 'e', '  configPatches:\n  - applyTo: HTTP_FILTER\n    match: {context: SIDECAR_INBOUND}\n    patch:\n      operation: INSERT_BEFORE\n      value: {name: a}\n', 'v1alpha3'), /priority/, '      value: {name: a}\n  priority: 10\n'],
  ['IST0152', meta('EnvoyFilter', 'e', '  configPatches:\n  - applyTo: CLUSTER\n    patch:\n      operation: REPLACE\n      value: {name: a}\n', 'v1alpha3'), /MERGE/, 'operation: MERGE'],
  ['IST0153', meta('EnvoyFilter', 'e', '  configPatches:\n  - applyTo: HTTP_ROUTE\n    patch:\n      operation: ADD\n      value: {name: a}\n', 'v1alpha3'), /INSERT_FIRST/, 'operation: INSERT_FIRST'],
  ['IST0154', meta('EnvoyFilter', 'e', '  configPatches:\n  - applyTo: CLUSTER\n    patch:\n      operation: ADD\n      value: {name: a}\n  - applyTo: ROUTE_CONFIGURATION\n    patch:\n      operation: REMOVE\n', 'v1alpha3'), /Remove `configPatches\[1\]`/, '      value: {name: a}\n'],
  ['IST0157', `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n    rootNamespace: istio-system\n---\n${meta('Telemetry', 't', '  accessLogging:\n  - filter:\n      expression: a\n', 'v1', 'telemetry.istio.io/')}`, /providers/, '      expression: a\n    providers:\n    - name: envoy\n'],
  ['IST0166', `${POD.replace('{app: reviews}', '{app: reviews, gateway.networking.k8s.io/gateway-name: g}')}---\n${meta('Telemetry', 't', '  selector:\n    matchLabels:\n      app: reviews\n  tracing: []\n', 'v1', 'telemetry.istio.io/')}`, /targetRefs/, '  targetRefs:\n  - group: gateway.networking.k8s.io\n    kind: Gateway\n    name: g\n  tracing: []\n'],
  ['IST0174', `${SERVICE}---\n${RULE.replace('namespace: n', 'namespace: m')}`, /reviews\.n\.svc/, '  host: reviews.n.svc.cluster.local\n'],
  ['IST0177', ['a', 'b'].map((name) => meta('ServiceEntry', name, `  hosts: [x.com]\n  ports:\n  - {number: 80, name: p, protocol: ${name === 'a' ? 'HTTP' : 'TCP'}}\n`)).join('---\n'), /TCP/, 'protocol: TCP}\n---'],
  ['IH0110', meta('AuthorizationPolicy', 'a', '  rules:\n  - to:\n    - operation:\n        paths: ["/a/*/b"]\n        methods: [get]\n', 'v1', 'security.istio.io/'), /\{\*\}/, 'paths: ["/a/{*}/b"]'],
  ['IH0110', meta('AuthorizationPolicy', 'a', '  rules:\n  - to:\n    - operation:\n        methods: [get]\n', 'v1', 'security.istio.io/'), /GET/, 'methods: [GET]'],
  ['IH0110', meta('RequestAuthentication', 'a', '  jwtRules:\n  - issuer: a\n    fromHeaders:\n    - name: Authorization\n', 'v1', 'security.istio.io/'), /prefix/, '    - name: Authorization\n      prefix: "Bearer "\n'],
  ['IH0101', `${SERVICE}---\n${POD}---\n${RULE}  trafficPolicy:\n    tls:\n      mode: DISABLE\n---\n${meta('PeerAuthentication', 'p', '  mtls: {mode: STRICT}\n', 'v1', 'security.istio.io/')}`, /ISTIO_MUTUAL/, 'mode: ISTIO_MUTUAL'],
];

for (const [code, text, title, after] of FIXES) {
  test(`${code} has the fix ${title.source}`, () => {
    const found = fixesIn(text, code);
    const fix = found.find((candidate) => title.test(candidate.title));
    assert.ok(fix, JSON.stringify(found.map((candidate) => candidate.title)));
    assert.ok(fix.after.includes(after), fix.after);
    assert.ok(splitDocuments(fix.after).every(({ start, end }) => checkDocument(context, fix.after.slice(start, end)).every((finding) => finding.code !== 'IH0001')), fix.after);
    if (code !== 'IH0002') assert.ok(fixesIn(fix.after, code).filter((candidate) => candidate.title === fix.title).length < found.filter((candidate) => candidate.title === fix.title).length, 'it is still there');
  });
}

test('fixes of an item of a list stand in that item', () => {
  const item = (name: string, extra: string) => `- apiVersion: networking.istio.io/v1\n  kind: DestinationRule\n  metadata:\n    name: ${name}\n  spec:\n    host: a\n${extra}`;
  const list = `apiVersion: v1\nkind: List\nitems:\n${item('a', '')}${item('b', '    tcp:\n      maxConnections: 1\n')}`;
  assert.ok(fixed(list).includes('    trafficPolicy:\n      connectionPool:\n        tcp:\n          maxConnections: 1\n'), fixed(list));
});
