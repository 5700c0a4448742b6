import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkText } from '../../src/core/checks/check.ts';
import type { Finding } from '../../src/core/checks/finding.ts';
import { CODES, type Code } from '../../src/core/checks/codes.ts';
import { ignoredIn } from '../../src/core/checks/ignored.ts';
import { isDomain, isIp, isIpOrRange, isRegex, isWildcardDomain, matchesHost, milliseconds } from '../../src/core/checks/rules/values.ts';
import { checkTogether } from '../../src/core/checks/together.ts';
import { built, contextIn, snippetsIn } from '../support/content.ts';
import { expandSnippet } from '../../src/core/language/snippets.ts';
import { needsShared, SHARED } from '../support/shared.ts';

const context = { ...contextIn('en'), language: 'en' as const };
const findings = (text: string): Finding[] => checkText(context, text).map(({ finding }) => finding);
const errors = (text: string): Finding[] => findings(text).filter(({ severity }) => severity === 'error');

/** A resource whose spec is given as YAML in flow style. */
const resource = (kind: string, spec: string, group = 'networking.istio.io/v1') => `apiVersion: ${group}\nkind: ${kind}\nmetadata: {name: a, namespace: b}\nspec: ${spec}\n`;

/** A spec that the API refuses, where, and a word of what is said. */
const WRONG: readonly (readonly [kind: string, spec: string, path: string, said: RegExp, group?: string])[] = [
  ['VirtualService', '{hosts: [a], http: [{redirect: {uri: /x}, route: [{destination: {host: a}}]}]}', 'spec.http.0.route', /redirect/],
  ['VirtualService', '{hosts: [a], http: [{match: [{uri: {prefix: /}}]}]}', 'spec.http.0', /needs `route`/],
  ['VirtualService', '{hosts: [a], http: [{route: [{destination: {host: a}, weight: 0}, {destination: {host: b}, weight: 0}]}]}', 'spec.http.0.route', /all be 0/],
  ['VirtualService', '{hosts: ["*"], http: [{route: [{destination: {host: a}}]}]}', 'spec.hosts.0', /only for gateways/],
  ['VirtualService', '{hosts: [a.com, "*.com"], http: [{route: [{destination: {host: a}}]}]}', 'spec.hosts.1', /overlaps/],
  ['VirtualService', '{hosts: [a], http: [{timeout: 0s, route: [{destination: {host: a}}]}]}', 'spec.http.0.timeout', /1ms/],
  ['VirtualService', '{hosts: [a], http: [{timeout: 1us, route: [{destination: {host: a}}]}]}', 'spec.http.0.timeout', /1ms/],
  ['VirtualService', '{hosts: [a], http: [{match: [{uri: {regex: "a(?=b)"}}], route: [{destination: {host: a}}]}]}', 'spec.http.0.match.0.uri.regex', /RE2/],
  ['VirtualService', '{hosts: [a], tls: [{match: [{sniHosts: [b]}], route: [{destination: {host: a}}]}]}', 'spec.tls.0.match.0.sniHosts.0', /none of the hosts/],
  ['VirtualService', '{hosts: [a], http: [{retries: {retryOn: 5xx}, route: [{destination: {host: a}}]}]}', 'spec.http.0.retries', /attempts/],
  ['DestinationRule', '{host: a, subsets: [{name: v1}, {name: v1}]}', 'spec.subsets.1.name', /twice/],
  ['DestinationRule', '{host: a, trafficPolicy: {}}', 'spec.trafficPolicy', /at least one/],
  ['DestinationRule', '{host: a, trafficPolicy: {tls: {mode: MUTUAL}}}', 'spec.trafficPolicy.tls.mode', /clientCertificate/],
  ['DestinationRule', '{host: a, trafficPolicy: {loadBalancer: {consistentHash: {maglev: {tableSize: 100}}}}}', 'spec.trafficPolicy.loadBalancer.consistentHash.maglev.tableSize', /prime/],
  ['Gateway', '{servers: []}', 'spec.servers', /at least one/],
  ['Gateway', '{servers: [{hosts: [a], port: {number: 80, name: http, protocol: HTTP}}]}', 'spec.servers.0.hosts.0', /short names/],
  ['Gateway', '{servers: [{hosts: [a.com], port: {number: 443, name: https, protocol: HTTPS}}]}', 'spec.servers.0', /needs `tls`/],
  ['ServiceEntry', '{hosts: [a.com], resolution: STATIC, endpoints: [{address: b.com}]}', 'spec.endpoints.0.address', /IP address/],
  ['ServiceEntry', '{hosts: ["*"]}', 'spec.hosts.0', /no host/],
  ['ServiceEntry', '{hosts: [a.com], ports: [{number: 80, name: a, protocol: HTTP}, {number: 80, name: b, protocol: HTTP}]}', 'spec.ports.1.number', /twice/],
  ['Sidecar', '{egress: [{hosts: [a]}]}', 'spec.egress.0.hosts.0', /namespace/],
  ['Sidecar', '{}', 'spec', /needs/],
  ['WorkloadEntry', '{address: "unix://relative"}', 'spec.address', /absolute/],
  ['WorkloadGroup', '{template: {}, probe: {grpc: {port: 1}}}', 'spec.probe.grpc', /webhook/],
  ['WorkloadGroup', '{template: {}, probe: {}}', 'spec.probe', /needs/],
  ['EnvoyFilter', '{configPatches: [{applyTo: CLUSTER, patch: {operation: ADD}}]}', 'spec.configPatches.0.patch', /value/, 'networking.istio.io/v1alpha3'],
  ['AuthorizationPolicy', '{action: CUSTOM, rules: [{}]}', 'spec.action', /provider/, 'security.istio.io/v1'],
  ['AuthorizationPolicy', '{rules: [{when: [{key: nothing, values: [a]}]}]}', 'spec.rules.0.when.0.key', /no attribute/, 'security.istio.io/v1'],
  ['PeerAuthentication', '{portLevelMtls: {8080: {mode: DISABLE}}}', 'spec.portLevelMtls', /selector/, 'security.istio.io/v1'],
  ['RequestAuthentication', '{jwtRules: [{issuer: a, jwksUri: "ftp://x"}]}', 'spec.jwtRules.0.jwksUri', /https/, 'security.istio.io/v1'],
  ['Telemetry', '{metrics: [{overrides: [{tagOverrides: {a: {operation: UPSERT}}}]}]}', 'spec.metrics.0.overrides.0.tagOverrides.a', /UPSERT/, 'telemetry.istio.io/v1'],
  ['WasmPlugin', '{url: "ftp://x/y"}', 'spec.url', /scheme/, 'extensions.istio.io/v1alpha1'],
  ['TrafficExtension', '{}', 'spec', /only one/, 'extensions.istio.io/v1alpha1'],
  ['HTTPRoute', '{rules: [{backendRefs: [{name: a}]}]}', 'spec.rules.0.backendRefs.0', /port/, 'gateway.networking.k8s.io/v1'],
  ['HTTPRoute', '{rules: [{filters: [{type: URLRewrite}]}]}', 'spec.rules.0.filters.0', /urlRewrite/, 'gateway.networking.k8s.io/v1'],
  ['Gateway', '{gatewayClassName: istio, listeners: [{name: a, port: 80, protocol: HTTP, tls: {mode: Terminate}}]}', 'spec.listeners.0.tls', /no `tls`/, 'gateway.networking.k8s.io/v1'],
  ['Gateway', '{gatewayClassName: istio, addresses: [{value: istio-ingress}], listeners: [{name: a, port: 80, protocol: HTTP}]}', 'spec.addresses.0.value', /Hostname/, 'gateway.networking.k8s.io/v1'],
  ['BackendTLSPolicy', '{targetRefs: [{group: "", kind: Service, name: a}], validation: {hostname: a}}', 'spec.validation', /caCertificateRefs/, 'gateway.networking.k8s.io/v1'],
  ['IstioOperator', '{revision: 1.31.1}', 'spec.revision', /names of Services/, 'install.istio.io/v1alpha1'],
  ['IstioOperator', '{meshConfig: {connectTimeout: 2h, discoveryAddress: x}}', 'spec.meshConfig.connectTimeout', /1h/, 'install.istio.io/v1alpha1'],
  ['VirtualService', '{hosts: [a], http: [{match: [{uri: {exact: /a, prefix: /b}}], route: [{destination: {host: a}}]}]}', 'spec.http.0.match.0.uri.prefix', /exclude/],
  ['VirtualService', '{hosts: [a], http: [{directResponse: {status: 200, body: {string: a, bytes: YQ==}}}]}', 'spec.http.0.directResponse.body.bytes', /exclude/],
  ['VirtualService', '{hosts: [a], http: [{fault: {abort: {httpStatus: 500, grpcStatus: INTERNAL}}, route: [{destination: {host: a}}]}]}', 'spec.http.0.fault.abort.grpcStatus', /exclude/],
  ['VirtualService', '{hosts: [a], http: [{redirect: {port: 80, derivePort: FROM_REQUEST_PORT}}]}', 'spec.http.0.redirect.derivePort', /exclude/],
  ['DestinationRule', '{host: a, trafficPolicy: {loadBalancer: {simple: RANDOM, consistentHash: {useSourceIp: true}}}}', 'spec.trafficPolicy.loadBalancer.consistentHash', /exclude/],
  ['DestinationRule', '{host: a, trafficPolicy: {loadBalancer: {consistentHash: {useSourceIp: true, httpHeaderName: x}}}}', 'spec.trafficPolicy.loadBalancer.consistentHash.useSourceIp', /exclude/],
  ['DestinationRule', '{host: a, trafficPolicy: {tls: {mode: SIMPLE, credentialName: "configmap://x/y"}}}', 'spec.trafficPolicy.tls.credentialName', /own namespace/],
  ['EnvoyFilter', '{configPatches: [{applyTo: CLUSTER, match: {cluster: {service: a}, listener: {name: a}}, patch: {operation: REMOVE}}]}', 'spec.configPatches.0.match.cluster', /exclude/, 'networking.istio.io/v1alpha3'],
  ['WorkloadGroup', '{template: {}, probe: {httpGet: {port: 1}, tcpSocket: {port: 1}}}', 'spec.probe.tcpSocket', /exclude/],
  ['Telemetry', '{tracing: [{customTags: {a: {literal: {value: x}, header: {name: y}}}}]}', 'spec.tracing.0.customTags.a.header', /exclude/, 'telemetry.istio.io/v1'],
  ['WasmPlugin', '{url: "oci://x/y", match: [{ports: [{number: 1}, {number: 1}]}]}', 'spec.match.0.ports.1.number', /twice/, 'extensions.istio.io/v1alpha1'],
];

