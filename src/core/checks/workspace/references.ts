import { matchesHost } from '../rules/values.ts';
import type { Value } from '../rules/value.ts';
import { fullHost, type Mesh, type MeshResource, type Report } from './mesh.ts';

/** Routes of the Gateway API, Sidecars and exports against what they name. */

const API = 'gateway.networking.k8s.io';
const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'];

function routesOf(mesh: Mesh): MeshResource[] {
  return ROUTES.flatMap((kind) => mesh.all(API, kind));
}

/** Gateways that routes attach to, and the listeners that they name. */
export function routeParents(mesh: Mesh, report: Report): void {
  for (const route of routesOf(mesh)) {
    for (const parent of route.spec.list('parentRefs')) {
      if ((parent.get('group').text ?? API) !== API || (parent.get('kind').text ?? 'Gateway') !== 'Gateway' || parent.get('group').unknown) continue;
      const { text: name } = parent.get('name');
      if (name === undefined || parent.get('namespace').unknown) continue;
      const namespace = parent.get('namespace').text ?? route.namespace;
      const found = mesh.find(route, API, 'Gateway', namespace, name);
      if (found.length === 0) {
        report(route, { code: 'IST0101', severity: 'warning', path: parent.get('name').path, said: [`there is no Gateway \`${namespace}/${name}\``, `没有 Gateway \`${namespace}/${name}\``] });
      } else attach(route, parent, found, mesh, report);
    }
  }
}

/** Whether a listener of a Gateway takes a route, and which ones do not, and why. */
function attach(route: MeshResource, parent: Value, gateways: readonly MeshResource[], mesh: Mesh, report: Report): void {
  const section = parent.get('sectionName');
  const listeners = gateways.flatMap(({ spec }) => spec.list('listeners'));
  const extended = mesh.all(API, 'ListenerSet').length > 0;
  if (section.text !== undefined && !extended && listeners.every((listener) => listener.get('name').text !== undefined && listener.get('name').text !== section.text)) {
    const names = listeners.flatMap((listener) => listener.get('name').text ?? []);
    report(route, { code: 'IST0101', severity: 'warning', path: section.path, said: [`the Gateway has no listener \`${section.text}\`: ${names.join(', ')}`, `该 Gateway 没有监听器 \`${section.text}\`，只有 ${names.join('、')}`], remedies: names.slice(0, 3).map((name) => ({ how: 'replace', with: name })) });
    return;
  }
  const meant = gateways.flatMap((gateway) => gateway.spec.list('listeners').filter((listener) => section.text === undefined || listener.get('name').text === section.text).map((listener) => ({ gateway, listener })));
  if (meant.length === 0) return;
  if (meant.every(({ gateway, listener }) => isShut(route, gateway, listener, mesh))) {
    report(route, { code: 'IH0108', path: parent.get('name').path, said: [`no listener takes routes of the namespace \`${route.namespace}\`: see \`allowedRoutes\``, `没有监听器接受命名空间 \`${route.namespace}\` 的路由，请检查 \`allowedRoutes\``] });
  } else if (meant.every(({ listener }) => isStranger(route, listener))) {
    report(route, { code: 'IH0108', path: ['spec', 'hostnames'], said: ['no listener has one of these host names', '没有监听器匹配这些主机名'] });
  }
}

/** Whether a listener leaves out the namespace of a route. */
function isShut(route: MeshResource, gateway: MeshResource, listener: Value, mesh: Mesh): boolean {
  const from = listener.at('allowedRoutes', 'namespaces', 'from');
  if (from.unknown) return false;
  if ((from.text ?? 'Same') === 'Same') return route.namespace !== gateway.namespace;
  if (from.text !== 'Selector') return from.text === 'None';
  const selector = listener.at('allowedRoutes', 'namespaces', 'selector');
  const wanted = selector.get('matchLabels').entries;
  const variants = mesh.namespaces(route, route.namespace);
  // Kubernetes labels every namespace with its name.
  const has = ({ labels, name }: MeshResource, key: string, value: Value) => value.text === undefined || (key === 'kubernetes.io/metadata.name' ? name : labels[key]) === value.text;
  return variants.length > 0 && variants.every((namespace) => wanted.some(([key, value]) => !has(namespace, key, value)));
}

/** Whether a listener has none of the host names of a route. */
function isStranger(route: MeshResource, listener: Value): boolean {
  const hosts = route.spec.list('hostnames');
  const { text: served } = listener.get('hostname');
  if (hosts.length === 0 || served === undefined || served === '') return false;
  return hosts.every(({ text }) => text !== undefined && !matchesHost(served, text) && !matchesHost(text, served));
}

