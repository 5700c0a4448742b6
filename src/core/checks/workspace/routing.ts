import { matchesHost } from '../rules/values.ts';
import type { Value } from '../rules/value.ts';
import type { Path } from '../../yaml/path.ts';
import { fullHost, matches, textsOf, type Mesh, type MeshHost, type MeshResource, type Report } from './mesh.ts';

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
  const plain = plainAtGateways(mesh);
  for (const resource of mesh.all(NET, 'VirtualService')) {
    for (const { value, host, port } of destinations(resource)) {
      const path = [...value.path, 'host'];
      const found = mesh.findHost(host, resource.namespace);
      if (!found) {
        report(resource, { code: 'IST0101', severity: 'hint', path, said: [`no Service or ServiceEntry of the workspace has the host \`${host}\``, `工作区中没有主机为 \`${host}\` 的 Service 或 ServiceEntry`] });
        continue;
      }
      if (port === undefined && found.ports.length > 1) {
        report(resource, { code: 'IST0112', path, said: [`\`${host}\` has the ports ${found.ports.join(', ')}: say which`, `\`${host}\` 有多个端口（${found.ports.join('、')}），请指明`] });
      } else if (port !== undefined && found.ports.length > 0 && !found.ports.includes(port)) {
        report(resource, { code: 'IST0101', path: [...value.path, 'port', 'number'], said: [`\`${host}\` has no port ${port}: ${found.ports.join(', ')}`, `\`${host}\` 没有端口 ${port}，只有 ${found.ports.join('、')}`] });
      }
    }
    ingressSubsets(plain, resource, report);
  }
}

/** VirtualServices of gateways by the hosts that they route to without a subset. */
function plainAtGateways(mesh: Mesh): ReadonlyMap<string, readonly MeshResource[]> {
  const found = new Map<string, MeshResource[]>();
  for (const resource of mesh.all(NET, 'VirtualService')) {
    if (!resource.spec.texts('gateways').some((gateway) => gateway !== 'mesh')) continue;
    for (const { host, subset } of destinations(resource)) {
      const full = fullHost(host, resource.namespace);
      if (subset === undefined) found.set(full, [...(found.get(full) ?? []), resource]);
    }
  }
  return found;
}

/** Subset rules for the mesh do not hold for what comes in through a gateway. */
function ingressSubsets(plain: ReadonlyMap<string, readonly MeshResource[]>, resource: MeshResource, report: Report): void {
  const bound = resource.spec.texts('gateways');
  if (bound.length > 0 && !bound.includes('mesh')) return;
  if (!destinations(resource).some(({ subset }) => subset !== undefined)) return;
  const other = resource.spec.texts('hosts').flatMap((host) => plain.get(fullHost(host, resource.namespace)) ?? []).find((candidate) => candidate !== resource);
  if (!other) return;
  const gateways = other.spec.texts('gateways').filter((gateway) => gateway !== 'mesh').join(', ');
  report(resource, { code: 'IST0140', path: ['metadata', 'name'], said: [`the subsets here do not hold for ${gateways}: ${other.name} routes to the same host without them`, `此处的子集规则对 ${gateways} 不生效：${other.name} 不带子集路由到同一主机`] });
}

export function subsets(mesh: Mesh, report: Report): void {
  const defined = new Set(
    mesh.all(NET, 'DestinationRule').flatMap(({ spec, namespace }) => {
      const host = spec.get('host').text;
      return host === undefined ? [] : spec.list('subsets').flatMap((subset) => (subset.get('name').text === undefined ? [] : [`${fullHost(host, namespace)} ${subset.get('name').text}`]));
    }),
  );
  for (const resource of mesh.all(NET, 'VirtualService')) {
    for (const { value, host, subset } of destinations(resource)) {
      if (subset === undefined || subset === '' || defined.has(`${fullHost(host, resource.namespace)} ${subset}`)) continue;
      report(resource, { code: 'IST0101', severity: 'warning', path: [...value.path, 'subset'], said: [`no DestinationRule for \`${host}\` has the subset \`${subset}\``, `没有 DestinationRule 为 \`${host}\` 定义子集 \`${subset}\``] });
    }
  }
}

export function destinationRules(mesh: Mesh, report: Report): void {
  for (const resource of mesh.all(NET, 'DestinationRule')) {
    const host = resource.spec.get('host').text;
    if (host === undefined) continue;
    const found = mesh.findHost(host, resource.namespace);
    if (!found && !host.startsWith('*')) {
      report(resource, { code: 'IST0174', severity: 'hint', path: ['spec', 'host'], said: [`no Service or ServiceEntry of the workspace has the host \`${host}\``, `工作区中没有主机为 \`${host}\` 的 Service 或 ServiceEntry`] });
    }
    if (found) subsetPods(mesh, resource, found, report);
    serverChecks(resource, report);
  }
}