for (const [kind, spec, path, said, group] of WRONG) {
  test(`${kind} ${path}: ${said.source}`, () => {
    const found = errors(resource(kind, spec, group));
    const hit = found.find((finding) => finding.path.join('.') === path && said.test(finding.message));
    assert.ok(hit, JSON.stringify(found.map(({ path: where, message }) => `${where.join('.')}: ${message}`)));
    assert.equal(hit.code, 'IST0106');
    assert.equal(hit.resource, `${kind} b/a`);
    assert.ok(context.section(hit.section), `${hit.section} is no section`);
  });
}

test('a schema finding says what is expected, and where a field belongs', () => {
  const text = resource('VirtualService', '{hosts: [a], timeout: 1s, http: [{retrys: {}, route: [{destination: {host: a}, weight: heavy}]}]}');
  const found = errors(text);
  assert.deepEqual(found.map(({ suggestion }) => suggestion).filter(Boolean), ['spec.http[0].timeout', 'spec.http[0].retries']);
  assert.ok(found.some(({ message }) => message.includes('heavy')));
  const weight = found.find(({ path }) => path.at(-1) === 'weight')!;
  assert.equal(text.slice(weight.span.start, weight.span.end), 'heavy');
});

test('what is accepted but hardly meant is warned of', () => {
  const of = (kind: string, spec: string, group?: string) => findings(resource(kind, spec, group)).map(({ code, path }) => `${code} ${path.join('.')}`);
  assert.deepEqual(of('Sidecar', '{egress: [{hosts: ["*/*", "a/*"]}]}'), ['IST0133 spec.egress.0.hosts']);
  assert.deepEqual(of('Sidecar', '{egress: [{hosts: ["*/*", "~a/*"]}]}'), [], 'what is taken out is not taken in');
  assert.deepEqual(of('Sidecar', '{egress: [{hosts: ["./*", "~/*"]}]}'), ['IST0133 spec.egress.0.hosts.1']);
  const listener = (text: string) => of('Gateway', `{gatewayClassName: istio, listeners: [{name: a, port: 80, ${text}}]}`, 'gateway.networking.k8s.io/v1');
  assert.deepEqual(listener('protocol: HTTPS'), ['IST0133 spec.listeners.0.protocol']);
  assert.deepEqual(listener('protocol: http'), ['IST0133 spec.listeners.0.protocol']);
  assert.deepEqual(listener('protocol: HTTP'), []);
});

