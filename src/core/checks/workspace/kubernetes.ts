import type { Value } from '../rules/value.ts';
import { isIp } from '../rules/values.ts';
import type { Remedy } from '../rules/remedy.ts';
import { areVariants, matches, textsOf, type Mesh, type MeshResource, type MeshWorkload, type Report } from './mesh.ts';

/** Services, Deployments, Pods and webhooks, by what Istio makes of them. */

export function applicationUid(mesh: Mesh, report: Report): void {
  for (const { resource, spec, pod } of mesh.workloads) {
    if (!pod && resource.kind !== 'Deployment') continue;
    const base = pod ? ['spec'] : ['spec', 'template', 'spec'];
    const own = spec.at('securityContext', 'runAsUser').number === 1337;
    const index = spec.list('containers').findIndex((container) => container.get('name').text !== 'istio-proxy' && container.at('securityContext', 'runAsUser').number === 1337);
    const path = own ? [...base, 'securityContext', 'runAsUser'] : [...base, 'containers', index, 'securityContext', 'runAsUser'];
    if (own || index >= 0) report(resource, { code: 'IST0144', path, said: ['user 1337 is the sidecar’s: its traffic is not captured', '用户 1337 属于 Sidecar，其流量不会被拦截'], remedies: [{ how: 'remove' }] });
  }
}

/** Services of one Deployment that disagree about a port. */
export function serviceAssociation(mesh: Mesh, report: Report): void {
  for (const { resource, namespace, labels, annotations } of mesh.workloads) {
    // Istio makes waypoints and their Services itself.
    if (resource.kind !== 'Deployment' || resource.labels['gateway.istio.io/managed'] !== undefined) continue;
    const inject = labels['sidecar.istio.io/inject'] ?? annotations['sidecar.istio.io/inject'];
    if (inject === 'false' || (!mesh.injected(resource, namespace) && inject !== 'true')) continue;
    const services = mesh.all('', 'Service').filter((service) => {
      const selector = textsOf(service.spec.get('selector'));
      return service.namespace === namespace && Object.keys(selector).length > 0 && matches(selector, labels) && mesh.shareRoot(service, resource);
    }).filter((service, index, all) => all.findIndex((other) => areVariants(service, other)) === index);
    const protocols = new Map<number, Set<string>>();
    const targets = new Map<string, Set<number>>();
    for (const port of services.flatMap(({ spec }) => spec.list('ports'))) {
      const { number } = port.get('port');
      if (number === undefined) continue;
      protocols.set(number, (protocols.get(number) ?? new Set()).add(port.get('protocol').text ?? 'TCP'));
      const target = String(port.get('targetPort').number ?? port.get('targetPort').text ?? number);
      targets.set(target, (targets.get(target) ?? new Set()).add(number));
    }
    const names = services.map(({ name }) => name).join(', ');
    for (const [port, used] of protocols) {
      if (used.size > 1) report(resource, { code: 'IST0116', path: ['metadata', 'name'], said: [`the Services ${names} use port ${port} with the protocols ${[...used].join(', ')}`, `Service ${names} 在端口 ${port} 上使用了不同协议：${[...used].join('、')}`] });
    }
    for (const [target, ports] of targets) {
      if (ports.size > 1) report(resource, { code: 'IST0137', path: ['metadata', 'name'], said: [`the Services ${names} lead to port ${target} from different ports: ${[...ports].join(', ')}`, `Service ${names} 以不同端口（${[...ports].join('、')}）指向同一目标端口 ${target}`] });
    }
  }
}

const PROTOCOL_NAME = /^(?:http|http2|https|grpc|grpc-web|tls|tcp|udp|mongo|mysql|redis|hbone|doublehbone|ws|wss|h2c|kubernetes\.io\/h2c)(?:-|$)/;
const APP_PROTOCOL = /^(?:http|http2|https|grpc|grpc-web|tls|tcp|udp|mongo|mysql|redis|hbone|doublehbone|kubernetes\.io\/(?:h2c|ws|wss))$/i;
/** Ports whose protocol Istio knows by their number. */
const WELL_KNOWN = new Set([25, 53, 3306, 27017]);

