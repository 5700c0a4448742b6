import { matches, textsOf, type Mesh, type MeshResource, type Report } from './mesh.ts';
import type { CodeName } from '../codes.ts';
import type { Remedy } from '../rules/remedy.ts';
import type { Value } from '../rules/value.ts';
import type { Path } from '../../yaml/path.ts';

/** Sidecars, Telemetry, EnvoyFilters and policies against the workloads and each other. */

const NET = 'networking.istio.io';

function place({ namespace, name }: MeshResource): string {
  return `${namespace}/${name}`;
}

/** Resources of which a namespace or a workload has one: without a selector, and by their selectors. */
function oneEach(mesh: Mesh, report: Report, all: readonly MeshResource[], selectorPath: readonly string[], codes: { readonly bare: CodeName; readonly same: CodeName }): void {
  const selectorOf = (resource: MeshResource) => textsOf(resource.root.at(...selectorPath));
  const bare = all.filter((resource) => Object.keys(selectorOf(resource)).length === 0);
  for (const one of bare) {
    const others = mesh.rivals(one, bare.filter(({ namespace }) => namespace === one.namespace));
    if (others.length > 0) report(one, { code: codes.bare, path: ['metadata', 'name'], said: [`${others.map(place).join(', ')} has no selector either: which one holds is open`, `${others.map(place).join('、')} 也没有选择器：哪一个生效是不确定的`] });
  }
  const selecting = all.filter((resource) => Object.keys(selectorOf(resource)).length > 0);
  for (const one of selecting) {
    const own = mesh.selected(selectorOf(one), one.namespace);
    if (mesh.hasPods && !mesh.maySelect(selectorOf(one), one.namespace)) {
      report(one, { code: 'IST0101', severity: 'warning', path: selectorPath, said: ['no pod of the namespace has these labels', '命名空间中没有带这些标签的 Pod'] });
    }
    const others = mesh.rivals(one, selecting.filter((other) => other.namespace === one.namespace && own.some((pod) => matches(selectorOf(other), pod.labels))));
    if (others.length > 0) report(one, { code: codes.same, path: selectorPath, said: [`${others.map(place).join(', ')} selects the same pods: which one holds is open`, `${others.map(place).join('、')} 选中了相同的 Pod：哪一个生效是不确定的`] });
  }
}

export function sidecars(mesh: Mesh, report: Report): void {
  const all = mesh.all(NET, 'Sidecar');
  oneEach(mesh, report, all, ['spec', 'workloadSelector', 'labels'], { bare: 'IST0111', same: 'IST0110' });
  for (const sidecar of all) {
    const selector = textsOf(sidecar.spec.at('workloadSelector', 'labels'));
    const pods = Object.keys(selector).length === 0 ? [] : mesh.selected(selector, sidecar.namespace);
    const inAmbient = pods.some((pod) => pod.annotations['ambient.istio.io/redirection'] === 'enabled' || pod.labels['istio.io/dataplane-mode'] === 'ambient');
    if (mesh.ambient(sidecar, sidecar.namespace) || inAmbient) report(sidecar, { code: 'IST0167', path: ['metadata', 'name'], said: ['a Sidecar has no effect in ambient mode', 'Sidecar 资源在 Ambient 模式下不起作用'] });
  }
}

export function telemetries(mesh: Mesh, report: Report): void {
  const all = mesh.all('telemetry.istio.io', 'Telemetry').filter(({ spec }) => !spec.get('targetRefs').filled && !spec.get('targetRef').filled);
  oneEach(mesh, report, all, ['spec', 'selector', 'matchLabels'], { bare: 'IST0160', same: 'IST0159' });
}

/** In the root namespace a PeerAuthentication is for the whole mesh, or for nothing. */
export function rootPeerAuthentications(mesh: Mesh, report: Report): void {
  for (const policy of mesh.all('security.istio.io', 'PeerAuthentication')) {
    const selector = policy.spec.at('selector', 'matchLabels');
    if (!selector.filled || !mesh.rootNamespaces(policy).includes(policy.namespace)) continue;
    report(policy, { code: 'IH0110', path: ['spec', 'selector'], said: ['in the root namespace a PeerAuthentication with a selector is ignored: write it in the namespace of the workload', '根命名空间中带选择器的 PeerAuthentication 会被忽略：请写在工作负载所在的命名空间'] });
  }
}