test('DENY with what only HTTP has is warned of, as the webhook does', () => {
  const of = (spec: string) => findings(resource('AuthorizationPolicy', spec, 'security.istio.io/v1')).map(({ code, path }) => `${code} ${path.join('.')}`);
  assert.deepEqual(of('{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}'), ['IST0133 spec.rules.0.to']);
  assert.deepEqual(of('{action: DENY, rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]}'), ['IST0133 spec.rules.0.from']);
  assert.deepEqual(of('{action: DENY, rules: [{from: [{source: {namespaces: [a]}}], to: [{operation: {methods: [GET]}}]}]}'), ['IST0133 spec.rules.0.to']);
  for (const fine of ['{action: DENY, rules: [{to: [{operation: {methods: [GET], ports: ["80"]}}]}]}', '{action: DENY, rules: [{from: [{source: {namespaces: [a]}}]}]}', '{action: DENY, rules: [{}]}', '{rules: [{to: [{operation: {methods: [GET]}}]}]}']) assert.deepEqual(of(fine), [], fine);
});

test('what is wrong in a string has its place there', () => {
  const pod = (config: string) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    proxy.istio.io/config: ${config}\n`;
  const places = (text: string) => findings(text).map(({ span, code }) => `${code} ${text.slice(span.start, span.end)}`);
  assert.deepEqual(places(pod('|\n      terminationDrainDuratoin: 20s\n      drainDuration: 1500ms')), ['IST0106 terminationDrainDuratoin', 'IST0106 1500ms']);
  assert.deepEqual(places(pod('"concurrency: -1"')), ['IST0106 -1']);
  assert.deepEqual(places(pod('"concurrency: \\x2d1"')), ['IST0106 "concurrency: \\x2d1"'], 'escapes hide the place');
  assert.deepEqual(places('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n    extensionProviders:\n    - name: a\n      zipkin:\n        port: 9411\n'), ['IST0106 port']);
});

test('templates and placeholders are left alone', () => {
  assert.deepEqual(findings(resource('VirtualService', '{}').replace('name: a', 'name: {{ .Values.name }}')), []);
  assert.deepEqual(errors(resource('VirtualService', '{hosts: ["${HOST}"], http: [{timeout: "$(TIMEOUT)", route: [{destination: {host: <host>}, weight: "{{ .w }}"}]}]}')), []);
  assert.deepEqual(errors(resource('DestinationRule', '{host: a, subsets: [{name: v1, labels: {"${KEY}": x}}]}')), []);
});

test('what is empty is told once', () => {
  assert.deepEqual(errors(resource('DestinationRule', '')).map(({ message }) => message), ['`spec` is required here']);
  assert.deepEqual(errors(resource('DestinationRule', '{host: a, subsets: [null]}')).map(({ message }) => message), ['An entry may not be empty']);
  assert.equal(errors(resource('VirtualService', '{hosts: [null, a], http: [{route: [{destination: {host: a}}]}]}')).length, 1);
});

test('a patch lacks nothing, and old versions, duplicates and syntax are told', () => {
  const patch = resource('DestinationRule', '{trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}}');
  assert.equal(errors(patch).length, 1);
  assert.deepEqual(checkText(context, patch, { partial: true }), []);
  for (const [kind, spec] of [['VirtualService', '{exportTo: ["."]}'], ['VirtualService', '{hosts: ["*"]}'], ['VirtualService', '{gateways: [g]}'], ['Gateway', '{selector: {a: b}}'], ['Sidecar', '{workloadSelector: {labels: {a: b}}}'], ['DestinationRule', '{trafficPolicy: {tls: {mode: MUTUAL}}}']] as const) {
    assert.deepEqual(checkText(context, resource(kind, spec), { partial: true }), [], `${kind} ${spec}`);
  }
  assert.deepEqual(checkText(context, `${resource('DestinationRule', '{}').replace(/spec.*\n/, '')}$patch: delete\n`, { partial: true }), []);
  assert.equal(checkText(context, resource('VirtualService', '{http: [{route: [{destination: {host: "a b"}}]}]}'), { partial: true }).length, 1);
  assert.deepEqual(findings(resource('VirtualService', '{hosts: [a], http: [{route: [{destination: {host: a}}]}]}', 'networking.istio.io/v9')).map(({ code }) => code), ['IH0003']);
  assert.ok(findings(resource('VirtualService', '{hosts: [a], hosts: [b], http: [{route: [{destination: {host: a}}]}]}')).some(({ code }) => code === 'IH0002'));
  assert.ok(findings('apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec: {hosts: [a\nx: 1\n').every(({ code }) => code === 'IH0001'));
  assert.deepEqual(findings('kind: Service\nspec: {a: [1\n'), []);
});

test('a comment leaves a finding out: on its line, above it, or on top', () => {
  const text = resource('DestinationRule', '\n  # istio-handbook-ignore: IST0106\n  hosts: a\n  host: a # istio-handbook-ignore\n');
  const finding = findings(text).find(({ path }) => path.at(-1) === 'hosts')!;
  assert.ok(ignoredIn(text)(finding, 0));
  assert.ok(!ignoredIn(text.replace('IST0106', 'IST0133'))(finding, 0));
  assert.ok(ignoredIn(`# istio-handbook-ignore: IST0106, IST0133\n${text.replace('# istio-handbook-ignore: IST0106', '#')}`)({ ...finding, span: { start: 120, end: 121 } }, 0));
  assert.ok(ignoredIn(`${'\n'.repeat(3_000)}# istio-handbook-ignore\n`)({ ...finding, span: { start: 0, end: 0 } }, 0) !== undefined);
});

