import type { Checked, Value } from './value.ts';
import { isDomain, isIp, isLabel, isLabelKey, isLabelValue, isPort, isProtocol, isWildcardDomain, milliseconds } from './values.ts';

/** What several kinds have in common, by the rules of Istio's webhook and of the definitions. */

/** A duration of at least a millisecond, unless zero is allowed. */
export function duration(value: Value, { zero = false } = {}): void {
  if (value.text === undefined) return;
  const length = milliseconds(value.text);
  if (length === undefined) return;
  if (length < 1 && !(zero && length === 0)) value.error(`must be at least 1ms`, `至少为 1ms`);
  else if (!Number.isInteger(length)) value.error(`only whole milliseconds`, `只支持整数毫秒`);
}

export function port(value: Value): void {
  if (value.number !== undefined && !isPort(value.number)) value.error('a port is 1 to 65535', '端口范围为 1 到 65535');
}

export function notNegative(parent: Value, ...keys: readonly string[]): void {
  for (const key of keys) {
    const value = parent.get(key);
    if (value.number !== undefined && value.number < 0) value.error('may not be negative', '不能为负数');
  }
}

export function percent(value: Value, least = 0): void {
  if (value.number !== undefined && (value.number < least || value.number > 100)) value.error(`a percentage is ${least} to 100`, `百分比范围为 ${least} 到 100`);
}

export function label(value: Value): void {
  if (value.text !== undefined && !isLabel(value.text)) value.error('must be a DNS label: letters, digits and `-`, at most 63', '必须是 DNS 标签：字母、数字与 `-`，最多 63 个字符');
}

export function filledText(value: Value): void {
  if (value.text === '') value.error('may not be empty', '不能为空');
}

/** Fields of which at most one may be written. */
export function exclusive(parent: Value, ...keys: readonly string[]): void {
  const written = keys.filter((key) => parent.has(key));
  for (const key of written.slice(1)) parent.get(key).surplus(`\`${written[0]}\` and \`${key}\` exclude each other`, `\`${written[0]}\` 与 \`${key}\` 互斥`);
}

export function labels(map: Value): void {
  for (const [key, value] of map.entries) {
    if (!isLabelKey(key)) value.error(`\`${key}\` is no label key`, `\`${key}\` 不是合法的标签键`);
    else if (value.text !== undefined && !isLabelValue(value.text)) value.error(`\`${value.text}\` is no label value`, `\`${value.text}\` 不是合法的标签值`);
  }
}

/** `exportTo`: unique, `*` and `~` alone. */
export function exportTo({ spec, kind, namespace }: Checked): void {
  const seen = new Set<string>();
  const list = spec.list('exportTo');
  for (const entry of list) {
    const { text } = entry;
    if (text === undefined) continue;
    const meant = text === '.' ? namespace : text;
    if (seen.has(meant)) entry.error(`\`${text}\` is there twice`, `\`${text}\` 重复`);
    seen.add(meant);
    if (text === '~' && kind !== 'ServiceEntry') entry.error('`~` is only for ServiceEntry', '`~` 只能用于 ServiceEntry');
    else if (!['*', '.', '~'].includes(text) && !isLabel(text)) entry.error('must be `.`, `*` or the name of a namespace', '必须是 `.`、`*` 或命名空间名');
    if ((text === '*' || text === '~') && list.length > 1) entry.error(`\`${text}\` stands alone`, `\`${text}\` 必须单独使用`);
  }
}

/** `selector` of policies. */
export function selector(spec: Value): void {
  labelSelector(spec.get('selector'));
}

/** `matchLabels`, wherever they choose workloads. */
export function labelSelector(found: Value): void {
  if (!found.there) return;
  if (!found.get('matchLabels').filled) found.warn('a selector without labels takes in everything in its scope', '没有标签的选择器会选中作用域内的一切');
  chosen(found.get('matchLabels'));
}

export function workloadSelector(spec: Value): void {
  const found = spec.get('workloadSelector');
  if (!found.there) return;
  if (!found.get('labels').filled) found.warn('without labels it takes in every workload of the namespace', '没有标签时会选中命名空间内的所有工作负载');
  chosen(found.get('labels'));
}

/** The labels that a workload must have. */
function chosen(labels: Value): void {
  for (const [key, value] of labels.entries) {
    if (key === '') value.error('a label has a name', '标签名不能为空');
    if (key.includes('*') || value.text?.includes('*')) value.error('wildcards do not work in selectors', '选择器不支持通配符');
  }
}

const TARGETS = new Set(['/Service', 'networking.istio.io/ServiceEntry', 'gateway.networking.k8s.io/Gateway', 'gateway.networking.k8s.io/GatewayClass']);

