import { hostsOverlap } from '../rules/values.ts';
import type { Value } from '../rules/value.ts';
import { fullHost, gatewayName, matches, textsOf, type Labels, type Mesh, type MeshResource, type Report } from './mesh.ts';

/** What neither the webhook nor `istioctl analyze` tells: settings that are right by themselves and fail together. */

const NET = 'networking.istio.io';

/** The mode that holds for pods of some labels: their own policy's, their namespace's, the mesh's. In ambient mode `DISABLE` takes mTLS as well. */
function mtlsMode(mesh: Mesh, asker: MeshResource, namespace: string, labels: Labels): string {
  const policies = mesh.all('security.istio.io', 'PeerAuthentication').filter((policy) => mesh.shareRoot(policy, asker));
  const roots = mesh.rootNamespaces(asker);
  const selectorOf = (policy: MeshResource) => textsOf(policy.spec.at('selector', 'matchLabels'));
  const own = policies.find((policy) => policy.namespace === namespace && Object.keys(selectorOf(policy)).length > 0 && matches(selectorOf(policy), labels));
  const inNamespace = policies.find((policy) => policy.namespace === namespace && Object.keys(selectorOf(policy)).length === 0);
  const inMesh = policies.find((policy) => roots.includes(policy.namespace) && Object.keys(selectorOf(policy)).length === 0);
  for (const policy of [own, inNamespace, inMesh]) {
    const mode = policy?.spec.at('mtls', 'mode').text;
    if (mode !== undefined && mode !== 'UNSET') return mode === 'DISABLE' && mesh.ambient(asker, namespace) ? 'PERMISSIVE' : mode;
  }
  return 'PERMISSIVE';
}

/** The modes of the pods that a host means, and who they are; empty where that is not known. */
function modesOf(mesh: Mesh, rule: MeshResource, host: string): { readonly modes: ReadonlySet<string>; readonly who: string } {
  const [, inside] = /^\*\.([a-z0-9-]+)\.svc\.cluster\.local$/.exec(host) ?? [];
  if (inside !== undefined) return { modes: new Set([mtlsMode(mesh, rule, inside, {})]), who: inside };
  if (/^\*\.(?:svc\.cluster\.)?local$/.test(host)) return { modes: new Set([mtlsMode(mesh, rule, '', {})]), who: host };
  const [name = '', namespace = '', ...rest] = fullHost(host, rule.namespace).split('.');
  const pods = rest[0] !== 'svc' ? [] : mesh.find(rule, '', 'Service', namespace, name).flatMap((service) => {
    const selector = textsOf(service.spec.get('selector'));
    return Object.keys(selector).length === 0 ? [] : mesh.selected(selector, service.namespace);
  });
  return { modes: new Set(pods.map((pod) => mtlsMode(mesh, rule, pod.namespace, pod.labels))), who: name };
}

/** A DestinationRule that speaks otherwise than the pods listen. */
export function mtlsConflicts(mesh: Mesh, report: Report): void {
  for (const rule of mesh.all(NET, 'DestinationRule')) {
    const tls = rule.spec.at('trafficPolicy', 'tls');
    const mode = tls.get('mode');
    const host = rule.spec.get('host').text;
    if (!tls.there || mode.unknown || host === undefined) continue;
    // A block without a mode has the first of them.
    const written = mode.text ?? 'DISABLE';
    const { modes, who } = modesOf(mesh, rule, host);
    if (written !== 'ISTIO_MUTUAL' && modes.has('STRICT')) {
      report(rule, { code: 'IH0101', path: mode.path, said: [`the pods of ${who} take mTLS only (PeerAuthentication \`STRICT\`): calls with \`${written}\` get 503`, `${who} 的 Pod 只接受 mTLS（PeerAuthentication 为 \`STRICT\`）：以 \`${written}\` 调用会得到 503`], remedies: [mode.there ? { how: 'replace', with: 'ISTIO_MUTUAL' } : { how: 'set', path: mode.path, value: 'ISTIO_MUTUAL' }] });
    } else if (written === 'ISTIO_MUTUAL' && modes.has('DISABLE')) {
      report(rule, { code: 'IH0101', path: mode.path, said: [`the pods of ${who} take plain text only (PeerAuthentication \`DISABLE\`): calls with mTLS get 503`, `${who} 的 Pod 只接受明文（PeerAuthentication 为 \`DISABLE\`）：以 mTLS 调用会得到 503`], remedies: [{ how: 'replace', with: 'DISABLE' }] });
    }
  }
}