test('both languages say every finding', () => {
  const chinese = { ...contextIn('zh-cn'), language: 'zh-cn' as const };
  for (const [kind, spec, , , group] of WRONG) {
    for (const { finding } of checkText(chinese, resource(kind, spec, group))) assert.match(finding.message, /\p{Script=Han}/u);
  }
});

test('values are read as Istio reads them', () => {
  assert.deepEqual(['a', 'a.b.', 'a..b', '1.2', 'a_b', 'A.b'].map(isDomain), [true, true, false, false, false, true]);
  assert.deepEqual(['*', '*.a', '*-a.b', 'a.*', '*a'].map(isWildcardDomain), [true, true, true, false, true]);
  assert.deepEqual(['1.2.3.4', '1.2.3', '::1', 'fe80::1:2', '1::2::3', '::ffff:1.2.3.4'].map(isIp), [true, false, true, true, false, true]);
  assert.deepEqual(['10.0.0.0/8', '10.0.0.0/33', '::/0'].map(isIpOrRange), [true, false, true]);
  assert.deepEqual(['1h30m', '1.5s', '-1ms', '0', '5', '1d'].map(milliseconds), [5_400_000, 1_500, -1, 0, undefined, undefined]);
  const regexes = { true: ['(?i)a', '[[:alpha:]]+', '^(?i:a)(?-i)b$', '\\Qa(b\\E', '\\d{1000}', '(?P<n>a)\\z', '\\\\1'], false: ['a(?!b)', 'a(?<=b)', '(', '(a)\\1', 'a{1001}', '\\y', 'a**'] };
  for (const [valid, all] of Object.entries(regexes)) for (const text of all) assert.equal(String(isRegex(text)), valid, text);
  assert.deepEqual([matchesHost('*.a.com', 'b.a.com'), matchesHost('*.a.com', 'a.com'), matchesHost('a', 'a')], [true, false, true]);
});

test('snippets have no finding', () => {
  for (const { id, fragment, body } of snippetsIn('en')) {
    if (fragment === undefined) assert.deepEqual(findings(expandSnippet(body)).map(({ path, message }) => `${id} ${path.join('.')}: ${message}`), []);
  }
});

test('what the webhook refuses is found, what it accepts is not', needsShared, () => {
  const folder = join(SHARED, 'corpus/validation');
  const cases = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as { file: string; valid: boolean }[];
  const wrong = cases.filter(({ file, valid }) => (errors(readFileSync(join(folder, file), 'utf8')).length === 0) !== valid);
  assert.ok(cases.length > 300);
  assert.deepEqual(wrong.map(({ file }) => file), []);
});

test('real documents have no error but those that the webhook has', needsShared, () => {
  const folder = join(SHARED, 'corpus/valid');
  // Its addresses are shortened to `ef394f...us-east-2.elb.amazonaws.com`, which is no host name.
  const refused = ['ee3d935b4b775d68.yaml'];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file) && !refused.some((name) => file.endsWith(name)));
  const found = files.flatMap((file) => errors(readFileSync(join(folder, file), 'utf8')).map(({ path, message }) => `${file} ${path.join('.')}: ${message}`));
  assert.deepEqual(found, []);
});

test('misspelt and misplaced fields lead to the intended ones', needsShared, () => {
  const folder = join(SHARED, 'corpus/typos');
  const cases = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as { file: string; intended: string }[];
  const missed = cases.filter(({ file, intended }) => !errors(readFileSync(join(folder, file), 'utf8')).some(({ suggestion }) => suggestion === intended));
  assert.ok(missed.length <= cases.length * 0.1, missed.map(({ file }) => file).join());
});

/** What checking documents together finds, by code and resource. */
const together = (...documents: string[]) => checkTogether(context, [{ file: 'a.yaml', text: documents.join('---\n') }]).map(({ finding }) => `${finding.code} ${finding.resource}`);

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: reviews, namespace: b}\nspec: {selector: {app: reviews}, ports: [{name: http, port: 9080}, {name: http-admin, port: 9090}]}\n';
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: b, labels: {app: reviews, version: v1}}\nspec: {containers: []}\n';
const route = (destination: string) => resource('VirtualService', `{hosts: [reviews], http: [{route: [{destination: ${destination}}]}]}`);

