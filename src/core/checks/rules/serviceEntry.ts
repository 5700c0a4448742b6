import type { Checked, Value } from './value.ts';
import { isDomain, isIpOrRange, isLabel, isPort, isWildcardDomain } from './values.ts';
import { exclusive, exportTo, label, namedPort, port, workloadEntry, workloadSelector } from './shared.ts';

/** ServiceEntry, by the rules of Istio's webhook and definition. */
export function serviceEntry(resource: Checked): void {
  const { spec, root } = resource;
  exclusive(spec, 'workloadSelector', 'endpoints');
  workloadSelector(spec);
  const resolution = spec.get('resolution').text ?? 'NONE';
  const dynamic = resolution === 'DYNAMIC_DNS';
  for (const host of spec.list('hosts')) oneHost(host, dynamic);
  const ranges = spec.list('addresses');
  for (const address of ranges) {
    if (address.text === undefined) continue;
    if (!isIpOrRange(address.text)) address.error('must be an address or a range', '必须是 IP 或地址段');
    else if (address.text.includes('/') && resolution !== 'NONE' && resolution !== 'STATIC') address.error('ranges go with `NONE` and `STATIC` only', '地址段只能用于 `NONE` 与 `STATIC`');
  }
  ports(spec);
  endpoints(spec, resolution);
  if (dynamic) dynamicDns(spec, root);
  const tcp = spec.list('ports').filter((entry) => !isHttpOrTls(entry.get('protocol').text ?? 'TCP'));
  const many = spec.list('hosts').length > 1;
  if (many && resolution !== 'NONE' && tcp.length > 0 && tcp.every((entry) => !entry.get('protocol').unknown)) tcp[0]!.error('with several hosts the ports must be HTTP or TLS', '有多个主机时端口必须是 HTTP 或 TLS');
  else if (many && tcp.length > 0 && ranges.length > 0) tcp[0]!.warn('hosts that share addresses cannot be told apart on a TCP port', '共用地址的多个主机在 TCP 端口上无法区分');
  exportTo(resource);
}

function isHttpOrTls(protocol: string): boolean {
  return /^(?:http|http2|https|grpc|grpc-web|tls)$/i.test(protocol);
}

function oneHost(host: Value, dynamic: boolean): void {
  const { text } = host;
  if (text === undefined) return;
  if (text === '*') host.error('`*` is no host', '`*` 不能作为主机');
  else if (!isWildcardDomain(text)) host.error(`\`${text}\` is no host name`, `\`${text}\` 不是合法的主机名`);
  else if (dynamic && !text.startsWith('*')) host.error('`DYNAMIC_DNS` is for wildcard hosts', '`DYNAMIC_DNS` 只用于通配符主机');
  else if (!dynamic && text.startsWith('*') && !text.startsWith('*.')) host.warn('a partial wildcard matches no SNI: write `*.`', '部分通配符匹配不到 SNI，请写 `*.`');
}

function ports(spec: Value): void {
  const names = new Set<string>();
  const numbers = new Set<number>();
  for (const entry of spec.list('ports')) {
    if (!entry.there) {
      entry.error('may not be null', '不能为 null');
      continue;
    }
    namedPort(entry);
    const name = entry.get('name');
    label(name);
    if (name.text !== undefined && names.has(name.text)) name.error(`the port name \`${name.text}\` is there twice`, `端口名 \`${name.text}\` 重复`);
    if (name.text !== undefined) names.add(name.text);
    const number = entry.get('number');
    if (number.number !== undefined && numbers.has(number.number)) number.error(`the port ${number.number} is there twice`, `端口 ${number.number} 重复`);
    if (number.number !== undefined) numbers.add(number.number);
    port(entry.get('targetPort'));
  }
}

function endpoints(spec: Value, resolution: string): void {
  const list = spec.list('endpoints');
  const names = new Set(spec.texts('ports').length > 0 ? [] : spec.list('ports').flatMap((entry) => entry.get('name').text ?? []));
  for (const entry of list) {
    if (!entry.there) {
      entry.error('may not be null', '不能为 null');
      continue;
    }
    workloadEntry(entry, { ipOnly: resolution === 'STATIC' });
    for (const [name, value] of entry.get('ports').entries) {
      if (isLabel(name) && !names.has(name)) value.error(`\`${name}\` is no port of the service`, `\`${name}\` 不是该服务的端口`);
      if (value.number !== undefined && !isPort(value.number)) return;
    }
    if (entry.get('address').text?.startsWith('unix://') && spec.list('ports').length !== 1) entry.get('address').error('a socket needs exactly one port of the service', '套接字端点要求服务恰有一个端口');
  }
  if (resolution === 'NONE') {
    if (list.length > 0) spec.get('endpoints').surplus('`NONE` has no endpoints: the caller’s address counts', '`NONE` 不能有端点：以调用方拨号的地址为准');
    if (spec.has('workloadSelector')) spec.get('workloadSelector').warn('has no effect with `NONE`', '在 `NONE` 下不起作用', { how: 'remove' });
  }
  if (resolution === 'DNS_ROUND_ROBIN' && list.length > 1) spec.get('endpoints').error('`DNS_ROUND_ROBIN` has one endpoint at most', '`DNS_ROUND_ROBIN` 最多一个端点');
  if ((resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN') && list.length === 0) {
    for (const host of spec.list('hosts')) if (host.text !== undefined && !isDomain(host.text)) host.error('without endpoints the host itself is resolved: no wildcards', '没有端点时解析主机本身，不能有通配符');
  }
  if (resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN') {
    for (const entry of list) {
      const { text } = entry.get('address');
      if (text?.startsWith('unix://')) entry.get('address').error('must be an address or a host name', '必须是 IP 地址或主机名');
    }
  }
}

function dynamicDns(spec: Value, root: Value): void {
  if (spec.get('addresses').filled) spec.get('addresses').surplus('`DYNAMIC_DNS` has no addresses', '`DYNAMIC_DNS` 不能写 addresses');
  if (spec.get('endpoints').filled) spec.get('endpoints').surplus('`DYNAMIC_DNS` has no endpoints', '`DYNAMIC_DNS` 不能写端点');
  for (const entry of spec.list('ports')) {
    const protocol = entry.get('protocol');
    if (protocol.text !== undefined && !/^(?:HTTP|TLS|GRPC|HTTP2)$/i.test(protocol.text)) protocol.error('`DYNAMIC_DNS` takes HTTP, HTTP2, GRPC and TLS', '`DYNAMIC_DNS` 只支持 HTTP、HTTP2、GRPC 与 TLS');
  }
  if (spec.get('location').text === 'MESH_INTERNAL' && root.at('metadata', 'labels').has('istio.io/use-waypoint')) {
    spec.get('location').surplus('`DYNAMIC_DNS` inside the mesh does not go with a waypoint', '网格内的 `DYNAMIC_DNS` 不能与 waypoint 同用');
  }
}