/** Selectors that take in pods of a Kubernetes Gateway: what names it is `targetRefs`, and a waypoint heeds nothing else. */
export function gatewayPolicies(mesh: Mesh, report: Report): void {
  for (const [group, kind] of [['security.istio.io', 'AuthorizationPolicy'], ['security.istio.io', 'RequestAuthentication'], ['telemetry.istio.io', 'Telemetry'], ['extensions.istio.io', 'WasmPlugin']] as const) {
    for (const policy of mesh.all(group, kind)) {
      const selector = textsOf(policy.spec.at('selector', 'matchLabels'));
      if (Object.keys(selector).length === 0) continue;
      const pod = mesh.selected(selector, policy.namespace).find(({ labels }) => labels['gateway.networking.k8s.io/gateway-name'] !== undefined || labels['istio.io/gateway-name'] !== undefined);
      const gateway = pod?.labels['gateway.networking.k8s.io/gateway-name'] ?? pod?.labels['istio.io/gateway-name'];
      if (gateway !== undefined) report(policy, { code: 'IST0166', path: ['spec', 'selector'], said: [`selects pods of the Gateway ${gateway}: name it in \`targetRefs\`; a waypoint ignores selectors`, `选中了 Gateway ${gateway} 的 Pod：请用 \`targetRefs\` 指明它；waypoint 会忽略选择器`], remedies: [{ how: 'swap', to: 'targetRefs', value: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gateway }] }] });
    }
  }
}

export function authorizationPolicies(mesh: Mesh, report: Report): void {
  const known = mesh.all('', 'Namespace').map(({ name }) => name);
  for (const policy of mesh.all('security.istio.io', 'AuthorizationPolicy')) {
    policyWorkloads(mesh, policy, report);
    if (known.length === 0) continue;
    for (const [path, name] of namespacesOf(policy)) {
      if (!known.some((namespace) => matchesName(name, namespace))) report(policy, { code: 'IST0101', severity: 'warning', path, said: [`there is no namespace \`${name}\``, `没有命名空间 \`${name}\``] });
    }
  }
}

/** A policy that nobody is under: no pod has its labels, or its namespace has no pods. */
function policyWorkloads(mesh: Mesh, policy: MeshResource, report: Report): void {
  if (!mesh.hasPods || policy.spec.has('targetRefs') || policy.spec.has('targetRef')) return;
  const wide = mesh.rootNamespaces(policy).includes(policy.namespace);
  const selector = textsOf(policy.spec.at('selector', 'matchLabels'));
  if (Object.keys(selector).length > 0) {
    if (!mesh.maySelect(selector, wide ? undefined : policy.namespace)) report(policy, { code: 'IST0127', path: ['spec', 'selector', 'matchLabels'], said: ['no workload has these labels: the policy holds for nothing', '没有带这些标签的工作负载：该策略对任何工作负载都不生效'] });
  } else if (!wide && mesh.namespaces(policy, policy.namespace).length > 0 && !mesh.maySelect({}, policy.namespace)) {
    report(policy, { code: 'IST0127', path: ['metadata', 'name'], said: [`the namespace \`${policy.namespace}\` has no workload`, `命名空间 \`${policy.namespace}\` 中没有工作负载`] });
  }
}

/** A name as policies compare it: `*` in front or behind stands for anything. */
function matchesName(pattern: string, name: string): boolean {
  if (pattern.startsWith('*')) return name.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name.toLowerCase() === pattern.toLowerCase();
}

function namespacesOf({ spec }: MeshResource): [Path, string][] {
  return spec.list('rules').flatMap((rule) => rule.list('from')).flatMap((from) =>
    ['namespaces', 'notNamespaces'].flatMap((key) => from.at('source', key).items.flatMap((item): [Path, string][] => (item.text === undefined ? [] : [[item.path, item.text]]))),
  );
}

const UNORDERED = ['ROUTE_CONFIGURATION', 'HTTP_ROUTE'];

