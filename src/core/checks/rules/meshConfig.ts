import type { Checked, Value } from './value.ts';
import { isDomain, isIpOrRange, isLabel, isPort, isWildcardDomain, milliseconds } from './values.ts';
import { outlierDetection } from './destinationRule.ts';
import { clientTls, connectionPool, duration, exclusive } from './shared.ts';
import { retries } from './virtualService.ts';

/** MeshConfig, ProxyConfig inside it and MeshNetworks, by the rules that istiod checks them with. */
export function meshConfig(mesh: Value): void {
  portOf(mesh.get('proxyListenPort'));
  const timeout = milliseconds(mesh.get('connectTimeout').text ?? '');
  if (timeout !== undefined && (timeout < 1 || timeout > 3_600_000)) mesh.get('connectTimeout').error('is 1ms to 1h', '范围为 1ms 到 1h');
  duration(mesh.get('protocolDetectionTimeout'), { zero: true });
  for (const entry of mesh.list('serviceSettings')) {
    for (const host of entry.list('hosts')) if (host.text !== undefined && !isWildcardDomain(host.text)) host.error('is no host name', '不是合法的主机名');
  }
  for (const domain of [mesh.get('trustDomain'), ...mesh.list('trustDomainAliases')]) if (domain.text !== undefined && !isDomain(domain.text)) domain.error('is no trust domain', '不是合法的信任域');
  if (mesh.at('meshMTLS', 'ecdhCurves').filled) mesh.at('meshMTLS', 'ecdhCurves').error('is not supported inside the mesh', '网格内部不支持');
  const curves = new Set<string>();
  for (const curve of mesh.get('tlsDefaults').list('ecdhCurves')) {
    if (curve.text === undefined) continue;
    if (!['P-256', 'P-384', 'P-521', 'X25519', 'X25519MLKEM768'].includes(curve.text)) curve.warn('an unknown curve is ignored', '未知的曲线会被忽略', { how: 'remove' });
    else if (curves.has(curve.text)) curve.warn('is there twice', '重复', { how: 'remove' });
    curves.add(curve.text);
  }
  clientTls(mesh.at('outboundTrafficPolicy', 'tls'));
  retries(mesh.get('defaultHttpRetryPolicy'));
  connectionPool(mesh.at('defaultTrafficPolicy', 'connectionPool'));
  outlierDetection(mesh.at('defaultTrafficPolicy', 'outlierDetection'));
  providers(mesh);
  proxyConfig(mesh.get('defaultConfig'));
}

/** IstioOperator: the mesh configuration in it, at both places, and the revision, which becomes part of a Service's name. */
export function istioOperator({ spec }: Checked): void {
  meshConfig(spec.get('meshConfig'));
  meshConfig(spec.at('values', 'meshConfig'));
  const revision = spec.get('revision');
  if (revision.text !== undefined && revision.text !== '' && !isLabel(revision.text)) revision.error('must be fit for names of Services: lower-case letters, digits and `-`', '须能用于 Service 名称：小写字母、数字与 `-`', { how: 'replace', with: revision.text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') });
}

function portOf(value: Value): void {
  if (value.number !== undefined && !isPort(value.number)) value.error('a port is 1 to 65535', '端口范围为 1 到 65535');
}

/** `host:port`. */
function address(value: Value): void {
  const { text } = value;
  if (text === undefined || text === '') return;
  const match = /^(?:\[[^\]]+\]|[^:]+):(\d+)$/.exec(text);
  if (!match || !isPort(Number(match[1]))) value.error('must be `host:port`', '必须写作 `主机:端口`');
}

export function proxyConfig(config: Value): void {
  if (!config.there) return;
  const drain = milliseconds(config.get('drainDuration').text ?? '');
  if (drain !== undefined && (drain < 1 || drain % 1_000 !== 0)) config.get('drainDuration').error('has whole seconds', '须为整数秒');
  for (const key of ['discoveryAddress', 'statsdUdpAddress', 'envoyMetricsServiceAddress', 'zipkinAddress']) address(config.get(key));
  for (const key of ['envoyMetricsService', 'envoyAccessLogService']) address(config.at(key, 'address'));
  if (config.get('controlPlaneAuthPolicy').text === 'INHERIT') config.get('controlPlaneAuthPolicy').error('is `NONE` or `MUTUAL_TLS`', '只能是 `NONE` 或 `MUTUAL_TLS`');
  exclusive(config, 'serviceCluster', 'tracingServiceName');
  const tracing = config.get('tracing');
  exclusive(tracing, 'zipkin', 'lightstep', 'datadog', 'stackdriver', 'openCensusAgent');
  exclusive(config.get('privateKeyProvider'), 'cryptomb', 'qat');
  for (const key of ['zipkin', 'lightstep', 'datadog']) address(tracing.at(key, 'address'));
  for (const [, tag] of tracing.get('customTags').entries) {
    if (tag.isNull) tag.error('may not be null', '不能为 null');
    exclusive(tag, 'literal', 'environment', 'header', 'formatter');
  }
  if (config.get('proxyMetadata').has('ISTIO_META_DNS_AUTO_ALLOCATE')) config.at('proxyMetadata', 'ISTIO_META_DNS_AUTO_ALLOCATE').warn('is deprecated: istiod allocates addresses by itself', '已弃用：istiod 会自行分配地址');
  portOf(config.get('proxyAdminPort'));
  portOf(config.get('statusPort'));
  for (const name of ['cryptomb', 'qat']) {
    const provider = config.at('privateKeyProvider', name);
    if (provider.there && (milliseconds(provider.get('pollDelay').text ?? '') ?? 0) <= 0 && !provider.get('pollDelay').unknown) provider.error('needs a `pollDelay` above 0', '需要大于 0 的 `pollDelay`');
  }
}

function providers(mesh: Value): void {
  const names = new Set<string>();
  for (const provider of mesh.list('extensionProviders')) {
    const name = provider.get('name');
    if (!name.there || name.text === '') provider.warn('needs a `name`', '需要 `name`');
    if (name.text !== undefined && names.has(name.text)) name.warn(`the provider \`${name.text}\` is there twice`, `provider \`${name.text}\` 重复`);
    if (name.text !== undefined) names.add(name.text);
    exclusive(provider, ...provider.entries.flatMap(([key, body]) => (key !== 'name' && body.entries.length > 0 ? [key] : [])));
    for (const [key, body] of provider.entries) {
      if (key === 'name' || !body.has('service')) continue;
      const host = body.get('service');
      if (host.text !== undefined && !isDomain(host.text.replace(/^[^/]+\//, ''))) host.warn('is no host name', '不是合法的主机名');
      portOf(body.get('port'));
    }
  }
}

export function meshNetworks(networks: Value): void {
  for (const [, network] of networks.get('networks').entries) {
    for (const endpoint of network.list('endpoints')) {
      exclusive(endpoint, 'fromCidr', 'fromRegistry');
      const range = endpoint.get('fromCidr');
      if (range.text !== undefined && !isIpOrRange(range.text)) range.error('must be an address or a range', '必须是 IP 或地址段');
      const registry = endpoint.get('fromRegistry');
      if (registry.text !== undefined && !isLabel(registry.text)) registry.error('is no name of a cluster', '不是合法的集群名');
    }
    for (const gateway of network.list('gateways')) {
      exclusive(gateway, 'registryServiceName', 'address');
      const service = gateway.get('registryServiceName');
      if (service.text !== undefined && !isDomain(service.text)) service.error('must be a full host name', '必须是完整主机名');
      portOf(gateway.get('port'));
    }
  }
}