function subsetPods(mesh: Mesh, rule: MeshResource, { resource: service }: MeshHost, report: Report): void {
  const own = textsOf(service.kind === 'Service' ? service.spec.get('selector') : service.spec.at('workloadSelector', 'labels'));
  if (Object.keys(own).length === 0) return;
  const pods = mesh.selected(own, service.namespace);
  if (pods.length === 0) return;
  for (const [index, subset] of rule.spec.list('subsets').entries()) {
    const labels = textsOf(subset.get('labels'));
    if (Object.keys(labels).length === 0 || pods.some((pod) => matches(labels, pod.labels))) continue;
    const path = ['spec', 'subsets', index, 'labels'];
    report(rule, { code: 'IST0173', path, said: [`no pod of ${service.name} has these labels: the subset is empty, calls to it get 503`, `${service.name} 没有带这些标签的 Pod：子集为空，访问它会得到 503`] });
  }
}

/** TLS that checks nobody. */
function serverChecks({ spec, ...resource }: MeshResource, report: Report): void {
  const named = spec.has('workloadSelector');
  const unchecked = (tls: Value): boolean => ['SIMPLE', 'MUTUAL'].includes(tls.get('mode').text ?? '') && !tls.get('caCertificates').filled && !(named && tls.get('credentialName').filled) && tls.get('insecureSkipVerify').flag !== true;
  const said = ['without `caCertificates` older proxies do not check the server; write `caCertificates: system`', '没有 `caCertificates` 时旧版代理不校验服务端，请写 `caCertificates: system`'] as const;
  const policy = spec.get('trafficPolicy');
  if (unchecked(policy.get('tls'))) report({ spec, ...resource }, { code: 'IST0128', path: policy.get('tls').path, said });
  for (const entry of policy.list('portLevelSettings')) if (unchecked(entry.get('tls'))) report({ spec, ...resource }, { code: 'IST0129', path: entry.get('tls').path, said });
}

export function meshHosts(mesh: Mesh, report: Report): void {
  interface Bound { readonly resource: MeshResource; readonly path: Path; readonly host: string; readonly exportTo: readonly string[] }
  const bound = mesh.all(NET, 'VirtualService').flatMap((resource): Bound[] => {
    const gateways = resource.spec.texts('gateways');
    if (gateways.length > 0 && !gateways.includes('mesh')) return [];
    const exportTo = resource.spec.texts('exportTo');
    return resource.spec.list('hosts').flatMap((host) => (host.text === undefined ? [] : [{ resource, path: host.path, host: fullHost(host.text, resource.namespace), exportTo }]));
  });
  const byHost = new Map<string, Bound[]>();
  for (const one of bound) byHost.set(one.host, [...(byHost.get(one.host) ?? []), one]);
  for (const one of bound) {
    const others = byHost.get(one.host)!.filter((other) => other.resource !== one.resource && !sameIdentity(other.resource, one.resource) && overlap(one, other));
    if (others.length === 0) continue;
    const names = others.map(({ resource }) => `${resource.namespace}/${resource.name}`).join(', ');
    report(one.resource, { code: 'IST0109', path: one.path, said: [`${names} has the same host for the mesh: one of them is ignored`, `${names} 在网格内定义了相同的主机：其中一个会被忽略`] });
  }
  function overlap(a: Bound, b: Bound): boolean {
    const scope = ({ exportTo, resource }: Bound) => new Set((exportTo.length === 0 ? ['*'] : exportTo).map((name) => (name === '.' ? resource.namespace : name)));
    const [first, second] = [scope(a), scope(b)];
    return first.has('*') || second.has('*') || [...first].some((name) => second.has(name));
  }
}

/** Two documents of one kind, namespace and name are variants of one resource. */
function sameIdentity(a: MeshResource, b: MeshResource): boolean {
  return a.kind === b.kind && a.name === b.name && a.namespace === b.namespace && a.name !== '';
}

