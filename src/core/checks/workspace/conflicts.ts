import { hostsOverlap } from '../rules/values.ts';
import type { Value } from '../rules/value.ts';
import { fullHost, matches, textsOf, type Mesh, type MeshResource, type MeshWorkload, type Report } from './mesh.ts';

/** What neither the webhook nor `istioctl analyze` tells: settings that are right by themselves and fail together. */

const NET = 'networking.istio.io';

/** The mode that holds for a workload: its own policy, its namespace's, the mesh's. */
function mtlsMode(mesh: Mesh, workload: MeshWorkload): string {
  const policies = mesh.all('security.istio.io', 'PeerAuthentication');
  const selectorOf = (policy: MeshResource) => textsOf(policy.spec.at('selector', 'matchLabels'));
  const own = policies.find((policy) => policy.namespace === workload.namespace && Object.keys(selectorOf(policy)).length > 0 && matches(selectorOf(policy), workload.labels));
  const inNamespace = policies.find((policy) => policy.namespace === workload.namespace && Object.keys(selectorOf(policy)).length === 0);
  const inMesh = policies.find((policy) => policy.namespace === mesh.rootNamespace && Object.keys(selectorOf(policy)).length === 0);
  for (const policy of [own, inNamespace, inMesh]) {
    const mode = policy?.spec.at('mtls', 'mode').text;
    if (mode !== undefined && mode !== 'UNSET') return mode;
  }
  return 'PERMISSIVE';
}

/** A DestinationRule that speaks otherwise than the pods listen. */
export function mtlsConflicts(mesh: Mesh, report: Report): void {
  for (const rule of mesh.all(NET, 'DestinationRule')) {
    const mode = rule.spec.at('trafficPolicy', 'tls', 'mode');
    const host = rule.spec.get('host').text;
    if (mode.text === undefined || host === undefined) continue;
    const [name = '', namespace = '', ...rest] = fullHost(host, rule.namespace).split('.');
    const service = rest[0] === 'svc' ? mesh.find('', 'Service', namespace, name) : undefined;
    const selector = service ? textsOf(service.spec.get('selector')) : {};
    if (!service || Object.keys(selector).length === 0) continue;
    const wanted = new Set(mesh.selected(selector, service.namespace).map((workload) => mtlsMode(mesh, workload)));
    if (mode.text !== 'ISTIO_MUTUAL' && wanted.has('STRICT')) {
      report(rule, { code: 'IH0101', path: mode.path, said: [`the pods of ${service.name} take mTLS only (PeerAuthentication \`STRICT\`): calls with \`${mode.text}\` get 503`, `${service.name} 的 Pod 只接受 mTLS（PeerAuthentication 为 \`STRICT\`）：以 \`${mode.text}\` 调用会得到 503`] });
    } else if (mode.text === 'ISTIO_MUTUAL' && wanted.has('DISABLE')) {
      report(rule, { code: 'IH0101', path: mode.path, said: [`the pods of ${service.name} take plain text only (PeerAuthentication \`DISABLE\`): calls with mTLS get 503`, `${service.name} 的 Pod 只接受明文（PeerAuthentication 为 \`DISABLE\`）：以 mTLS 调用会得到 503`] });
    }
  }
}

/** Routes of a kind that the Gateway's TLS mode leaves nothing for. */
export function gatewayRoutes(mesh: Mesh, report: Report): void {
  for (const resource of mesh.all(NET, 'VirtualService')) {
    const hosts = resource.spec.texts('hosts');
    const names = resource.spec.texts('gateways');
    if (names.length === 0 || names.includes('mesh')) continue;
    const gateways = names.map((text) => {
      const [namespace, name] = text.includes('/') ? (text.split('/') as [string, string]) : [resource.namespace, text];
      return mesh.find(NET, 'Gateway', namespace, name);
    });
    if (gateways.some((gateway) => !gateway)) continue;
    const servers = gateways.flatMap((gateway) => gateway!.spec.list('servers')).filter((server) => server.texts('hosts').some((host) => hosts.some((own) => hostsOverlap(host.replace(/^[^/]*\//, ''), own))));
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
const L7_SOURCE = ['requestPrincipals', 'notRequestPrincipals', 'remoteIpBlocks', 'notRemoteIpBlocks'];

/** Rules on HTTP that ztunnel enforces, which knows no HTTP. */
export function ambientPolicies(mesh: Mesh, report: Report): void {
  for (const policy of mesh.all('security.istio.io', 'AuthorizationPolicy')) {
    if (!mesh.ambient(policy.namespace) || policy.spec.get('targetRefs').filled || policy.spec.get('targetRef').filled) continue;
    const found = policy.spec.list('rules').flatMap((rule) => [
      ...rule.list('to').flatMap((to) => L7_OPERATION.map((key) => to.at('operation', key))),
      ...rule.list('from').flatMap((from) => L7_SOURCE.map((key) => from.at('source', key))),
      ...rule.list('when').map((when) => when.get('key')).filter(({ text }) => text?.startsWith('request.')),
    ]).find((value) => value.filled);
    if (found) report(policy, { code: 'IH0103', path: found.path, said: ['ztunnel knows no HTTP: with `ALLOW` the rule never matches, with `DENY` it denies everything else it names; bind the policy to a waypoint by `targetRefs`', 'ztunnel 不理解 HTTP：`ALLOW` 规则永远不匹配，`DENY` 会按其余条件拒绝；请用 `targetRefs` 把策略绑定到 waypoint'] });
  }
}
