import { matches, textsOf, type Mesh, type MeshResource, type Report } from './mesh.ts';
import type { CodeName } from '../codes.ts';
import type { Path } from '../../yaml/path.ts';

/** Sidecars, Telemetry, EnvoyFilters and policies against the workloads and each other. */

const NET = 'networking.istio.io';

function place({ namespace, name }: MeshResource): string {
  return `${namespace}/${name}`;
}

function variants(a: MeshResource, b: MeshResource): boolean {
  return a.name === b.name && a.namespace === b.namespace && a.name !== '';
}

/** Resources of which a namespace or a workload has one: without a selector, and by their selectors. */
function oneEach(mesh: Mesh, report: Report, all: readonly MeshResource[], selectorPath: readonly string[], codes: { readonly bare: CodeName; readonly same: CodeName }): void {
  const selectorOf = (resource: MeshResource) => textsOf(resource.root.at(...selectorPath));
  const bare = all.filter((resource) => Object.keys(selectorOf(resource)).length === 0);
  for (const one of bare) {
    const others = bare.filter((other) => other !== one && other.namespace === one.namespace && !variants(other, one));
    if (others.length > 0) report(one, { code: codes.bare, path: ['metadata', 'name'], said: [`${others.map(place).join(', ')} has no selector either: which one holds is open`, `${others.map(place).join('、')} 也没有选择器：哪一个生效是不确定的`] });
  }
  const selecting = all.filter((resource) => Object.keys(selectorOf(resource)).length > 0);
  for (const one of selecting) {
    const own = mesh.selected(selectorOf(one), one.namespace);
    if (own.length === 0 && mesh.workloads.length > 0) {
      report(one, { code: 'IST0101', severity: 'warning', path: selectorPath, said: ['no pod of the namespace has these labels', '命名空间中没有带这些标签的 Pod'] });
    }
    const others = selecting.filter((other) => other !== one && other.namespace === one.namespace && !variants(other, one) && own.some((pod) => matches(selectorOf(other), pod.labels)));
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
    if (mesh.ambient(sidecar.namespace) || inAmbient) report(sidecar, { code: 'IST0167', path: ['metadata', 'name'], said: ['a Sidecar has no effect in ambient mode', 'Sidecar 资源在 ambient 模式下不起作用'] });
  }
}

export function telemetries(mesh: Mesh, report: Report): void {
  const all = mesh.all('telemetry.istio.io', 'Telemetry').filter(({ spec }) => !spec.get('targetRefs').filled && !spec.get('targetRef').filled);
  oneEach(mesh, report, all, ['spec', 'selector', 'matchLabels'], { bare: 'IST0160', same: 'IST0159' });
}

/** Selectors that take in pods of a Kubernetes Gateway: there only `targetRefs` counts. */
export function gatewayPolicies(mesh: Mesh, report: Report): void {
  for (const [group, kind] of [['security.istio.io', 'AuthorizationPolicy'], ['security.istio.io', 'RequestAuthentication'], ['telemetry.istio.io', 'Telemetry'], ['extensions.istio.io', 'WasmPlugin']] as const) {
    for (const policy of mesh.all(group, kind)) {
      const selector = textsOf(policy.spec.at('selector', 'matchLabels'));
      if (Object.keys(selector).length === 0) continue;
      const pod = mesh.selected(selector, policy.namespace).find(({ labels }) => labels['gateway.networking.k8s.io/gateway-name'] !== undefined || labels['istio.io/gateway-name'] !== undefined);
      const gateway = pod?.labels['gateway.networking.k8s.io/gateway-name'] ?? pod?.labels['istio.io/gateway-name'];
      if (gateway !== undefined) report(policy, { code: 'IST0166', path: ['spec', 'selector'], said: [`has no effect on the Gateway ${gateway}: use \`targetRefs\``, `对 Gateway ${gateway} 不起作用，请使用 \`targetRefs\``] });
    }
  }
}

export function authorizationPolicies(mesh: Mesh, report: Report): void {
  for (const policy of mesh.all('security.istio.io', 'AuthorizationPolicy')) {
    const selector = textsOf(policy.spec.at('selector', 'matchLabels'));
    const inRoot = policy.namespace === mesh.rootNamespace;
    if (Object.keys(selector).length > 0 && mesh.workloads.length > 0 && mesh.selected(selector, inRoot ? undefined : policy.namespace).length === 0) {
      report(policy, { code: 'IST0127', path: ['spec', 'selector', 'matchLabels'], said: ['no workload has these labels: the policy holds for nothing', '没有带这些标签的工作负载：该策略对任何工作负载都不生效'] });
    }
    if (mesh.all('', 'Namespace').length === 0) continue;
    for (const [path, name] of namespacesOf(policy)) {
      if (name.includes('*') || mesh.namespace(name)) continue;
      report(policy, { code: 'IST0101', severity: 'warning', path, said: [`there is no namespace \`${name}\``, `没有命名空间 \`${name}\``] });
    }
  }
}

function namespacesOf({ spec }: MeshResource): [Path, string][] {
  return spec.list('rules').flatMap((rule) => rule.list('from')).flatMap((from) =>
    ['namespaces', 'notNamespaces'].flatMap((key) => from.at('source', key).items.flatMap((item): [Path, string][] => (item.text === undefined ? [] : [[item.path, item.text]]))),
  );
}

const RELATIVE = new Set(['INSERT_BEFORE', 'INSERT_AFTER']);

/** Patches that depend on what stands there, and operations that do nothing. */
export function envoyPatches(mesh: Mesh, report: Report): void {
  for (const filter of mesh.all(NET, 'EnvoyFilter')) {
    const priority = filter.spec.get('priority').number ?? 0;
    let told = false;
    let toldVersion = false;
    for (const patch of filter.spec.list('configPatches')) {
      const operation = patch.at('patch', 'operation');
      const applyTo = patch.get('applyTo').text ?? '';
      const path = operation.path;
      const { text } = operation;
      const versioned = patch.at('match', 'proxy', 'proxyVersion').filled;
      const relative = text !== undefined && (RELATIVE.has(text) || (versioned && ['REPLACE', 'MERGE', 'REMOVE'].includes(text)));
      if (relative && priority === 0) {
        if (versioned && !toldVersion) {
          toldVersion = true;
          report(filter, { code: 'IST0155', path, said: ['a relative operation for one proxy version and without `priority`: it may be lost after an upgrade', '没有 `priority` 的相对操作且限定了代理版本：升级后可能失效'] });
        }
        if (RELATIVE.has(text) && !told) {
          told = true;
          report(filter, { code: 'IST0151', path, said: ['a relative operation without `priority`: what it refers to may not be there yet', '没有 `priority` 的相对操作：所参照的对象可能尚不存在'] });
        }
      }
      if (text === 'REPLACE' && applyTo !== 'HTTP_FILTER' && applyTo !== 'NETWORK_FILTER') report(filter, { code: 'IST0152', path, said: ['`REPLACE` works with `HTTP_FILTER` and `NETWORK_FILTER` only', '`REPLACE` 只能用于 `HTTP_FILTER` 与 `NETWORK_FILTER`'] });
      if ((text === 'ADD' || text === 'REMOVE') && ['ROUTE_CONFIGURATION', 'HTTP_ROUTE'].includes(applyTo)) report(filter, { code: text === 'ADD' ? 'IST0153' : 'IST0154', path, said: [`\`${text}\` is ignored for \`${applyTo}\``, `\`${text}\` 对 \`${applyTo}\` 无效`] });
    }
  }
}