export function portNames(mesh: Mesh, report: Report): void {
  for (const service of mesh.all('', 'Service')) {
    if (['kube-system', 'kube-public', 'istio-system', 'local-path-storage'].includes(service.namespace)) continue;
    const external = service.spec.get('type').text === 'ExternalName';
    for (const [index, port] of service.spec.list('ports').entries()) {
      const name = port.get('name').text ?? '';
      const path = ['spec', 'ports', index, ...(port.has('name') ? ['name'] : [])];
      const protocol = port.get('protocol').text ?? 'TCP';
      const app = port.get('appProtocol');
      if (external) {
        const unmatched = app.there ? /^tcp$/i.test(app.text ?? '') : name === '' || /^tcp(?:-|$)/.test(name) || !PROTOCOL_NAME.test(name);
        if (unmatched && protocol === 'TCP') report(service, { code: 'IST0150', path, said: ['an ExternalName Service is an alias, its ports do nothing; before Istio 1.21 a TCP port took over all traffic on its number: leave `ports` out, or name the protocol', 'ExternalName 服务只是别名，端口不起作用；Istio 1.21 之前，TCP 端口会劫持该端口号的全部流量：请去掉 `ports`，或用端口名声明协议'], remedies: [{ how: 'remove', path: ['spec', 'ports'] }, ...namings(port, index)] });
        continue;
      }
      if (protocol !== 'TCP' || port.get('name').unknown || app.unknown) continue;
      const told = app.there ? APP_PROTOCOL.test(app.text ?? '') : PROTOCOL_NAME.test(name) || WELL_KNOWN.has(port.get('port').number ?? 0);
      if (!told) report(service, { code: 'IST0118', path, said: [`\`${name}\` does not tell the protocol: Istio guesses it from the first bytes`, `\`${name}\` 没有声明协议：Istio 会根据首批字节猜测`], remedies: namings(port, index) });
    }
  }
}

/** Protocols by what ports and names are used for. */
const USUAL: readonly (readonly [protocol: string, numbers: readonly number[], name: RegExp])[] = [
  ['https', [443, 8443], /https|webhook/i], ['grpc', [50051, 9555], /grpc/i], ['redis', [6379], /redis/i], ['mongo', [27017], /mongo/i], ['mysql', [3306], /mysql|maria/i],
  ['tcp', [5432, 9092, 2181, 5672, 1433, 9200, 11211], /postgres|kafka|tcp|zookeeper|amqp|sql/i], ['http', [], /./],
];

/** Tells the protocol of a port: by its name, or where others refer to that name by a field of its own. */
function namings(port: Value, index: number): Remedy<MeshResource>[] {
  const name = port.get('name').text ?? '';
  const number = port.get('port').number ?? 0;
  const [protocol] = USUAL.find(([, numbers, word]) => numbers.includes(number) || word.test(name)) ?? ['http'];
  const path = ['spec', 'ports', index];
  const prefixed = `${protocol}-${name}`.slice(0, 15).replace(/-+$/, '');
  return [{ how: 'set', path: [...path, 'appProtocol'], value: protocol }, { how: 'set', path: [...path, 'name'], value: name === '' || name === protocol ? protocol : prefixed }];
}

/** Webhooks of a control plane that runs elsewhere. */
export function externalControlPlane(mesh: Mesh, report: Report): void {
  for (const [kind, prefix] of [['ValidatingWebhookConfiguration', 'istio-validator'], ['MutatingWebhookConfiguration', 'istio-sidecar-injector']] as const) {
    for (const webhook of mesh.all('admissionregistration.k8s.io', kind)) {
      if (!webhook.name.startsWith(`${prefix}-`) || mesh.rootNamespaces(webhook).some((name) => webhook.name === `${prefix}-${name}`)) continue;
      for (const [index, entry] of webhook.root.list('webhooks').entries()) {
        if (entry.at('clientConfig', 'service').there) continue;
        checkUrl(webhook, index, entry.at('clientConfig', 'url').text ?? '', report);
      }
    }
  }
}