/** Routes of a kind that the Gateway's TLS mode leaves nothing for. */
export function gatewayRoutes(mesh: Mesh, report: Report): void {
  for (const resource of mesh.all(NET, 'VirtualService')) {
    const hosts = resource.spec.texts('hosts');
    const names = resource.spec.texts('gateways');
    if (names.length === 0 || names.includes('mesh')) continue;
    const gateways = names.map((text) => mesh.find(resource, NET, 'Gateway', ...gatewayName(text, resource.namespace)));
    if (gateways.some((variants) => variants.length === 0)) continue;
    const servers = gateways.flat().flatMap((gateway) => gateway.spec.list('servers')).filter((server) => server.texts('hosts').some((host) => hosts.some((own) => hostsOverlap(host.replace(/^[^/]*\//, ''), own))));
    if (servers.length === 0) continue;
    const passed = (server: Value) => /PASSTHROUGH/.test(server.at('tls', 'mode').text ?? '');
    const raw = (server: Value) => /^(?:TCP|TLS|MONGO|MYSQL|REDIS)$/i.test(server.at('port', 'protocol').text ?? '');
    if (resource.spec.get('http').filled && servers.every(passed)) {
      report(resource, { code: 'IH0102', path: ['spec', 'http'], said: ['the Gateway passes TLS through and sees no HTTP: use `tls` routes, or terminate TLS', '该 Gateway 透传 TLS，看不到 HTTP：请使用 `tls` 路由，或在网关终止 TLS'] });
    }
    if (resource.spec.get('tls').filled && servers.every((server) => !passed(server) && !raw(server))) {
      report(resource, { code: 'IH0102', path: ['spec', 'tls'], said: ['the Gateway terminates TLS: `tls` routes match nothing, use `http`', '该 Gateway 会终止 TLS：`tls` 路由不会匹配，请使用 `http`'] });
    }
  }
}

const L7_OPERATION = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];
const L7_SOURCE = ['requestPrincipals', 'notRequestPrincipals', 'remoteIpBlocks', 'notRemoteIpBlocks', 'trustDomains', 'notTrustDomains'];
const L4_KEYS = ['source.ip', 'source.namespace', 'source.principal', 'destination.ip', 'destination.port'];

/** Rules on what ztunnel does not know: it leaves them out (istio/istio, serviceregistry/ambient/authorization.go). */
export function ambientPolicies(mesh: Mesh, report: Report): void {
  for (const policy of mesh.all('security.istio.io', 'AuthorizationPolicy')) {
    if (!mesh.ambient(policy, policy.namespace) || policy.spec.get('targetRefs').filled || policy.spec.get('targetRef').filled) continue;
    const found = policy.spec.list('rules').flatMap((rule) => [
      ...rule.list('to').flatMap((to) => L7_OPERATION.map((key) => to.at('operation', key))),
      ...rule.list('from').flatMap((from) => L7_SOURCE.map((key) => from.at('source', key))),
      ...rule.list('when').map((when) => when.get('key')).filter(({ text }) => text !== undefined && !L4_KEYS.includes(text)),
    ]).find((value) => value.filled);
    const action = policy.spec.get('action');
    if (['CUSTOM', 'AUDIT'].includes(action.text ?? '')) report(policy, { code: 'IH0103', path: action.path, said: ['ztunnel takes `ALLOW` and `DENY` only: bind the policy to a waypoint by `targetRefs`', 'ztunnel 只支持 `ALLOW` 与 `DENY`：请用 `targetRefs` 把策略绑定到 waypoint'] });
    else if (found) report(policy, { code: 'IH0103', path: found.path, said: ['ztunnel does not know this and leaves it out: an `ALLOW` allows less than written, a `DENY` may deny nothing, or too much; bind the policy to a waypoint by `targetRefs`', 'ztunnel 不理解该条件并将其忽略：`ALLOW` 放行的比所写的少，`DENY` 可能什么也不拒绝，或拒绝过多；请用 `targetRefs` 把策略绑定到 waypoint'] });
  }
}

/** Routes of a Service in ambient mode, and policies of any Service, that only a waypoint would heed. */
export function waypoints(mesh: Mesh, report: Report): void {
  const isService = (ref: Value) => (ref.get('group').text ?? 'gateway.networking.k8s.io') === '' && ref.get('kind').text === 'Service' && ref.get('name').text !== undefined;
  // Sidecars that call the Service heed routes by themselves.
  const sidecars = mesh.all('', 'Namespace').some((namespace) => mesh.injected(namespace, namespace.name));
  const routes = sidecars ? [] : ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'].flatMap((kind) => mesh.all('gateway.networking.k8s.io', kind));
  const policies = [['security.istio.io', 'AuthorizationPolicy'], ['security.istio.io', 'RequestAuthentication'], ['extensions.istio.io', 'WasmPlugin']].flatMap(([group, kind]) => mesh.all(group!, kind!));
  const refs = [...routes.map((resource) => ({ resource, refs: resource.spec.list('parentRefs'), route: true })), ...policies.map((resource) => ({ resource, refs: resource.spec.list('targetRefs'), route: false }))];
  for (const { resource, refs: named, route } of refs) {
    for (const ref of named.filter(isService)) {
      const name = ref.get('name').text!;
      const namespace = ref.get('namespace').text ?? resource.namespace;
      if (ref.get('namespace').unknown || (route && !mesh.ambient(resource, namespace)) || !mesh.lacksWaypoint(resource, namespace, name)) continue;
      report(resource, { code: 'IH0103', path: ref.get('name').path, said: [`\`${name}\` has no waypoint (\`istio.io/use-waypoint\`): this has no effect`, `\`${name}\` 没有 waypoint（\`istio.io/use-waypoint\`）：不起作用`] });
    }
  }
}

/** Rules of one host that both set what holds for all of it, or a subset of the same name: one of them is ignored. */
export function severalRules(mesh: Mesh, report: Report): void {
  const all = mesh.all(NET, 'DestinationRule').filter(({ spec }) => spec.get('host').text !== undefined && !spec.has('workloadSelector'));
  const key = ({ spec, namespace }: MeshResource) => `${namespace} ${fullHost(spec.get('host').text!, namespace)}`;
  const byHost = new Map<string, MeshResource[]>();
  for (const rule of all) byHost.set(key(rule), [...(byHost.get(key(rule)) ?? []), rule]);
  const subsetsOf = ({ spec }: MeshResource) => spec.list('subsets').flatMap((subset) => subset.get('name').text ?? []);
  const exportsOf = ({ spec }: MeshResource) => spec.texts('exportTo').sort().join();
  for (const rule of all) {
    for (const other of mesh.rivals(rule, byHost.get(key(rule))!).filter((rival) => exportsOf(rival) === exportsOf(rule))) {
      const twice = subsetsOf(rule).find((name) => subsetsOf(other).includes(name));
      const both = rule.spec.get('trafficPolicy').filled && other.spec.get('trafficPolicy').filled;
      if (twice === undefined && !both) continue;
      const name = `${other.namespace}/${other.name}`;
      report(rule, { code: 'IH0105', path: ['spec', 'host'], said: twice === undefined ? [`${name} has a \`trafficPolicy\` for this host too: the older one wins`, `${name} 也为该主机设置了 \`trafficPolicy\`：较早创建的生效`] : [`${name} has a subset \`${twice}\` of this host too: the older one wins`, `${name} 也为该主机定义了子集 \`${twice}\`：较早创建的生效`] });
      break;
    }
  }
}

/** TLS begun by the proxy on what is TLS already. */
export function tlsTwice(mesh: Mesh, report: Report): void {
  const routed = new Set(mesh.all(NET, 'VirtualService').flatMap(({ spec, namespace }) => spec.list('http').flatMap((route) => route.list('route')).flatMap((entry) => {
    const host = entry.at('destination', 'host').text;
    return host === undefined ? [] : [fullHost(host, namespace)];
  })));
  for (const rule of mesh.all(NET, 'DestinationRule')) {
    const host = rule.spec.get('host').text;
    // What a route leads there may have been plain.
    if (host === undefined || routed.has(fullHost(host, rule.namespace))) continue;
    const entries = mesh.hostsOf(host, rule).map(({ resource }) => resource);
    if (entries.length === 0 || entries.some(({ kind }) => kind !== 'ServiceEntry')) continue;
    const ports = entries.flatMap(({ spec }) => spec.list('ports'));
    const begins = (tls: Value) => ['SIMPLE', 'MUTUAL'].includes(tls.get('mode').text ?? '');
    const encrypted = (some: readonly Value[]) => some.length > 0 && some.every((port) => /^(?:https|tls)$/i.test(port.get('protocol').text ?? ''));
    const policy = rule.spec.get('trafficPolicy');
    const levels = policy.list('portLevelSettings').filter((entry) => encrypted(ports.filter((port) => port.get('number').number === entry.at('port', 'number').number)));
    const found = [...(encrypted(ports) ? [policy] : []), ...levels].map((level) => level.get('tls')).find(begins);
    if (found) report(rule, { code: 'IH0106', path: found.get('mode').path, said: ['the ServiceEntry says that applications speak TLS on this port already: it would be encrypted twice', 'ServiceEntry 表明应用在该端口上已使用 TLS：会被加密两次'] });
  }
}

/** What a policy knows of callers by their certificates, where pods take no mTLS. */
export function identities(mesh: Mesh, report: Report): void {
  for (const policy of mesh.all('security.istio.io', 'AuthorizationPolicy')) {
    if (policy.spec.has('targetRefs') || policy.spec.has('targetRef')) continue;
    const named = policy.spec.list('rules').flatMap((rule) => rule.list('from')).flatMap((from) => ['principals', 'namespaces', 'serviceAccounts'].map((key) => from.at('source', key))).find((value) => value.filled);
    if (!named) continue;
    const pods = mesh.selected(textsOf(policy.spec.at('selector', 'matchLabels')), policy.namespace).filter((pod) => mesh.shareRoot(pod.resource, policy));
    if (pods.length === 0 || !pods.every((pod) => mtlsMode(mesh, policy, pod.namespace, pod.labels) === 'DISABLE')) continue;
    report(policy, { code: 'IH0107', path: named.path, said: ['the pods take no mTLS (PeerAuthentication `DISABLE`): callers have no identity, this never matches', '这些 Pod 不接受 mTLS（PeerAuthentication 为 `DISABLE`）：调用方没有身份，该条件永远不匹配'] });
  }
}
