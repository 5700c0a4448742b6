import type { Checked, Value } from './value.ts';
import { isDomain, isIp, isLabel, isWildcardDomain } from './values.ts';
import { connectionPool, label, namedPort, serverTls, workloadSelector } from './shared.ts';

/** Sidecar, by the rules of Istio's webhook. */
export function sidecar({ spec }: Checked): void {
  workloadSelector(spec);
  if (spec.firstOf('egress', 'ingress', 'outboundTrafficPolicy', 'inboundConnectionPool') === undefined && !spec.unknown) {
    spec.error('needs `egress`, `ingress`, `outboundTrafficPolicy` or `inboundConnectionPool`', '需要 `egress`、`ingress`、`outboundTrafficPolicy` 或 `inboundConnectionPool`');
  }
  const ports = new Set<number>();
  for (const listener of spec.list('ingress')) ingress(listener, ports);
  egress(spec);
  connectionPool(spec.get('inboundConnectionPool'));
  const policy = spec.get('outboundTrafficPolicy');
  const proxy = policy.get('egressProxy');
  if (proxy.there) {
    const mode = policy.get('mode').text ?? 'REGISTRY_ONLY';
    if (!policy.get('mode').unknown && mode !== 'ALLOW_ANY') proxy.surplus('`egressProxy` goes with `ALLOW_ANY` only', '`egressProxy` 只能与 `ALLOW_ANY` 同用');
    const host = proxy.get('host');
    if (host.text !== undefined && !isDomain(host.text)) host.error('must be a full host name', '必须是完整主机名');
    if (!proxy.has('port')) proxy.error('needs a `port`', '需要 `port`');
  }
}

const LOCAL = new Set(['127.0.0.1', '0.0.0.0', '[::1]', '[::]']);

function ingress(listener: Value, ports: Set<number>): void {
  if (!listener.there) return listener.error('may not be null', '不能为 null');
  const port = listener.get('port');
  if (!port.there) listener.error('needs a `port`', '需要 `port`');
  if (port.get('targetPort').filled) port.get('targetPort').surplus('has no effect in a Sidecar', '在 Sidecar 中不起作用');
  if (port.get('name').filled) label(port.get('name'));
  namedPort(port);
  const bind = listener.get('bind');
  if (bind.filled && bind.text !== undefined && !isIp(bind.text)) bind.error('must be an IP address', '必须是 IP 地址');
  const { number } = port.get('number');
  if (number !== undefined && ports.has(number)) port.get('number').error(`the port ${number} is there twice`, `端口 ${number} 重复`);
  if (number !== undefined) ports.add(number);
  if (listener.get('defaultEndpoint').filled) endpoint(listener.get('defaultEndpoint'));
  connectionPool(listener.get('connectionPool'));
  const http = /^(?:http|http2|grpc|grpc-web|https)$/i.test(port.get('protocol').text ?? 'HTTP');
  if (listener.at('connectionPool', 'http').there && !http) listener.at('connectionPool', 'http').warn('has no effect on a port that is not HTTP', '在非 HTTP 端口上不起作用', { how: 'remove' });
  const tls = listener.get('tls');
  if (!tls.there) return;
  serverTls(tls);
  for (const key of ['subjectAltNames', 'httpsRedirect', 'credentialName', 'credentialNames', 'tlsCertificates']) {
    if (tls.get(key).filled) tls.get(key).surplus('is not for sidecars', '不能用于 Sidecar');
  }
  if (['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'].includes(tls.get('mode').text ?? '')) tls.get('mode').error('must be `SIMPLE`, `MUTUAL` or `OPTIONAL_MUTUAL`', '必须是 `SIMPLE`、`MUTUAL` 或 `OPTIONAL_MUTUAL`');
  if (port.get('protocol').text !== undefined && !/^(?:HTTPS|TLS)$/i.test(port.get('protocol').text!)) tls.error('needs the protocol HTTPS or TLS', '需要协议为 HTTPS 或 TLS');
}

