import { hostsOverlap } from '../rules/values.ts';
import type { Value } from '../rules/value.ts';
import { matches, textsOf, type Labels, type Mesh, type MeshResource, type Report } from './mesh.ts';

/** Gateways against their pods, their Services and each other. */

const NET = 'networking.istio.io';

export function selectorText(selector: Labels): string {
  return Object.entries(selector).map(([key, value]) => `${key}=${value}`).sort().join(',');
}

export function gatewaySelectors(mesh: Mesh, report: Report): void {
  if (!mesh.hasPods) return;
  for (const gateway of mesh.all(NET, 'Gateway')) {
    const selector = textsOf(gateway.spec.get('selector'));
    if (Object.keys(selector).length === 0 || selector['istio'] === 'ingressgateway' || selector['istio'] === 'egressgateway' || mesh.maySelect(selector, undefined)) continue;
    report(gateway, { code: 'IST0101', severity: 'warning', path: ['spec', 'selector'], said: [`no pod of the workspace has the labels ${selectorText(selector)}`, `工作区中没有带标签 ${selectorText(selector)} 的 Pod`] });
  }
}

interface Served {
  readonly gateway: MeshResource;
  readonly server: Value;
  readonly port: number;
  readonly bind: string;
  readonly hosts: readonly string[];
  readonly selector: string;
}

export function conflictingGateways(mesh: Mesh, report: Report): void {
  const all = mesh.all(NET, 'Gateway').flatMap((gateway): Served[] =>
    gateway.spec.list('servers').flatMap((server) => {
      const port = server.at('port', 'number').number;
      return port === undefined ? [] : [{ gateway, server, port, bind: server.get('bind').text ?? '', hosts: server.texts('hosts'), selector: selectorText(textsOf(gateway.spec.get('selector'))) }];
    }),
  );
  const byPort = new Map<string, Served[]>();
  for (const one of all) byPort.set(`${one.selector} ${one.port}`, [...(byPort.get(`${one.selector} ${one.port}`) ?? []), one]);
  for (const one of all) {
    const others = byPort.get(`${one.selector} ${one.port}`)!;
    const apart = new Set(mesh.rivals(one.gateway, others.map(({ gateway }) => gateway)));
    const rivals = others.filter((other) => apart.has(other.gateway) && other.bind === one.bind && one.hosts.some((host) => other.hosts.some((rival) => sameScope(host, rival, one.gateway, other.gateway))));
    if (rivals.length === 0) continue;
    const names = [...new Set(rivals.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`))].join(', ');
    const plain = [one, ...rivals].every(({ server }) => /^(?:HTTP|HTTP2|GRPC)$/i.test(server.at('port', 'protocol').text ?? ''));
    report(one.gateway, { code: 'IST0145', path: one.server.path, said: plain ? [`${names} serves the same hosts on port ${one.port} of the same pods: the routes of both are mixed`, `${names} 在相同 Pod 的端口 ${one.port} 上提供相同的主机：两者的路由会混在一起`] : [`${names} serves the same hosts on port ${one.port} of the same pods: the older one wins`, `${names} 在相同 Pod 的端口 ${one.port} 上提供相同的主机：较早创建的生效`] });
  }
}

function sameScope(a: string, b: string, first: MeshResource, second: MeshResource): boolean {
  const parts = (host: string, { namespace }: MeshResource): [string, string] => {
    const slash = host.indexOf('/');
    const scope = slash < 0 ? '*' : host.slice(0, slash);
    return [scope === '.' ? namespace : scope, host.slice(slash + 1)];
  };
  const [one, two] = [parts(a, first), parts(b, second)];
  return (one[0] === '*' || two[0] === '*' || one[0] === two[0]) && hostsOverlap(one[1], two[1]);
}

/** One certificate in several Gateways of the same pods: browsers reuse a connection, and find no route. */
export function duplicateCertificates(mesh: Mesh, report: Report): void {
  const gateways = mesh.all(NET, 'Gateway');
  const certificates = (gateway: MeshResource) => new Set(gateway.spec.list('servers').flatMap((server) => {
    const name = server.at('tls', 'credentialName').text;
    const file = server.at('tls', 'serverCertificate').text;
    return name !== undefined && name !== '' ? [`name ${name}`] : file === undefined || file === '' ? [] : [`file ${file} ${server.at('tls', 'privateKey').text ?? ''}`];
  }));
  const byCertificate = new Map<string, MeshResource[]>();
  for (const gateway of gateways) for (const certificate of certificates(gateway)) byCertificate.set(certificate, [...(byCertificate.get(certificate) ?? []), gateway]);
  for (const gateway of gateways) {
    const selector = textsOf(gateway.spec.get('selector'));
    const same = new Set([...certificates(gateway)].flatMap((certificate) => byCertificate.get(certificate) ?? []));
    const rivals = mesh.rivals(gateway, [...same]).filter((other) => matches(selector, textsOf(other.spec.get('selector'))));
    if (rivals.length > 0) report(gateway, { code: 'IST0138', path: ['spec', 'servers'], said: [`${rivals.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')} uses the same certificate: clients that reuse HTTP/2 connections get 404`, `${rivals.map(({ namespace, name }) => `${namespace}/${name}`).join('、')} 使用相同的证书：复用 HTTP/2 连接的客户端会得到 404`] });
  }
}

export function gatewayPorts(mesh: Mesh, report: Report): void {
  for (const gateway of mesh.all(NET, 'Gateway')) {
    const selector = textsOf(gateway.spec.get('selector'));
    const pods = Object.keys(selector).length === 0 ? [] : mesh.selected(selector, undefined);
    const services = mesh.all('', 'Service').filter((service) => {
      const own = textsOf(service.spec.get('selector'));
      return Object.keys(own).length > 0 && pods.some((pod) => pod.namespace === service.namespace && matches(own, pod.labels));
    });
    if (services.length === 0) continue;
    const ports = new Set(services.flatMap(({ spec }) => spec.list('ports').flatMap((port) => [port.get('port').number ?? [], port.get('targetPort').number ?? []].flat())));
    for (const server of gateway.spec.list('servers')) {
      const number = server.at('port', 'number');
      if (number.number === undefined || ports.has(number.number)) continue;
      report(gateway, { code: 'IST0162', path: number.path, said: [`no Service of the gateway’s pods has the port ${number.number}`, `网关 Pod 的 Service 没有端口 ${number.number}`] });
    }
  }
}
