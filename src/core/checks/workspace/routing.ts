import { matchesHost } from '../rules/values.ts';
import type { Remedy } from '../rules/remedy.ts';
import type { Value } from '../rules/value.ts';
import type { Path } from '../../yaml/path.ts';
import { fullHost, gatewayName, kubernetesHost, matches, textsOf, type Mesh, type MeshComplaint, type MeshHost, type MeshResource, type Report } from './mesh.ts';

/** VirtualServices, DestinationRules and ServiceEntries against each other and the services. */

const NET = 'networking.istio.io';

interface Destination {
  readonly value: Value;
  readonly host: string;
  readonly subset: string | undefined;
  readonly port: number | undefined;
}

/** Every destination of a VirtualService: of routes and mirrors. */
function destinations({ spec }: MeshResource): Destination[] {
  const values = ['http', 'tls', 'tcp'].flatMap((protocol) =>
    spec.list(protocol).flatMap((route) => [
      ...route.list('route').map((entry) => entry.get('destination')),
      ...(route.has('mirror') ? [route.get('mirror')] : []),
      ...route.list('mirrors').map((entry) => entry.get('destination')),
    ]),
  );
  return values.flatMap((value) => {
    const host = value.get('host').text;
    return host === undefined ? [] : [{ value, host, subset: value.get('subset').text, port: value.at('port', 'number').number }];
  });
}

export function destinationHosts(mesh: Mesh, report: Report): void {
  for (const resource of mesh.all(NET, 'VirtualService')) {
    for (const { value, host, port } of destinations(resource)) {
      const path = [...value.path, 'host'];
      const found = mesh.hostsOf(host, resource);
      const ports = [...new Set(found.flatMap((one) => one.ports))];
      if (found.length === 0) {
        report(resource, { code: 'IST0101', path, ...unknownHost(mesh, resource, host) });
      } else if (!value.has('port') && found.every((one) => one.ports.length > 1)) {
        report(resource, { code: 'IST0112', path, said: [`\`${host}\` has the ports ${ports.join(', ')}: say which`, `\`${host}\` 有多个端口（${ports.join('、')}），请指明`], remedies: ports.slice(0, 5).map((number) => ({ how: 'set', path: [...value.path, 'port', 'number'], value: number })) });
      } else if (port !== undefined && found.every((one) => one.ports.length > 0) && !ports.includes(port)) {
        report(resource, { code: 'IST0101', path: [...value.path, 'port', 'number'], said: [`\`${host}\` has no port ${port}: ${ports.join(', ')}`, `\`${host}\` 没有端口 ${port}，只有 ${ports.join('、')}`], remedies: ports.slice(0, 5).map((number) => ({ how: 'replace', with: String(number) })) });
      }
    }
  }
}

/** A host that is not there: a hint, as it may be in the cluster, but for a name that Istio does not complete. */
function unknownHost(mesh: Mesh, resource: MeshResource, host: string): Pick<MeshComplaint, 'severity' | 'said' | 'remedies'> {
  const meant = kubernetesHost(host);
  if (meant !== undefined && mesh.hostsOf(meant, resource).length > 0) {
    return { severity: 'warning', said: [`Istio completes names without a dot only and takes \`${host}\` for a full host name, which is not there: write \`${meant}\``, `Istio 只补全不含点的名称，会把 \`${host}\` 当作完整主机名，而它并不存在：请写 \`${meant}\``], remedies: [{ how: 'replace', with: meant }] };
  }
  return { severity: 'hint', said: [`no Service or ServiceEntry of the workspace has the host \`${host}\``, `工作区中没有主机为 \`${host}\` 的 Service 或 ServiceEntry`], remedies: namesakes(mesh, host) };
}

/** The Services of other namespaces that a short name may have meant. */
function namesakes(mesh: Mesh, host: string): Remedy<MeshResource>[] {
  const name = host.split('.')[0]!;
  const found = new Set(mesh.all('', 'Service').filter((service) => service.name === name).map(({ namespace }) => `${name}.${namespace}.svc.cluster.local`));
  return [...found].slice(0, 3).map((full) => ({ how: 'replace', with: full }));
}