export function entryProtocols(mesh: Mesh, report: Report): void {
  const seen = new Map<string, { resource: MeshResource; protocol: string; path: Path; exportTo: readonly string[] }[]>();
  for (const resource of mesh.all(NET, 'ServiceEntry')) {
    const ports = resource.spec.list('ports');
    for (const host of resource.spec.texts('hosts')) {
      for (const port of ports) {
        const key = `${host} ${port.get('number').number}`;
        const entry = { resource, protocol: (port.get('protocol').text ?? 'TCP').toUpperCase(), path: port.has('protocol') ? port.get('protocol').path : port.path, exportTo: resource.spec.texts('exportTo') };
        seen.set(key, [...(seen.get(key) ?? []), entry]);
      }
    }
  }
  for (const [key, entries] of seen) {
    for (const one of entries) {
      const other = entries.find((candidate) => candidate.resource !== one.resource && candidate.protocol !== one.protocol && !sameIdentity(candidate.resource, one.resource));
      if (other) report(one.resource, { code: 'IST0177', path: one.path, said: [`${other.resource.namespace}/${other.resource.name} gives ${key} the protocol ${other.protocol}`, `${other.resource.namespace}/${other.resource.name} 为 ${key} 声明了协议 ${other.protocol}`] });
    }
  }
}

export function virtualServiceGateways(mesh: Mesh, report: Report): void {
  for (const resource of mesh.all(NET, 'VirtualService')) {
    for (const gateway of resource.spec.list('gateways')) {
      const { text } = gateway;
      if (text === undefined || text === 'mesh') continue;
      const [namespace, name] = text.includes('/') ? (text.split('/') as [string, string]) : [resource.namespace, text];
      const found = mesh.find(NET, 'Gateway', namespace, name);
      const api = mesh.all('gateway.networking.k8s.io', 'Gateway').some((candidate) => candidate.namespace === namespace && name.startsWith(`${candidate.name}-istio-autogenerated-k8s-gateway-`));
      if (api || /-istio-autogenerated-k8s-gateway/.test(name)) report(resource, { code: 'IST0165', path: gateway.path, said: ['is a Gateway that Istio makes for itself: attach an HTTPRoute instead', '是 Istio 自动生成的内部 Gateway，请改用 HTTPRoute'] });
      if (!found && !api) report(resource, { code: 'IST0101', severity: 'warning', path: gateway.path, said: [`there is no Gateway \`${namespace}/${name}\``, `没有 Gateway \`${namespace}/${name}\``] });
      if (found) gatewayHosts(resource, gateway, found, report);
    }
  }
}

/** A gateway that serves none of the hosts: the routes do nothing there. */
function gatewayHosts(resource: MeshResource, mention: Value, gateway: MeshResource, report: Report): void {
  const served = gateway.spec.list('servers').flatMap((server) => server.texts('hosts')).flatMap((host) => {
    const [namespace, name] = host.includes('/') ? (host.split('/') as [string, string]) : ['*', host];
    return namespace === '*' || (namespace === '.' ? gateway.namespace === resource.namespace : namespace === resource.namespace) ? [name] : [];
  });
  const names = `${gateway.namespace}/${gateway.name}`;
  const hosts = resource.spec.texts('hosts');
  if (hosts.length === 0 || hosts.some((text) => served.some((host) => matchesHost(host, text) || matchesHost(text, host)))) return;
  const list = hosts.map((host) => `\`${host}\``).join(', ');
  report(resource, { code: 'IST0132', path: mention.path, said: [`the Gateway ${names} does not serve ${list}`, `Gateway ${names} 不提供 ${list}`] });
}

/** Routes by claims need somebody who checks the token. */
export function claimRoutes(mesh: Mesh, report: Report): void {
  for (const resource of mesh.all(NET, 'VirtualService')) {
    const match = resource.spec.list('http').flatMap((route) => route.list('match')).flatMap((entry) => ['headers', 'withoutHeaders'].flatMap((key) => entry.get(key).entries)).find(([name]) => /^@request\.auth\.claims(?:\.|\[)/.test(name));
    if (!match) continue;
    for (const gateway of resource.spec.texts('gateways')) {
      const [namespace, name] = gateway.includes('/') ? (gateway.split('/') as [string, string]) : [resource.namespace, gateway];
      const found = mesh.find(NET, 'Gateway', namespace, name);
      if (!found) continue;
      const pods = mesh.selected(textsOf(found.spec.get('selector')), undefined);
      const checked = (pod: { labels: Readonly<Record<string, string>>; namespace: string }) =>
        mesh.all('security.istio.io', 'RequestAuthentication').some((policy) => (policy.namespace === pod.namespace || policy.namespace === mesh.rootNamespace) && matches(textsOf(policy.spec.at('selector', 'matchLabels')), pod.labels));
      if (pods.some((pod) => !checked(pod))) report(resource, { code: 'IST0149', path: match[1].path, said: [`no RequestAuthentication checks tokens at the gateway \`${gateway}\``, `没有 RequestAuthentication 在网关 \`${gateway}\` 上校验令牌`] });
    }
  }
}