function endpoint(value: Value): void {
  const { text } = value;
  if (text === undefined) return;
  if (text.startsWith('unix://')) {
    if (!/^unix:\/\/[/@]/.test(text)) value.error('a socket is an absolute path', '套接字必须是绝对路径');
    return;
  }
  const match = /^(\[[^\]]*\]|[^:]*):([^:]*)$/.exec(text);
  if (!match) value.error('must be `host:port`', '必须写作 `主机:端口`');
  else if (!LOCAL.has(match[1]!)) value.error('the host is 127.0.0.1, 0.0.0.0, [::1] or [::]', '主机须为 127.0.0.1、0.0.0.0、[::1] 或 [::]');
  else if (!/^\d+$/.test(match[2]!) || Number(match[2]) < 1 || Number(match[2]) > 65535) value.error('the port is 1 to 65535', '端口范围为 1 到 65535');
}

function egress(spec: Value): void {
  const list = spec.list('egress');
  const seen = new Set<string>();
  const binds = new Set<string>();
  const ports = new Set<number>();
  let open = false;
  for (const [index, listener] of list.entries()) {
    if (!listener.there) {
      listener.error('may not be null', '不能为 null');
      continue;
    }
    const port = listener.get('port');
    const bind = listener.get('bind').text ?? '';
    const unix = bind.startsWith('unix://');
    if (!port.there) {
      if (open) listener.error('only one listener may go without a `port`', '只能有一个监听器不写 `port`');
      else if (index < list.length - 1) listener.error('a listener without a `port` stands last', '不写 `port` 的监听器必须放在最后');
      open = true;
    } else {
      if (port.get('targetPort').filled) port.get('targetPort').surplus('has no effect in a Sidecar', '在 Sidecar 中不起作用');
      namedPort(port, { zero: unix });
      const { number } = port.get('number');
      if (!unix && number !== undefined && ports.has(number)) port.get('number').error(`the port ${number} is there twice`, `端口 ${number} 重复`);
      if (!unix && number !== undefined) ports.add(number);
    }
    if (unix) {
      if (!/^unix:\/\/[/@]/.test(bind)) listener.get('bind').error('a socket is an absolute path', '套接字必须是绝对路径');
      if (!['DEFAULT', 'NONE', undefined].includes(listener.get('captureMode').text)) listener.get('captureMode').error('a socket is not captured: `DEFAULT` or `NONE`', '套接字不会被拦截：须为 `DEFAULT` 或 `NONE`');
      if (binds.has(bind)) listener.get('bind').error('is there twice', '重复');
      binds.add(bind);
    } else if (bind !== '' && !isIp(bind)) listener.get('bind').error('must be an IP address', '必须是 IP 地址');
    if (!listener.get('hosts').filled) listener.error('needs `hosts`', '需要 `hosts`');
    for (const host of listener.list('hosts')) {
      egressHost(host);
      if (host.text !== undefined && seen.has(host.text)) host.warn(`\`${host.text}\` is there twice`, `\`${host.text}\` 重复`, { how: 'remove' });
      if (host.text !== undefined) seen.add(host.text);
    }
    const all = listener.texts('hosts');
    const taken = all.filter((host) => !/^~[^/]/.test(host));
    if (taken.includes('*/*') && taken.length > 1) listener.get('hosts').warn('`*/*` takes in all the others', '`*/*` 已包含其余主机');
    const none = listener.list('hosts').find(({ text }) => text === '~/*');
    if (none && all.length > 1) none.warn('since Istio 1.31 `~/*` takes away all the others', '自 Istio 1.31 起，`~/*` 会去掉其余全部主机', { how: 'remove' });
  }
}

function egressHost(host: Value): void {
  const { text } = host;
  if (text === undefined) return;
  const [namespace = '', name, ...rest] = text.replace(/^~(?=[^/])/, '').split('/');
  if (name === undefined || rest.length > 0 || name === '') return host.error('must be `namespace/host`', '必须写作 `命名空间/主机`');
  if (!['*', '.', '~'].includes(namespace) && !isLabel(namespace)) host.error('the namespace is `*`, `.`, `~` or a name', '命名空间须为 `*`、`.`、`~` 或名称');
  else if (name !== '*' && (!isWildcardDomain(name) || (name.startsWith('*') && !name.startsWith('*.')) || !name.includes('.'))) host.error('must be a full host name, `*.` in front or `*`', '必须是完整主机名、以 `*.` 开头或 `*`');
}