/** Routes of a gateway to a whole host whose subsets a VirtualService of the mesh chooses from: its rules do not hold there. */
export function ingressSubsets(mesh: Mesh, report: Report): void {
  const bySubset = new Map<string, MeshResource[]>();
  for (const resource of mesh.all(NET, 'VirtualService')) {
    const bound = resource.spec.texts('gateways');
    if (bound.length > 0 && !bound.includes('mesh')) continue;
    const own = new Set(resource.spec.texts('hosts').map((host) => fullHost(host, resource.namespace)));
    const chosen = new Set(destinations(resource).flatMap(({ host, subset }) => (subset === undefined ? [] : [fullHost(host, resource.namespace)])));
    for (const host of chosen) if (own.has(host)) bySubset.set(host, [...(bySubset.get(host) ?? []), resource]);
  }
  for (const resource of mesh.all(NET, 'VirtualService')) {
    const gateways = resource.spec.texts('gateways').filter((gateway) => gateway !== 'mesh');
    if (gateways.length === 0) continue;
    for (const { value, host, subset } of destinations(resource)) {
      const [other] = subset === undefined ? mesh.rivals(resource, bySubset.get(fullHost(host, resource.namespace)) ?? []) : [];
      if (!other || gateways.every((gateway) => other.spec.texts('gateways').includes(gateway))) continue;
      const subsets = new Set(destinations(other).flatMap((one) => (one.subset !== undefined && fullHost(one.host, other.namespace) === fullHost(host, resource.namespace) ? [one.subset] : [])));
      const remedies = [...subsets].slice(0, 3).map((name): Remedy<MeshResource> => ({ how: 'set', path: [...value.path, 'subset'], value: name }));
      report(resource, { code: 'IST0140', path: [...value.path, 'host'], said: [`${other.name} chooses subsets of this host for the mesh only: its rules do not hold for ${gateways.join(', ')}`, `${other.name} 只在网格内为该主机选择子集：其规则对 ${gateways.join('、')} 不生效`], remedies });
    }
  }
}

export function subsets(mesh: Mesh, report: Report): void {
  const rules = new Map<string, MeshResource[]>();
  for (const rule of mesh.all(NET, 'DestinationRule')) {
    const host = rule.spec.get('host').text;
    if (host !== undefined) rules.set(fullHost(host, rule.namespace), [...(rules.get(fullHost(host, rule.namespace)) ?? []), rule]);
  }
  for (const resource of mesh.all(NET, 'VirtualService')) {
    for (const { value, host, subset } of destinations(resource)) {
      const found = rules.get(fullHost(host, resource.namespace)) ?? [];
      const names = found.flatMap(({ spec }) => spec.list('subsets')).map((entry) => entry.get('name'));
      if (subset === undefined || subset === '' || names.some((name) => name.unknown || name.text === subset)) continue;
      const near = found.find((rule) => mesh.shareRoot(rule, resource)) ?? found[0];
      const others = names.flatMap(({ text }) => text ?? []).slice(0, 2);
      const remedies: Remedy<MeshResource>[] = [...(near ? [{ how: 'append' as const, path: ['spec', 'subsets'], value: { name: subset, labels: { version: subset } }, in: near }] : []), ...others.map((name) => ({ how: 'replace' as const, with: name }))];
      report(resource, { code: 'IST0101', severity: 'warning', path: [...value.path, 'subset'], said: [`no DestinationRule for \`${host}\` has the subset \`${subset}\``, `没有 DestinationRule 为 \`${host}\` 定义子集 \`${subset}\``], remedies });
    }
  }
}

export function destinationRules(mesh: Mesh, report: Report): void {
  for (const resource of mesh.all(NET, 'DestinationRule')) {
    const host = resource.spec.get('host').text;
    if (host === undefined) continue;
    const found = mesh.hostsOf(host, resource);
    if (found.length === 0 && !host.startsWith('*')) {
      report(resource, { code: 'IST0174', path: ['spec', 'host'], ...unknownHost(mesh, resource, host) });
    }
    if (found.length > 0) subsetPods(mesh, resource, found, report);
    serverChecks(resource, report);
  }
}

function subsetPods(mesh: Mesh, rule: MeshResource, services: readonly MeshHost[], report: Report): void {
  const selectors = services.map(({ resource }) => textsOf(resource.kind === 'Service' ? resource.spec.get('selector') : resource.spec.at('workloadSelector', 'labels')));
  const chosen = services.flatMap(({ namespace }, index) => (mesh.maySelect(selectors[index]!, namespace) ? [{ namespace, selector: selectors[index]! }] : []));
  if (selectors.some((selector) => Object.keys(selector).length === 0) || chosen.length === 0) return;
  for (const subset of rule.spec.list('subsets')) {
    const labels = textsOf(subset.get('labels'));
    // A label that the service asks for too cannot have another value.
    const selects = ({ namespace, selector }: (typeof chosen)[number]) => mesh.maySelect({ ...selector, ...labels }, namespace) && Object.entries(labels).every(([key, value]) => selector[key] === undefined || selector[key] === value);
    if (Object.keys(labels).length === 0 || chosen.some(selects)) continue;
    report(rule, { code: 'IST0173', path: subset.get('labels').path, said: [`no pod of ${services[0]!.resource.name} has these labels: the subset is empty, calls to it get 503`, `${services[0]!.resource.name} 没有带这些标签的 Pod：子集为空，访问它会得到 503`] });
  }
}