function checkUrl(webhook: MeshResource, index: number, url: string, report: Report): void {
  const path = ['webhooks', index, 'clientConfig', 'url'];
  const host = /^https?:\/\/(\[[^\]]+\]|[^/:?#]+)/.exec(url)?.[1]?.replace(/^\[|\]$/g, '');
  if (host === undefined) report(webhook, { code: 'IST0163', path, said: ['the external control plane needs an address here', '此处需要外部控制平面的地址'] });
  else if (isIp(host)) report(webhook, { code: 'IST0164', path, said: [`\`${host}\` is an address: a host name survives a change of it`, `\`${host}\` 是 IP 地址：主机名在地址变更后仍然有效`] });
}

/** `image: auto` where nothing injects. */
export function imageAuto(mesh: Mesh, report: Report): void {
  for (const { resource, namespace, labels, spec, pod } of mesh.workloads) {
    if (!pod && resource.kind !== 'Deployment') continue;
    const index = spec.list('containers').findIndex((container) => container.get('name').text === 'istio-proxy' && container.get('image').text === 'auto');
    if (index < 0) continue;
    const path = [...(pod ? ['spec'] : ['spec', 'template', 'spec']), 'containers', index, 'image'];
    const injected = mesh.injected(resource, namespace) || labels['sidecar.istio.io/inject'] === 'true' || labels['istio.io/rev'] !== undefined;
    if (pod) report(resource, { code: 'IST0147', path, said: ['`image: auto` was not replaced: the pod was not injected', '`image: auto` 未被替换：该 Pod 没有被注入'] });
    else if (!injected || labels['sidecar.istio.io/inject'] === 'false') report(resource, { code: 'IST0146', path, said: ['`image: auto` needs injection, and nothing asks for it here', '`image: auto` 需要注入，而此处没有启用注入'], remedies: [{ how: 'set', path: ['spec', 'template', 'metadata', 'labels', 'sidecar.istio.io/inject'], value: 'true' }] });
  }
}

/** The labels that bring a namespace into the mesh, or leave it out. */
const JOINING = ['istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode'];
const SYSTEM = new Set(['istio-system', 'kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);

/** Labels of a namespace that contradict each other, or that do not say whether it belongs to the mesh. */
export function injectionLabels(mesh: Mesh, report: Report): void {
  // Where nothing is Istio's no namespace has to say anything.
  const hasMesh = mesh.resources.some(({ group, labels }) => group.endsWith('istio.io') || JOINING.some((name) => labels[name] !== undefined));
  for (const namespace of mesh.all('', 'Namespace')) {
    const { labels } = namespace;
    const ways = [
      ...(labels['istio-injection'] === 'enabled' ? ['istio-injection'] : []),
      ...(labels['istio.io/rev'] === undefined ? [] : ['istio.io/rev']),
      ...(labels['istio.io/dataplane-mode'] === 'ambient' ? ['istio.io/dataplane-mode'] : []),
    ];
    const off = labels['istio-injection'] === 'disabled';
    if (ways.length > 1 && !off) {
      report(namespace, { code: 'IST0123', path: ['metadata', 'labels', ways[1]!], said: [`\`${ways[0]}\` stands beside: keep one`, `已有 \`${ways[0]}\`，请只保留一个`], remedies: ways.toReversed().map((name) => ({ how: 'remove', path: ['metadata', 'labels', name] })) });
    } else if (hasMesh && ways.length === 0 && labels['istio-injection'] === undefined && labels['istio.io/dataplane-mode'] === undefined) {
      undecided(mesh, namespace, report);
    }
  }
}

/** A namespace that no label says anything of, and none of its pods. */
function undecided(mesh: Mesh, namespace: MeshResource, report: Report): void {
  const { name } = namespace;
  if (SYSTEM.has(name) || mesh.rootNamespaces(namespace).includes(name)) return;
  // Its variants or its pods may say it.
  if (mesh.namespaces(namespace, name).length > 1 || mesh.selected({}, name).some(({ labels, annotations }) => labels['sidecar.istio.io/inject'] !== undefined || labels['istio.io/rev'] !== undefined || labels['istio.io/dataplane-mode'] !== undefined || annotations['sidecar.istio.io/inject'] !== undefined)) return;
  const path = ['metadata', 'name'];
  if (mesh.settings(namespace).some(({ injector }) => injector.get('enableNamespacesByDefault').flag === true)) {
    report(namespace, { code: 'IST0148', path, said: ['its pods get sidecars without a label: the mesh is set so', '无需标签，其 Pod 也会注入 Sidecar：网格如此设置'], remedies: [label('istio-injection', 'disabled')] });
  } else {
    report(namespace, { code: 'IST0102', path, said: ['no label says whether it belongs to the mesh', '没有标签说明它是否属于网格'], remedies: [label('istio-injection', 'enabled'), label('istio.io/dataplane-mode', 'ambient'), label('istio-injection', 'disabled')] });
  }
}

function label(name: string, value: string): Remedy<MeshResource> {
  return { how: 'set', path: ['metadata', 'labels', name], value };
}

/** Pods as they run, without a proxy. Where none has one the pods were written by hand: they get theirs when they are created. */
export function missingProxies(mesh: Mesh, report: Report): void {
  const pods = mesh.workloads.filter(({ pod }) => pod);
  const hasProxy = ({ spec }: MeshWorkload) => [...spec.list('containers'), ...spec.list('initContainers')].some((container) => container.get('name').text === 'istio-proxy');
  for (const workload of pods) {
    const { resource, namespace, labels, annotations, spec } = workload;
    const refused = /^false$/i.test(labels['sidecar.istio.io/inject'] ?? annotations['sidecar.istio.io/inject'] ?? '');
    if (refused || !mesh.injected(resource, namespace) || spec.get('hostNetwork').flag === true) continue;
    if (hasProxy(workload) || !pods.some((pod) => pod.namespace === namespace && hasProxy(pod))) continue;
    report(resource, { code: 'IST0103', path: ['metadata', 'name'], said: ['has no `istio-proxy`, as others of its namespace have: create it anew', '没有 `istio-proxy`，而同命名空间的其他 Pod 有：请重新创建'] });
  }
}