/** Every backend of a route: of rules, and of mirrors. */
function backendsOf({ spec }: MeshResource): Value[] {
  return spec.list('rules').flatMap((rule) => [
    ...rule.list('backendRefs'),
    ...[...rule.list('filters'), ...rule.list('backendRefs').flatMap((backend) => backend.list('filters'))].flatMap((filter) => (filter.has('requestMirror') ? [filter.at('requestMirror', 'backendRef')] : [])),
  ]);
}

/** Services that routes lead to, and their ports; across namespaces somebody has to allow it. */
export function routeBackends(mesh: Mesh, report: Report): void {
  for (const route of routesOf(mesh)) {
    for (const backend of backendsOf(route)) {
      const { text: name } = backend.get('name');
      if ((backend.get('group').text ?? '') !== '' || (backend.get('kind').text ?? 'Service') !== 'Service' || name === undefined || backend.get('namespace').unknown) continue;
      const namespace = backend.get('namespace').text ?? route.namespace;
      const found = mesh.find(route, '', 'Service', namespace, name);
      const ports = found.map(({ spec }) => spec.list('ports').map((port) => port.get('port').number));
      const port = backend.get('port');
      if (found.length === 0) {
        report(route, { code: 'IST0101', severity: 'hint', path: backend.get('name').path, said: [`no Service \`${namespace}/${name}\` in the workspace`, `工作区中没有 Service \`${namespace}/${name}\``] });
      } else if (port.number !== undefined && ports.every((numbers) => numbers.length > 0 && !numbers.includes(undefined) && !numbers.includes(port.number))) {
        const known = [...new Set(ports.flat())];
        report(route, { code: 'IST0101', severity: 'warning', path: port.path, said: [`\`${name}\` has no port ${port.number}: ${known.join(', ')}`, `\`${name}\` 没有端口 ${port.number}，只有 ${known.join('、')}`], remedies: known.slice(0, 3).map((number) => ({ how: 'replace', with: String(number) })) });
      }
      // Routes of the mesh need no grant: callers could call the Service anyway.
      const parents = route.spec.list('parentRefs');
      const inMesh = parents.length > 0 && parents.every((parent) => parent.get('kind').text === 'Service');
      if (found.length > 0 && !inMesh && namespace !== route.namespace && !isGranted(mesh, route, namespace, name)) {
        report(route, { code: 'IH0109', path: backend.get('namespace').path, said: [`no ReferenceGrant in \`${namespace}\` lets a ${route.kind} of \`${route.namespace}\` lead to it: calls get 500`, `\`${namespace}\` 中没有 ReferenceGrant 允许 \`${route.namespace}\` 的 ${route.kind} 引用：调用会得到 500`] });
      }
    }
  }
}

function isGranted(mesh: Mesh, route: MeshResource, namespace: string, name: string): boolean {
  const fits = (value: Value, wanted: string) => value.unknown || value.text === wanted;
  return mesh.all(API, 'ReferenceGrant').some((grant) => grant.namespace === namespace
    && grant.spec.list('from').some((from) => fits(from.get('kind'), route.kind) && fits(from.get('namespace'), route.namespace))
    && grant.spec.list('to').some((to) => fits(to.get('kind'), 'Service') && (!to.has('name') || fits(to.get('name'), name))));
}

/** Hosts that a Sidecar lets out to, one by one. */
export function egressHosts(mesh: Mesh, report: Report): void {
  for (const sidecar of mesh.all('networking.istio.io', 'Sidecar')) {
    for (const host of sidecar.spec.list('egress').flatMap((egress) => egress.list('hosts'))) {
      const [scope = '', name = '', ...rest] = (host.text ?? '').split('/');
      if (rest.length > 0 || name === '' || name.includes('*') || scope === '~') continue;
      const namespace = scope === '.' ? sidecar.namespace : scope;
      const there = mesh.hosts.some((known) => matchesHost(known.host, fullHost(name, sidecar.namespace)) && (namespace === '*' || known.namespace === namespace));
      if (!there) report(sidecar, { code: 'IST0101', severity: 'hint', path: host.path, said: [`no Service or ServiceEntry of the workspace has the host \`${name}\``, `工作区中没有主机为 \`${name}\` 的 Service 或 ServiceEntry`] });
    }
  }
}

/** Namespaces that something is exported to. */
export function exportedTo(mesh: Mesh, report: Report): void {
  const known = new Set(mesh.all('', 'Namespace').map(({ name }) => name));
  if (known.size === 0) return;
  for (const resource of ['VirtualService', 'DestinationRule', 'ServiceEntry'].flatMap((kind) => mesh.all('networking.istio.io', kind))) {
    for (const { text, path } of resource.spec.list('exportTo')) {
      if (text === undefined || ['.', '*', '~'].includes(text) || known.has(text)) continue;
      report(resource, { code: 'IST0101', severity: 'hint', path, said: [`there is no namespace \`${text}\` in the workspace`, `工作区中没有命名空间 \`${text}\``] });
    }
  }
}