/** TLS that checks nobody. */
function serverChecks({ spec, ...resource }: MeshResource, report: Report): void {
  const named = spec.has('workloadSelector');
  const unchecked = (tls: Value): boolean => ['SIMPLE', 'MUTUAL'].includes(tls.get('mode').text ?? '') && !tls.get('caCertificates').filled && !(named && tls.get('credentialName').filled) && tls.get('insecureSkipVerify').flag !== true;
  const said = ['without `caCertificates` older proxies do not check the server; write `caCertificates: system`', '没有 `caCertificates` 时旧版代理不校验服务端，请写 `caCertificates: system`'] as const;
  const policy = spec.get('trafficPolicy');
  if (unchecked(policy.get('tls'))) report({ spec, ...resource }, { code: 'IST0128', path: policy.get('tls').path, said, remedies: [trusting(policy)] });
  for (const entry of policy.list('portLevelSettings')) if (unchecked(entry.get('tls'))) report({ spec, ...resource }, { code: 'IST0129', path: entry.get('tls').path, said, remedies: [trusting(entry)] });
}

/** Has a server checked against the certificates of the system. */
function trusting(policy: Value): Remedy<MeshResource> {
  return { how: 'set', path: [...policy.path, 'tls', 'caCertificates'], value: 'system' };
}

export function meshHosts(mesh: Mesh, report: Report): void {
  interface Bound extends Exported { readonly path: Path; readonly host: string }
  const bound = mesh.all(NET, 'VirtualService').flatMap((resource): Bound[] => {
    const gateways = resource.spec.texts('gateways');
    if (gateways.length > 0 && !gateways.includes('mesh')) return [];
    const exportTo = resource.spec.texts('exportTo');
    return resource.spec.list('hosts').flatMap((host) => (host.text === undefined ? [] : [{ resource, path: host.path, host: fullHost(host.text, resource.namespace), exportTo }]));
  });
  const byHost = new Map<string, Bound[]>();
  for (const one of bound) byHost.set(one.host, [...(byHost.get(one.host) ?? []), one]);
  for (const one of bound) {
    const apart = new Set(mesh.rivals(one.resource, byHost.get(one.host)!.map(({ resource }) => resource)));
    const others = byHost.get(one.host)!.filter((other) => apart.has(other.resource) && overlap(one, other));
    if (others.length === 0) continue;
    const names = others.map(({ resource }) => `${resource.namespace}/${resource.name}`).join(', ');
    report(one.resource, { code: 'IST0109', path: one.path, said: [`${names} has the same host for the mesh: one of them is ignored`, `${names} 在网格内定义了相同的主机：其中一个会被忽略`] });
  }
}

interface Exported {
  readonly resource: MeshResource;
  readonly exportTo: readonly string[];
}

/** Whether some namespace sees both of what is exported. */
function overlap(a: Exported, b: Exported): boolean {
  const scope = ({ exportTo, resource }: Exported) => new Set((exportTo.length === 0 ? ['*'] : exportTo).map((name) => (name === '.' ? resource.namespace : name)));
  const [first, second] = [scope(a), scope(b)];
  return first.has('*') || second.has('*') || [...first].some((name) => second.has(name));
}

export function entryProtocols(mesh: Mesh, report: Report): void {
  const seen = new Map<string, (Exported & { readonly protocol: string; readonly path: Path; readonly written: boolean })[]>();
  for (const resource of mesh.all(NET, 'ServiceEntry')) {
    const ports = resource.spec.list('ports');
    for (const host of resource.spec.texts('hosts')) {
      for (const port of ports) {
        const key = `${host} ${port.get('number').number}`;
        const entry = { resource, protocol: (port.get('protocol').text ?? 'TCP').toUpperCase(), path: port.has('protocol') ? port.get('protocol').path : port.path, written: port.has('protocol'), exportTo: resource.spec.texts('exportTo') };
        seen.set(key, [...(seen.get(key) ?? []), entry]);
      }
    }
  }
  for (const [key, entries] of seen) {
    for (const one of entries) {
      const other = entries.find((candidate) => candidate.resource !== one.resource && candidate.protocol !== one.protocol && mesh.rivals(one.resource, [candidate.resource]).length > 0);
      if (other) report(one.resource, { code: 'IST0177', path: one.path, said: [`${other.resource.namespace}/${other.resource.name} gives ${key} the protocol ${other.protocol}`, `${other.resource.namespace}/${other.resource.name} 为 ${key} 声明了协议 ${other.protocol}`], remedies: one.written ? [{ how: 'replace', with: other.protocol }] : [] });
    }
  }
}