/** `targetRefs` of policies, and that `selector` does not stand beside them. */
export function targets(spec: Value): void {
  exclusive(spec, 'selector', 'targetRef', 'targetRefs');
  for (const target of [...(spec.has('targetRef') ? [spec.get('targetRef')] : []), ...spec.list('targetRefs')]) {
    const { text: kind } = target.get('kind');
    const { text: group = '' } = target.get('group');
    if (kind !== undefined && !target.get('group').unknown && !TARGETS.has(`${group === 'core' ? '' : group}/${kind}`)) {
      target.get('kind').error(`a policy cannot target ${group === '' ? kind : `${group}/${kind}`}`, `策略不能以 ${group === '' ? kind : `${group}/${kind}`} 为目标`);
    }
    if (target.get('namespace').filled) target.get('namespace').error('a target is in the same namespace: leave it out', '目标必须在同一命名空间，请删除');
  }
}

const CERTIFICATES = ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl'] as const;

/** TLS settings of a client. */
export function clientTls(tls: Value): void {
  if (!tls.there) return;
  const mode = tls.get('mode').text;
  const insecure = tls.get('insecureSkipVerify').flag === true;
  if (mode === 'SIMPLE' && insecure) deny(tls, ['caCertificates', 'credentialName', 'subjectAltNames'], '`insecureSkipVerify`');
  if (mode === 'MUTUAL' && insecure) deny(tls, ['caCertificates', 'subjectAltNames'], '`insecureSkipVerify`');
  if (mode === 'SIMPLE' || mode === 'MUTUAL') {
    if (tls.get('credentialName').filled) return deny(tls, CERTIFICATES, '`credentialName`');
    if (mode === 'MUTUAL') {
      for (const key of ['clientCertificate', 'privateKey']) {
        if (!tls.get(key).filled) tls.get('mode').error(`\`MUTUAL\` needs \`${key}\` or \`credentialName\``, `\`MUTUAL\` 需要 \`${key}\` 或 \`credentialName\``);
      }
    }
  }
}

function deny(parent: Value, keys: readonly string[], beside: string): void {
  for (const key of keys) {
    if (parent.get(key).filled) parent.get(key).surplus(`\`${key}\` does not go with ${beside}`, `\`${key}\` 不能与 ${beside} 同时使用`);
  }
}

const CIPHERS = new Set([
  'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA', 'DES-CBC3-SHA',
]);