/** The filter that a patch is about: by its value, else by what it matches. */
function filterOf(patch: Value): string {
  const value = patch.at('patch', 'value');
  if (!value.filled) return '';
  return value.get('name').text ?? patch.at('match', 'listener', 'filterChain', 'filter', 'name').text ?? '';
}

/** Patches that depend on what stands there, and operations that do nothing. */
export function envoyPatches(mesh: Mesh, report: Report): void {
  /** The filters that patches for one version of the proxy were about so far. */
  const versioned = new Set<string>();
  const filters = [...mesh.all(NET, 'EnvoyFilter')].sort((a, b) => (place(a) < place(b) ? -1 : 1));
  for (const filter of filters) {
    const ordered = filter.spec.get('priority').unknown || (filter.spec.get('priority').number ?? 0) !== 0;
    for (const patch of filter.spec.list('configPatches')) {
      if (!patch.has('patch')) break;
      const operation = patch.at('patch', 'operation');
      const applyTo = patch.get('applyTo').text ?? '';
      const { path, text = '' } = operation;
      if (['ADD', 'REMOVE'].includes(text) && UNORDERED.includes(applyTo)) {
        const code = text === 'ADD' ? 'IST0153' : 'IST0154';
        if (applyTo !== 'HTTP_ROUTE') {
          report(filter, { code, path, said: [`\`${text}\` is ignored for \`${applyTo}\``, `\`${text}\` 对 \`${applyTo}\` 无效`], remedies: text === 'ADD' ? [{ how: 'replace', with: 'MERGE' }] : [{ how: 'remove', path: patch.path }] });
        } else if (text === 'ADD') {
          report(filter, { code, path, said: ['`ADD` puts the route behind all others, where it is hardly reached; `istioctl analyze` counts it as ignored', '`ADD` 把路由放在最后，几乎不会命中；`istioctl analyze` 视其为无效'], remedies: [{ how: 'replace', with: 'INSERT_FIRST' }] });
        } else {
          report(filter, { code, severity: 'info', path, said: ['`istioctl analyze` counts `REMOVE` as ignored for `HTTP_ROUTE`; istiod 1.31 does remove the route', '`istioctl analyze` 视 `HTTP_ROUTE` 的 `REMOVE` 为无效；istiod 1.31 其实会删除该路由'] });
        }
      } else if (text === 'REPLACE' && applyTo !== 'HTTP_FILTER' && applyTo !== 'NETWORK_FILTER') {
        if (['VIRTUAL_HOST', 'LISTENER_FILTER'].includes(applyTo)) {
          report(filter, { code: 'IST0152', severity: 'info', path, said: ['`istioctl analyze` wants `REPLACE` with `HTTP_FILTER` and `NETWORK_FILTER` only; istiod 1.31 carries it out here too', '`istioctl analyze` 只认可 `HTTP_FILTER` 与 `NETWORK_FILTER` 的 `REPLACE`；istiod 1.31 在此处同样会执行'] });
        } else report(filter, { code: 'IST0152', path, said: ['`REPLACE` works with `HTTP_FILTER` and `NETWORK_FILTER` only', '`REPLACE` 只能用于 `HTTP_FILTER` 与 `NETWORK_FILTER`'], remedies: [{ how: 'replace', with: 'MERGE' }] });
      } else if (['REMOVE', 'REPLACE', 'INSERT_BEFORE', 'INSERT_AFTER'].includes(text) && !ordered) {
        const again = versioned.has(filterOf(patch));
        const remedies: Remedy<MeshResource>[] = [{ how: 'set', path: ['spec', 'priority'], value: 10 }];
        report(filter, again
          ? { code: 'IST0155', path, said: ['a relative operation without `priority`, and another patch is for one version of the proxy: it may be lost after an upgrade', '没有 `priority` 的相对操作，且另有补丁限定了代理版本：升级后可能失效'], remedies }
          : { code: 'IST0151', path, said: ['a relative operation without `priority`: what it refers to may not be there yet', '没有 `priority` 的相对操作：所参照的对象可能尚不存在'], remedies });
      }
      if (patch.at('match', 'proxy', 'proxyVersion').filled) versioned.add(filterOf(patch));
    }
  }
}