const IN_MESH = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: b, labels: {istio-injection: enabled}}\n';
const DEPLOYMENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: b}\nspec: {template: {metadata: {labels: {app: reviews}}}}\n';
const AMBIENT = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: b, labels: {istio.io/dataplane-mode: ambient}}\n';
const GATEWAY_API = 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: c}\nspec: {gatewayClassName: istio, listeners: [{name: web, hostname: "*.b.com", protocol: HTTP, port: 80}]}\n';
const TLS_ENTRY = resource('ServiceEntry', '{hosts: [x.com], addresses: [1.2.3.4], ports: [{number: 443, name: https, protocol: HTTPS}]}');
const secretGateway = resource('Gateway', '{selector: {app: reviews}, servers: [{hosts: [a.com], port: {number: 443, name: https, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: s}}]}');
const telemetry = (spec: string) => resource('Telemetry', spec, 'telemetry.istio.io/v1');
const httpRoute = (spec: string) => resource('HTTPRoute', spec, 'gateway.networking.k8s.io/v1');
const meshConfig = (mesh: string, networks?: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n    ${mesh}\n${networks === undefined ? '' : `  meshNetworks: |\n    ${networks}\n`}`;

const TOGETHER: readonly (readonly [name: string, documents: readonly string[], found: readonly string[]])[] = [
  ['a host that is not there is a hint', [route('{host: nowhere}')], ['IST0101 VirtualService b/a']],
  ['a host with several ports', [SERVICE, route('{host: reviews}')], ['IST0112 VirtualService b/a']],
  ['a port that is not there', [SERVICE, route('{host: reviews, port: {number: 80}}')], ['IST0101 VirtualService b/a']],
  ['a port that is', [SERVICE, route('{host: reviews.b.svc.cluster.local, port: {number: 9080}}')], []],
  ['a name that Istio does not complete', [SERVICE, route('{host: reviews.b, port: {number: 9080}}'), resource('DestinationRule', '{host: reviews.b.svc}')], ['IST0101 VirtualService b/a', 'IST0174 DestinationRule b/a']],
  ['mTLS that ambient mode takes', [AMBIENT, SERVICE, POD, resource('DestinationRule', '{host: reviews, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'), resource('PeerAuthentication', '{mtls: {mode: DISABLE}}', 'security.istio.io/v1'), resource('AuthorizationPolicy', '{rules: [{from: [{source: {principals: [a]}}]}]}', 'security.istio.io/v1')], []],
  ['TLS settings without a mode', [SERVICE, POD, resource('DestinationRule', '{host: reviews, trafficPolicy: {tls: {sni: a.com}}}'), resource('PeerAuthentication', '{mtls: {mode: STRICT}}', 'security.istio.io/v1')], ['IH0101 DestinationRule b/a']],
  ['a subset that is not there', [SERVICE, route('{host: reviews, port: {number: 9080}, subset: v9}')], ['IST0101 VirtualService b/a']],
  ['a subset without pods', [SERVICE, POD, resource('DestinationRule', '{host: reviews, subsets: [{name: v2, labels: {version: v2}}]}')], ['IST0173 DestinationRule b/a']],
  ['mTLS that cannot come about', [SERVICE, POD, resource('DestinationRule', '{host: reviews, trafficPolicy: {tls: {mode: DISABLE}}}'), resource('PeerAuthentication', '{mtls: {mode: STRICT}}', 'security.istio.io/v1')], ['IH0101 DestinationRule b/a']],
  ['a Gateway that is not there', [resource('VirtualService', '{hosts: [a.com], gateways: [g], http: [{redirect: {uri: /}}]}')], ['IST0101 VirtualService b/a', 'IST0132 VirtualService b/a']],
  ['HTTP routes behind a passthrough', [resource('Gateway', '{selector: {istio: x}, servers: [{hosts: [a.com], port: {number: 443, name: tls, protocol: TLS}, tls: {mode: PASSTHROUGH}}]}'), resource('VirtualService', '{hosts: [a.com], gateways: [a], http: [{redirect: {uri: /}}]}')], ['IH0102 VirtualService b/a']],
  ['HTTP rules in ambient', ['apiVersion: v1\nkind: Namespace\nmetadata: {name: b, labels: {istio.io/dataplane-mode: ambient}}\n', resource('AuthorizationPolicy', '{rules: [{to: [{operation: {methods: [GET]}}]}]}', 'security.istio.io/v1')], ['IH0103 AuthorizationPolicy b/a']],
  ['a condition that ztunnel does not know', [AMBIENT, resource('AuthorizationPolicy', '{action: DENY, rules: [{when: [{key: connection.sni, values: [a]}]}]}', 'security.istio.io/v1')], ['IH0103 AuthorizationPolicy b/a']],
  ['an action that ztunnel does not know', [AMBIENT, resource('AuthorizationPolicy', '{action: AUDIT, rules: [{}]}', 'security.istio.io/v1')], ['IH0103 AuthorizationPolicy b/a']],
  ['rules that ztunnel knows', [AMBIENT, resource('AuthorizationPolicy', '{rules: [{from: [{source: {principals: [a]}}], to: [{operation: {ports: ["80"]}}], when: [{key: destination.port, values: ["80"]}]}]}', 'security.istio.io/v1')], []],
  ['a policy for a Service of sidecars', [IN_MESH, SERVICE, resource('AuthorizationPolicy', '{targetRefs: [{group: "", kind: Service, name: reviews}]}', 'security.istio.io/v1')], ['IH0103 AuthorizationPolicy b/a']],
  ['a namespace with two ways of joining', ['apiVersion: v1\nkind: Namespace\nmetadata: {name: b, labels: {istio-injection: enabled, istio.io/rev: x}}\n'], ['IST0123 Namespace b']],
  ['variants of one resource do not conflict', [resource('Sidecar', '{egress: [{hosts: ["./*"]}]}'), resource('Sidecar', '{egress: [{hosts: ["./*"]}]}')], []],
  ['variants of one Service do not disagree', [IN_MESH, SERVICE, SERVICE.replace('port: 9080', 'port: 80, targetPort: 9080'), DEPLOYMENT], []],
  ['Services that disagree', [IN_MESH, SERVICE, SERVICE.replace('name: reviews', 'name: other').replace('port: 9080', 'port: 80, targetPort: 9080'), DEPLOYMENT], ['IST0137 Deployment b/d']],
  ['two Sidecars without a selector', [resource('Sidecar', '{egress: [{hosts: ["./*"]}]}'), resource('Sidecar', '{egress: [{hosts: ["./*"]}]}').replace('name: a', 'name: c')], ['IST0111 Sidecar b/a', 'IST0111 Sidecar b/c']],
  ['an annotation that Istio does not know', [POD.replace('labels:', 'annotations: {istio.io/nothing: a}, labels:')], ['IST0108 Pod b/p']],
  ['a namespace that nothing is said of', [IN_MESH.replace('name: b', 'name: c'), 'apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n'], ['IST0102 Namespace b']],
  ['a namespace where nothing is of Istio', ['apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n'], []],
  ['a namespace whose pods say it', ['apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n', POD.replace('app: reviews', 'sidecar.istio.io/inject: "true"')], []],
  ['a namespace of the system, and one that is out', ['apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}\n', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: b, labels: {istio.io/dataplane-mode: none}}\n'], []],
  ['a namespace that is in by default', ['apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n', 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {values: {sidecarInjectorWebhook: {enableNamespacesByDefault: true}}}\n'], ['IST0148 Namespace b']],
  ['a pod without a proxy beside one with', [IN_MESH, POD, POD.replace('name: p,', 'name: q,').replace('containers: []', 'containers: [{name: istio-proxy}]')], ['IST0103 Pod b/p']],
  ['pods as they are written', [IN_MESH, POD], []],
  ['a TCP port without an address', [resource('ServiceEntry', '{hosts: [a.com], ports: [{number: 22, name: ssh, protocol: tcp}, {number: 80, name: http, protocol: HTTP}]}')], ['IST0134 ServiceEntry b/a']],
  ['a TCP port where the proxies give addresses', [meshConfig('defaultConfig: {proxyMetadata: {ISTIO_META_DNS_CAPTURE: "true"}}'), resource('ServiceEntry', '{hosts: [a.com], ports: [{number: 22, name: ssh, protocol: TCP}]}')], []],
  ['logs for nobody', [meshConfig('rootNamespace: x'), telemetry('{accessLogging: [{filter: {expression: a}}]}')], ['IST0157 Telemetry b/a']],
  ['logs for the default provider', [meshConfig('defaultProviders: {accessLogging: [envoy]}'), telemetry('{accessLogging: [{filter: {expression: a}}]}')], []],
  ['a file is no provider', [meshConfig('accessLogFile: /dev/stdout'), telemetry('{accessLogging: [{disabled: true}]}')], ['IST0157 Telemetry b/a']],
  ['a provider in other letters', [meshConfig('extensionProviders: [{name: otel, opentelemetry: {service: a.b, port: 1}}]'), telemetry('{tracing: [{providers: [{name: OTel}]}]}')], []],
  ['logs where the mesh is not known', [telemetry('{accessLogging: [{filter: {expression: a}}]}')], []],
  ['a provider that the mesh does not have', [meshConfig('extensionProviders: [{name: otel, opentelemetry: {service: a.b, port: 1}}]'), telemetry('{tracing: [{providers: [{name: otl}]}], metrics: [{providers: [{name: prometheus}]}]}')], ['IH0104 Telemetry b/a']],
  ['policies of the root namespace that MeshConfig names', [meshConfig('rootNamespace: b'), POD.replace('namespace: b', 'namespace: c'), resource('AuthorizationPolicy', '{selector: {matchLabels: {app: reviews}}}', 'security.istio.io/v1')], []],
  ['policies for no workload', [POD.replace('namespace: b', 'namespace: c'), resource('AuthorizationPolicy', '{selector: {matchLabels: {app: reviews}}}', 'security.istio.io/v1')], ['IST0127 AuthorizationPolicy b/a']],
  ['a selector in the root namespace', [POD.replace('namespace: b', 'namespace: istio-system'), resource('PeerAuthentication', '{selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}}', 'security.istio.io/v1').replace('namespace: b', 'namespace: istio-system')], ['IH0110 PeerAuthentication istio-system/a']],
  ['a PeerAuthentication of the mesh', [resource('PeerAuthentication', '{mtls: {mode: STRICT}}', 'security.istio.io/v1').replace('namespace: b', 'namespace: istio-system')], []],
  ['policies for virtual machines', [POD, resource('WorkloadEntry', '{address: 1.2.3.4, labels: {app: vm}}'), resource('AuthorizationPolicy', '{selector: {matchLabels: {app: vm}}}', 'security.istio.io/v1')], []],
  ['a network of no cluster', [meshConfig('rootNamespace: x', 'networks: {n1: {endpoints: [{fromRegistry: one}, {fromRegistry: two}]}}'), 'apiVersion: v1\nkind: Secret\nmetadata: {name: s, labels: {istio/multiCluster: "true"}}\ndata: {one: YQ==}\n'], ['IST0126 ConfigMap istio-system/istio']],
  ['networks where no cluster is known', [meshConfig('rootNamespace: x', 'networks: {n1: {endpoints: [{fromRegistry: two}]}}')], []],
  ['a route to a Gateway that is not there', [httpRoute('{parentRefs: [{name: g}], rules: [{}]}')], ['IST0101 HTTPRoute b/a']],
  ['a route of a namespace that a Gateway leaves out', [GATEWAY_API, httpRoute('{parentRefs: [{name: g, namespace: c}], rules: [{}]}')], ['IH0108 HTTPRoute b/a']],
  ['a route for all namespaces', [GATEWAY_API.replace('port: 80', 'port: 80, allowedRoutes: {namespaces: {from: All}}'), httpRoute('{parentRefs: [{name: g, namespace: c, sectionName: web}], hostnames: [a.b.com], rules: [{}]}')], []],
  ['a host name that no listener has', [GATEWAY_API.replace('port: 80', 'port: 80, allowedRoutes: {namespaces: {from: All}}'), httpRoute('{parentRefs: [{name: g, namespace: c}], hostnames: [a.c.com], rules: [{}]}')], ['IH0108 HTTPRoute b/a']],
  ['a listener that is not there', [GATEWAY_API, httpRoute('{parentRefs: [{name: g, namespace: c, sectionName: wbe}], rules: [{}]}')], ['IST0101 HTTPRoute b/a']],
  ['a backend port that is not there', [SERVICE, httpRoute('{rules: [{backendRefs: [{name: reviews, port: 80}]}]}')], ['IST0101 HTTPRoute b/a']],
  ['a backend of another namespace', [SERVICE.replace('namespace: b', 'namespace: c'), httpRoute('{rules: [{backendRefs: [{name: reviews, namespace: c, port: 9080}]}]}')], ['IH0109 HTTPRoute b/a']],
  ['a backend that is allowed', [SERVICE.replace('namespace: b', 'namespace: c'), 'apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: g, namespace: c}\nspec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: b}], to: [{group: "", kind: Service}]}\n', httpRoute('{rules: [{backendRefs: [{name: reviews, namespace: c, port: 9080}]}]}')], []],
  ['a route for a Service without a waypoint', [AMBIENT, SERVICE, httpRoute('{parentRefs: [{group: "", kind: Service, name: reviews}], rules: [{}]}')], ['IH0103 HTTPRoute b/a']],
  ['a route for a Service with one', [AMBIENT.replace('ambient}', 'ambient, istio.io/use-waypoint: w}'), SERVICE, httpRoute('{parentRefs: [{group: "", kind: Service, name: reviews}], rules: [{}]}')], []],
  ['a route that sidecars heed', [AMBIENT, IN_MESH.replace('name: b', 'name: c'), SERVICE, httpRoute('{parentRefs: [{group: "", kind: Service, name: reviews}], rules: [{}]}')], []],
  ['a policy for a Service without a waypoint', [AMBIENT, SERVICE, resource('AuthorizationPolicy', '{targetRefs: [{group: "", kind: Service, name: reviews}]}', 'security.istio.io/v1')], ['IH0103 AuthorizationPolicy b/a']],
  ['a backend of another namespace, in the mesh', [IN_MESH, SERVICE, SERVICE.replace('namespace: b', 'namespace: c'), httpRoute('{parentRefs: [{group: "", kind: Service, name: reviews}], rules: [{backendRefs: [{name: reviews, namespace: c, port: 9080}]}]}')], []],
  ['two rules for one host', ['a', 'c'].map((name) => resource('DestinationRule', '{host: reviews, trafficPolicy: {tls: {mode: DISABLE}}}').replace('name: a', `name: ${name}`)).concat(SERVICE), ['IH0105 DestinationRule b/a', 'IH0105 DestinationRule b/c']],
  ['two rules that add to each other', [SERVICE, resource('DestinationRule', '{host: reviews, trafficPolicy: {tls: {mode: DISABLE}}}'), resource('DestinationRule', '{host: reviews, subsets: [{name: v1, labels: {a: b}}]}').replace('name: a', 'name: c')], []],
  ['TLS twice', [TLS_ENTRY, resource('DestinationRule', '{host: x.com, trafficPolicy: {tls: {mode: SIMPLE, caCertificates: system}}}')], ['IH0106 DestinationRule b/a']],
  ['TLS for what a route leads there', [TLS_ENTRY, resource('DestinationRule', '{host: x.com, trafficPolicy: {tls: {mode: SIMPLE, caCertificates: system}}}'), resource('VirtualService', '{hosts: [x.com], http: [{route: [{destination: {host: x.com, port: {number: 443}}}]}]}')], []],
  ['identities without mTLS', [POD, resource('PeerAuthentication', '{mtls: {mode: DISABLE}}', 'security.istio.io/v1'), resource('AuthorizationPolicy', '{rules: [{from: [{source: {principals: [a]}}]}]}', 'security.istio.io/v1')], ['IH0107 AuthorizationPolicy b/a']],
  ['placeholders equal nothing', [SERVICE, POD.replace('version: v1', 'version: "${V}"'), resource('DestinationRule', '{host: reviews, subsets: [{name: v2, labels: {version: v2}}]}'), ...['${A}', '${B}'].map((name) => resource('Sidecar', '{egress: [{hosts: ["./*"]}]}').replace('namespace: b', `namespace: "${name}"`).replace('name: a', `name: s${name.length}`))], []],
  ['a port that one of the variants has', [SERVICE, SERVICE.replace('9080', '80'), route('{host: reviews, port: {number: 80}}')], []],
  ['a secret beside the pods without a certificate', [POD, secretGateway, 'apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: b}\ndata: {cert.pem: YQ==}\n'], ['IST0161 Gateway b/a']],
  ['a secret in another namespace than the pods', [POD, secretGateway, 'apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: c}\ndata: {tls.crt: YQ==, tls.key: YQ==}\n'], ['IST0101 Gateway b/a']],
  ['an egress host and a namespace that are not there', [IN_MESH, resource('Sidecar', '{egress: [{hosts: ["./nowhere", "*/*.com", "./*"]}]}'), resource('ServiceEntry', '{hosts: [x.com], exportTo: [nowhere], ports: [{number: 80, name: http, protocol: HTTP}]}')], ['IST0101 Sidecar b/a', 'IST0101 ServiceEntry b/a']],
];

for (const [name, documents, expected] of TOGETHER) {
  test(`together: ${name}`, () => assert.deepEqual(together(...documents), expected));
}

test('a value that the API refuses is told once', () => {
  const mesh = (text: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n    ${text}\n`;
  const messages = (text: string) => findings(text).map(({ message }) => message);
  assert.deepEqual(messages(mesh('extensionProviders: [{name: a, zipkin: {service: a.b, port: 94110}}]')), ['`94110` must be 1 to 65535']);
  assert.deepEqual(messages(mesh('ingressControllerMode: OFF')), ['Must be a string: write "OFF"']);
  assert.deepEqual(messages(mesh('ingressControllerMode: "OFF"')), []);
  assert.deepEqual(messages(resource('DestinationRule', '{host: a, trafficPolicy: {tls: {mode: on}}}')), ['`on` is none of DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL']);
});

