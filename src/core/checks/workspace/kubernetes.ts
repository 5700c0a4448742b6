import { isIp } from '../rules/values.ts';
import { matches, textsOf, type Mesh, type MeshResource, type Report } from './mesh.ts';

/** Services, Deployments, Pods and webhooks, by what Istio makes of them. */

export function applicationUid(mesh: Mesh, report: Report): void {
  for (const { resource, spec, pod } of mesh.workloads) {
    if (!pod && resource.kind !== 'Deployment') continue;
    const base = pod ? ['spec'] : ['spec', 'template', 'spec'];
    const own = spec.at('securityContext', 'runAsUser').number === 1337;
    const index = spec.list('containers').findIndex((container) => container.get('name').text !== 'istio-proxy' && container.at('securityContext', 'runAsUser').number === 1337);
    const path = own ? [...base, 'securityContext', 'runAsUser'] : [...base, 'containers', index, 'securityContext', 'runAsUser'];
    if (own || index >= 0) report(resource, { code: 'IST0144', path, said: ['user 1337 is the sidecar’s: its traffic is not captured', '用户 1337 属于 Sidecar，其流量不会被拦截'] });
  }
}

/** Services of one Deployment that disagree about a port. */
export function serviceAssociation(mesh: Mesh, report: Report): void {
  for (const { resource, namespace, labels, annotations } of mesh.workloads) {
    if (resource.kind !== 'Deployment') continue;
    const inject = labels['sidecar.istio.io/inject'] ?? annotations['sidecar.istio.io/inject'];
    if (inject === 'false' || (!mesh.injected(namespace) && inject !== 'true')) continue;
    const services = mesh.all('', 'Service').filter((service) => {
      const selector = textsOf(service.spec.get('selector'));
      return service.namespace === namespace && Object.keys(selector).length > 0 && matches(selector, labels);
    });
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
        if (unmatched && protocol === 'TCP') report(service, { code: 'IST0150', path, said: ['a TCP port of an ExternalName Service can take over all traffic on its number: name its protocol', 'ExternalName 服务的 TCP 端口可能劫持该端口号的全部流量：请用端口名声明协议'] });
        continue;
      }
      if (protocol !== 'TCP' || port.get('name').unknown || app.unknown) continue;
      const told = app.there ? APP_PROTOCOL.test(app.text ?? '') : PROTOCOL_NAME.test(name) || WELL_KNOWN.has(port.get('port').number ?? 0);
      if (!told) report(service, { code: 'IST0118', path, said: [`\`${name}\` does not tell the protocol: Istio guesses it from the first bytes`, `\`${name}\` 没有声明协议：Istio 会根据首批字节猜测`] });
    }
  }
}

/** Webhooks of a control plane that runs elsewhere. */
export function externalControlPlane(mesh: Mesh, report: Report): void {
  for (const [kind, prefix] of [['ValidatingWebhookConfiguration', 'istio-validator'], ['MutatingWebhookConfiguration', 'istio-sidecar-injector']] as const) {
    for (const webhook of mesh.all('admissionregistration.k8s.io', kind)) {
      if (!webhook.name.startsWith(`${prefix}-`) || webhook.name === `${prefix}-${mesh.rootNamespace}`) continue;
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
    const injected = mesh.injected(namespace) || labels['sidecar.istio.io/inject'] === 'true' || labels['istio.io/rev'] !== undefined;
    if (pod) report(resource, { code: 'IST0147', path, said: ['`image: auto` was not replaced: the pod was not injected', '`image: auto` 未被替换：该 Pod 没有被注入'] });
    else if (!injected || labels['sidecar.istio.io/inject'] === 'false') report(resource, { code: 'IST0146', path, said: ['`image: auto` needs injection, and nothing asks for it here', '`image: auto` 需要注入，而此处没有启用注入'] });
  }
}

/** Labels of a namespace that contradict each other. */
export function injectionLabels(mesh: Mesh, report: Report): void {
  for (const namespace of mesh.all('', 'Namespace')) {
    const ways = [
      ...(namespace.labels['istio-injection'] === 'enabled' ? ['istio-injection'] : []),
      ...(namespace.labels['istio.io/rev'] === undefined ? [] : ['istio.io/rev']),
      ...(namespace.labels['istio.io/dataplane-mode'] === 'ambient' ? ['istio.io/dataplane-mode'] : []),
    ];
    if (ways.length > 1) report(namespace, { code: 'IST0123', path: ['metadata', 'labels', ways[1]!], said: [`\`${ways[0]}\` stands beside: keep one`, `已有 \`${ways[0]}\`，请只保留一个`] });
  }
}