/** TLS settings of a server: a Gateway's or a Sidecar's listener. */
export function serverTls(tls: Value): void {
  if (!tls.there) return;
  const mode = tls.get('mode').text ?? 'PASSTHROUGH';
  if (['TLSV1_0', 'TLSV1_1'].includes(tls.get('minProtocolVersion').text ?? '') && !tls.get('cipherSuites').filled) {
    tls.get('minProtocolVersion').warn('TLS below 1.2 needs `cipherSuites` of its own', '低于 1.2 的 TLS 需要显式写出 `cipherSuites`');
  }
  const seen = new Set<string>();
  for (const cipher of tls.list('cipherSuites')) {
    if (cipher.text === undefined) continue;
    if (!CIPHERS.has(cipher.text)) cipher.warn('an unknown cipher suite is ignored', '未知的加密套件会被忽略', { how: 'remove' });
    else if (seen.has(cipher.text)) cipher.warn('a repeated cipher suite is ignored', '重复的加密套件会被忽略', { how: 'remove' });
    seen.add(cipher.text);
  }
  const own = ['serverCertificate', 'privateKey', 'caCertificates', 'tlsCertificates', 'credentialName', 'credentialNames'];
  if (mode === 'ISTIO_MUTUAL') return deny(tls, own, '`ISTIO_MUTUAL`');
  if (mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH') {
    for (const key of own) if (tls.get(key).filled) tls.get(key).warn(`\`${mode}\` ignores certificates`, `\`${mode}\` 会忽略证书`, { how: 'remove' });
    return;
  }
  const credentials = ['credentialName', 'credentialNames', 'serverCertificate', 'tlsCertificates'].filter((key) => tls.get(key).filled);
  for (const key of credentials.slice(1)) tls.get(key).surplus(`\`${credentials[0]}\` and \`${key}\` exclude each other`, `\`${credentials[0]}\` 与 \`${key}\` 互斥`);
  const byName = tls.get('credentialName').filled || tls.get('credentialNames').filled;
  if (tls.get('caCrl').filled && mode === 'SIMPLE' && !byName) tls.get('caCrl').error('`SIMPLE` does not check clients: `caCrl` has no use', '`SIMPLE` 不校验客户端，`caCrl` 无意义');
  if (tls.list('tlsCertificates').length > 2) tls.get('tlsCertificates').warn('only the first two certificates are used', '只使用前两个证书');
  if (byName) return;
  const where = tls.has('mode') ? tls.get('mode') : tls;
  if ((mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL') && !tls.get('caCertificates').filled) where.error(`\`${mode}\` needs \`caCertificates\` or \`credentialName\``, `\`${mode}\` 需要 \`caCertificates\` 或 \`credentialName\``);
  for (const certificate of tls.list('tlsCertificates')) {
    for (const key of ['serverCertificate', 'privateKey']) if (!certificate.get(key).filled) certificate.error(`needs \`${key}\``, `需要 \`${key}\``);
  }
  if (tls.get('tlsCertificates').filled) return;
  for (const key of ['serverCertificate', 'privateKey']) {
    if (!tls.get(key).filled) where.error(`\`${mode}\` needs \`${key}\` or \`credentialName\``, `\`${mode}\` 需要 \`${key}\` 或 \`credentialName\``);
  }
}

export function connectionPool(pool: Value): void {
  if (!pool.there) return;
  const http = pool.get('http');
  const tcp = pool.get('tcp');
  if (!http.there && !tcp.there) pool.error('needs `http` or `tcp`', '需要 `http` 或 `tcp`');
  notNegative(http, 'http1MaxPendingRequests', 'http2MaxRequests', 'maxRequestsPerConnection', 'maxRetries', 'maxConcurrentStreams');
  duration(http.get('idleTimeout'));
  if (http.get('useClientProtocol').flag === true && http.get('h2UpgradePolicy').text === 'UPGRADE') {
    http.get('useClientProtocol').surplus('does not go with `h2UpgradePolicy: UPGRADE`', '不能与 `h2UpgradePolicy: UPGRADE` 同时使用');
  }
  const keepAlive = http.get('http2KeepAlive');
  if (keepAlive.there) {
    for (const key of ['interval', 'timeout']) if (!keepAlive.has(key)) keepAlive.error(`needs \`${key}\``, `需要 \`${key}\``);
    duration(keepAlive.get('interval'));
    duration(keepAlive.get('timeout'));
  }
  notNegative(tcp, 'maxConnections');
  for (const key of ['connectTimeout', 'maxConnectionDuration']) duration(tcp.get(key));
  duration(tcp.get('idleTimeout'), { zero: true });
  for (const key of ['time', 'interval']) duration(tcp.at('tcpKeepalive', key));
}

/** Where a route leads. */
export function destination(value: Value): void {
  if (!value.there) return;
  const host = value.get('host');
  if (host.text === '*') host.error('`*` is no destination', '`*` 不能作为目标');
  else if (host.text !== undefined && !isWildcardDomain(host.text)) host.error(`\`${host.text}\` is no host name`, `\`${host.text}\` 不是合法的主机名`);
  if (value.get('subset').filled) label(value.get('subset'));
  const number = value.at('port', 'number');
  if (value.has('port') && !number.unknown && !isPort(number.number ?? 0)) (number.there ? number : value.get('port')).error('a port number is 1 to 65535', '端口号范围为 1 到 65535');
}

/** Locality settings of a load balancer. */
export function localityLb(lb: Value, outlierDetection: boolean): void {
  if (!lb.there) return;
  const distribute = lb.list('distribute');
  const failover = lb.list('failover');
  if (distribute.length > 0 && failover.length > 0) lb.get('failover').surplus('`distribute` and `failover` exclude each other', '`distribute` 与 `failover` 互斥');
  const topology = lb.texts('failoverPriority').some((key) => key.startsWith('topology.kubernetes.io/') || key === 'topology.istio.io/subzone');
  if (failover.length > 0 && topology) lb.get('failoverPriority').surplus('`failover` does not go with topology labels in `failoverPriority`', '`failover` 不能与 `failoverPriority` 中的拓扑标签同时使用');
  localities(distribute.map((entry) => entry.get('from')));
  for (const entry of distribute) {
    const weights = entry.get('to').entries;
    let sum = 0;
    for (const [, weight] of weights) {
      if (weight.number === undefined) continue;
      sum += weight.number;
      if (weight.number < 1 || weight.number > 100) weight.error('a weight is 1 to 100', '权重范围为 1 到 100');
    }
    if (weights.every(([, { number }]) => number !== undefined) && weights.length > 0 && sum !== 100) entry.get('to').error(`the weights make ${sum}, not 100`, `权重之和为 ${sum}，应为 100`);
    localityNames(weights.map(([name, value]) => [name, value]));
  }
  for (const entry of failover) {
    const from = entry.get('from');
    const to = entry.get('to');
    if (from.text !== undefined && from.text === to.text) to.error('`from` and `to` must differ', '`from` 与 `to` 必须不同');
    for (const region of [from, to]) {
      if (region.text?.includes('/')) region.error('a failover names regions only', '故障转移只能写区域');
      if (region.text?.includes('*')) region.error('wildcards do not work here', '此处不支持通配符');
    }
  }
  if (failover.length > 0 && !outlierDetection) lb.get('failover').warn('failover needs `outlierDetection`', '故障转移需要 `outlierDetection`');
}

function localities(values: readonly Value[]): void {
  localityNames(values.flatMap((value): [string, Value][] => (value.text === undefined ? [] : [[value.text, value]])));
}

function localityNames(names: readonly (readonly [string, Value])[]): void {
  const seen: string[] = [];
  for (const [name, value] of names) {
    const parts = name.split('/');
    if (/\*(?!$)/.test(name) || (name.split('*').length > 2)) value.error('`*` may only stand at the end', '`*` 只能放在末尾');
    else if (parts.some((part) => part === '')) value.error('region, zone and subzone may not be empty', '区域、可用区与分区不能为空');
    else if (seen.some((other) => covers(other, name) || covers(name, other))) value.error(`\`${name}\` overlaps with another locality`, `\`${name}\` 与其他地域重叠`);
    seen.push(name);
  }
}

function covers(pattern: string, name: string): boolean {
  if (pattern === name) return true;
  if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1));
  return name.startsWith(`${pattern}/`);
}