test('an option of a listener that Istio does not know is told', () => {
  const modes = (mode: string) => findings(resource('Gateway', `{gatewayClassName: istio, listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}], options: {gateway.istio.io/tls-terminate-mode: ${mode}}}}]}`, 'gateway.networking.k8s.io/v1')).map(({ code, message }) => `${code} ${message.slice(0, 60)}`);
  assert.deepEqual(modes('MUTUAL'), []);
  assert.equal(modes('mutual').length, 1);
});

test('what never takes effect is told where it stands, and what does is left alone', () => {
  const of = (kind: string, spec: string) => findings(resource(kind, spec, 'security.istio.io/v1')).filter(({ code }) => code === 'IH0110').map(({ path }) => path.slice(1).join('.'));
  const policy = (rule: string) => of('AuthorizationPolicy', `{rules: [{${rule}}]}`);
  assert.deepEqual(policy('to: [{operation: {methods: [get, GET, Get, lock], paths: [/a/*/b, "/x?y=1", admin, "*/a/*"]}}]'), ['paths.0', 'paths.1', 'paths.2', 'paths.3', 'methods.0'].map((place) => `rules.0.to.0.operation.${place}`));
  assert.deepEqual(policy('to: [{operation: {methods: ["*"], paths: [/a*, "*.html", "*", /a/{*}/b, "/{**}"], hosts: ["*.com", "a.com:*"]}}]'), []);
  assert.deepEqual(policy('from: [{source: {principals: ["spiffe://cluster.local/ns/a/sa/b", "*/ns/a/*"], requestPrincipals: ["https://a/*"]}}]'), ['principals.0', 'principals.1'].map((place) => `rules.0.from.0.source.${place}`));
  assert.deepEqual(policy('from: [{source: {principals: ["cluster.local/ns/a/*", "*"], namespaces: ["a*b"]}}]'), []);
  assert.deepEqual(of('RequestAuthentication', '{jwtRules: [{issuer: a, fromHeaders: [{name: authorization}, {name: Authorization, prefix: "Token "}, {name: x-token}]}]}'), ['jwtRules.0.fromHeaders.0']);
});