export function virtualServiceGateways(mesh: Mesh, report: Report): void {
  for (const resource of mesh.all(NET, 'VirtualService')) {
    for (const gateway of resource.spec.list('gateways')) {
      const { text } = gateway;
      if (text === undefined || text === 'mesh') continue;
      const [namespace, name] = gatewayName(text, resource.namespace);
      const found = mesh.find(resource, NET, 'Gateway', namespace, name);
      const api = mesh.all('gateway.networking.k8s.io', 'Gateway').some((candidate) => candidate.namespace === namespace && name.startsWith(`${candidate.name}-istio-autogenerated-k8s-gateway-`));
      if (api || /-istio-autogenerated-k8s-gateway/.test(name)) report(resource, { code: 'IST0165', path: gateway.path, said: ['is a Gateway that Istio makes for itself: attach an HTTPRoute instead', '是 Istio 自动生成的内部 Gateway，请改用 HTTPRoute'] });
      if (found.length === 0 && !api) report(resource, { code: 'IST0101', severity: 'warning', path: gateway.path, said: [`there is no Gateway \`${namespace}/${name}\``, `没有 Gateway \`${namespace}/${name}\``], remedies: likeGateways(mesh, resource, name) });
      if (!api && !found.some((one) => servesHosts(resource, one))) unserved(resource, gateway, `${namespace}/${name}`, found[0], report);
    }
  }
}

/** Whether a Gateway serves one of the hosts of a VirtualService. */
function servesHosts(resource: MeshResource, gateway: MeshResource): boolean {
  const servers = gateway.spec.list('servers').flatMap((server) => server.list('hosts'));
  const served = servers.flatMap(({ text }) => {
    if (text === undefined) return [];
    const [namespace, name] = text.includes('/') ? (text.split('/') as [string, string]) : ['*', text];
    return namespace === '*' || (namespace === '.' ? gateway.namespace === resource.namespace : namespace === resource.namespace) ? [name] : [];
  });
  const hosts = resource.spec.list('hosts');
  return hosts.length === 0 || [...hosts, ...servers].some(({ unknown }) => unknown) || hosts.some(({ text }) => text !== undefined && served.some((host) => matchesHost(host, text) || matchesHost(text, host)));
}

/** Gateways of that name in other namespaces. */
function likeGateways(mesh: Mesh, resource: MeshResource, name: string): Remedy<MeshResource>[] {
  const found = new Set(mesh.all(NET, 'Gateway').filter((gateway) => gateway.name === name).map(({ namespace }) => (namespace === resource.namespace ? name : `${namespace}/${name}`)));
  return [...found].slice(0, 3).map((full) => ({ how: 'replace', with: full }));
}

/** A gateway that serves none of the hosts: the routes do nothing there. Of one that is not here only Istio says so. */
function unserved(resource: MeshResource, mention: Value, name: string, gateway: MeshResource | undefined, report: Report): void {
  const hosts = resource.spec.texts('hosts');
  if (hosts.length === 0) return;
  const list = hosts.map((host) => `\`${host}\``).join(', ');
  const server = gateway?.spec.list('servers')[0];
  const remedies: Remedy<MeshResource>[] = gateway && server ? [{ how: 'append', path: [...server.path, 'hosts'], value: hosts[0]!, in: gateway }] : [];
  report(resource, { code: 'IST0132', path: mention.path, said: [`the Gateway ${name} does not serve ${list}`, `Gateway ${name} 不提供 ${list}`], remedies, ...(gateway ? {} : { severity: 'hint' }) });
}

/** Routes by claims need somebody who checks the token. */
export function claimRoutes(mesh: Mesh, report: Report): void {
  for (const resource of mesh.all(NET, 'VirtualService')) {
    const match = resource.spec.list('http').flatMap((route) => route.list('match')).flatMap((entry) => ['headers', 'withoutHeaders'].flatMap((key) => entry.get(key).entries)).find(([name]) => /^@request\.auth\.claims(?:\.|\[)/.test(name));
    if (!match) continue;
    for (const gateway of resource.spec.texts('gateways')) {
      const pods = mesh.find(resource, NET, 'Gateway', ...gatewayName(gateway, resource.namespace)).flatMap((found) => mesh.selected(textsOf(found.spec.get('selector')), undefined));
      const checked = (pod: { labels: Readonly<Record<string, string>>; namespace: string }) =>
        mesh.all('security.istio.io', 'RequestAuthentication').some((policy) => (policy.namespace === pod.namespace || mesh.rootNamespaces(resource).includes(policy.namespace)) && matches(textsOf(policy.spec.at('selector', 'matchLabels')), pod.labels));
      if (pods.some((pod) => !checked(pod))) report(resource, { code: 'IST0149', path: match[1].path, said: [`no RequestAuthentication checks tokens at the gateway \`${gateway}\``, `没有 RequestAuthentication 在网关 \`${gateway}\` 上校验令牌`] });
    }
  }
}