/** An endpoint: of a ServiceEntry, or a WorkloadEntry by itself. */
export function workloadEntry(entry: Value, { ipOnly = false, address: needed = true } = {}): void {
  const address = entry.get('address');
  if (needed && !address.filled) {
    if (!entry.get('network').filled) entry.error('needs `address` or `network`', '需要 `address` 或 `network`');
    else entry.warn('without `address` it is reached through the gateway of its network', '没有 `address` 时经由其网络的网关访问');
  }
  const { text } = address;
  if (text !== undefined && text !== '') {
    if (text.startsWith('unix://')) {
      const path = text.slice('unix://'.length);
      if (!/^[/@]/.test(path)) address.error('a socket is an absolute path, or begins with `@`', '套接字必须是绝对路径或以 `@` 开头');
      else if (path.endsWith('/')) address.error('a socket is no folder', '套接字不能是目录');
      if (entry.get('ports').filled) entry.get('ports').error('a socket has no ports', '套接字没有端口');
    } else if (!isIp(text) && (ipOnly || !isDomain(text))) {
      address.error(ipOnly ? 'must be an IP address' : 'must be an IP address or a host name', ipOnly ? '必须是 IP 地址' : '必须是 IP 地址或主机名');
    }
  }
  for (const [name, number] of entry.get('ports').entries) {
    if (!isLabel(name)) number.error(`\`${name}\` is no port name`, `\`${name}\` 不是合法的端口名`);
    port(number);
  }
  labels(entry.get('labels'));
}

/** Number, name and protocol of a port. */
export function namedPort(value: Value, { zero = false } = {}): void {
  if (!value.there) return;
  const number = value.get('number');
  if (!number.unknown && !isPort(number.number ?? 0) && !(zero && (number.number ?? 0) === 0)) (number.there ? number : value).error('a port number is 1 to 65535', '端口号范围为 1 到 65535');
  const protocol = value.get('protocol');
  if (protocol.text !== undefined && protocol.text !== '' && !isProtocol(protocol.text)) protocol.error(`\`${protocol.text}\` is no protocol that Istio knows`, `\`${protocol.text}\` 不是 Istio 支持的协议`);
}

/** Annotations that mean something to the webhook itself. */
export function metadata({ root, kind, spec }: Checked): void {
  const annotations = root.at('metadata', 'annotations');
  const dryRun = annotations.get('istio.io/dry-run');
  if (dryRun.there) {
    if (kind !== 'AuthorizationPolicy') dryRun.error('`istio.io/dry-run` is only for AuthorizationPolicy', '`istio.io/dry-run` 只能用于 AuthorizationPolicy');
    else if (dryRun.text !== undefined && !/^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(dryRun.text)) dryRun.error('must be `"true"` or `"false"`', '必须是 `"true"` 或 `"false"`');
    else if (!['ALLOW', 'DENY', undefined].includes(spec.get('action').text)) dryRun.error('only with `ALLOW` and `DENY`', '只能用于 `ALLOW` 与 `DENY`');
  }
  const reject = annotations.get('internal.istio.io/webhook-always-reject');
  if (reject.there) reject.error('makes the webhook reject the resource', '会使 webhook 拒绝该资源');
  for (const name of ['internal.istio.io/parent-namespace', 'internal.istio.io/parents']) {
    if (annotations.has(name)) annotations.get(name).error('is Istio’s own and may not be written', '为 Istio 内部使用，不能手写');
  }
}