test('every code has a heading of its own in the chapter on messages', () => {
  const chapters = (['en', 'zh-cn'] as const).map((language) => built<{ sections: { html: string }[] }>(language, 'chapters/analysis-messages').sections.map(({ html }) => html).join(''));
  for (const code of Object.keys(CODES)) for (const text of chapters) assert.match(text, new RegExp(`id="am-[a-z-]+--${code.toLowerCase()}"`), code);
  for (const [code, { section }] of Object.entries<Code>(CODES)) if (section !== undefined) assert.ok(chapters.every((text) => text.includes(`id="${section}--${code.toLowerCase()}"`)), `${code}: ${section}`);
});

test('what istioctl analyze finds is found', needsShared, () => {
  const folder = join(SHARED, 'corpus/analyze');
  interface Case { name: string; scope: string; inputFiles: string[]; analyzerCodes: string[]; expected: { code: string; resource: string }[] }
  const cases = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Case[];
  const analyzers = JSON.parse(readFileSync(join(folder, 'analyzers.json'), 'utf8')) as { codes: string[] }[];
  const wrong = cases.filter(({ scope }) => scope === 'document' || scope === 'workspace').filter(({ inputFiles, analyzerCodes, expected }) => {
    const files = inputFiles.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
    const found = [...checkTogether(context, files), ...files.flatMap(({ text }) => checkText(context, text))].map(({ finding }) => `${finding.code} ${finding.resource}`);
    const wanted = expected.map(({ code, resource: name }) => `${code} ${name}`);
    const own = analyzerCodes.filter((code) => analyzers.filter(({ codes }) => codes.includes(code)).length === 1);
    return wanted.some((one) => !found.includes(one)) || found.some((one) => own.includes(one.split(' ')[0]!) && !wanted.includes(one));
  });
  assert.deepEqual(wrong.map(({ name }) => name), []);
});
