import type { Value } from '../rules/value.ts';
import { textsOf, type Mesh, type MeshResource, type Report } from './mesh.ts';

/** What depends on the mesh's own configuration: nothing is said where that could be written elsewhere and would decide. */

/** Providers that are there without being written. */
const BUILT_IN = new Set(['prometheus', 'stackdriver', 'envoy']);

function configsOf(mesh: Mesh, resource: MeshResource): Value[] {
  return mesh.settings(resource).flatMap(({ config }) => (config.filled ? [config] : []));
}

/** Ports of TCP without an address: they take in all that goes to their number, unless proxies get addresses by themselves. */
export function entryAddresses(mesh: Mesh, report: Report): void {
  for (const entry of mesh.all('networking.istio.io', 'ServiceEntry')) {
    if (entry.spec.get('addresses').there || mesh.ambient(entry, entry.namespace) || configsOf(mesh, entry).some(capturesDns)) continue;
    for (const port of entry.spec.list('ports')) {
      const protocol = port.get('protocol');
      if (protocol.unknown || (protocol.filled && !/^tcp$/i.test(protocol.text ?? ''))) continue;
      report(entry, { code: 'IST0134', path: protocol.filled ? protocol.path : port.path, said: ['without `addresses` a TCP port takes in all that goes to its number, unless the proxies’ DNS gives addresses out', '没有 `addresses` 时，TCP 端口会接管发往该端口号的全部流量，除非代理的 DNS 自动分配地址'] });
    }
  }
}

function capturesDns(config: Value): boolean {
  return config.at('defaultConfig', 'proxyMetadata', 'ISTIO_META_DNS_CAPTURE').text === 'true';
}

/** Log settings for nobody, and providers that the mesh does not have. */
export function telemetryProviders(mesh: Mesh, report: Report): void {
  for (const telemetry of mesh.all('telemetry.istio.io', 'Telemetry')) {
    const configs = configsOf(mesh, telemetry);
    if (configs.length === 0) continue;
    // `accessLogFile` is no provider: without one the entry is ignored, and the file is written as the mesh says.
    const logsToNobody = configs.every((config) => !config.at('defaultProviders', 'accessLogging').filled);
    for (const entry of telemetry.spec.list('accessLogging')) {
      if (!logsToNobody || entry.has('providers')) continue;
      report(telemetry, { code: 'IST0157', path: entry.path, said: ['names no provider, and the mesh has none by default: it is ignored', '没有指定 provider，网格也没有默认 provider：该设置会被忽略'], remedies: [{ how: 'set', path: [...entry.path, 'providers'], value: [{ name: 'envoy' }] }] });
    }
    for (const name of ['accessLogging', 'metrics', 'tracing'].flatMap((part) => telemetry.spec.list(part)).flatMap((entry) => entry.list('providers')).map((provider) => provider.get('name'))) {
      unknownProvider(telemetry, name, configs, report);
      if (name.text !== undefined && configs.some((config) => providersOf(config).some((provider) => provider.get('name').text === name.text && provider.has('lightstep')))) {
        report(telemetry, { code: 'IST0002', path: name.path, said: [`the provider \`${name.text}\` is Lightstep: use \`opentelemetry\``, `provider \`${name.text}\` 为 Lightstep，请改用 \`opentelemetry\``] });
      }
    }
  }
  for (const policy of mesh.all('security.istio.io', 'AuthorizationPolicy')) {
    if (policy.spec.get('action').text === 'CUSTOM') unknownProvider(policy, policy.spec.at('provider', 'name'), configsOf(mesh, policy), report);
  }
}

function providersOf(config: Value): Value[] {
  return config.list('extensionProviders');
}

function unknownProvider(resource: MeshResource, name: Value, configs: readonly Value[], report: Report): void {
  const known = configs.flatMap(providersOf).flatMap((provider) => provider.get('name').text ?? []);
  // A mesh that names no providers may get them from a profile.
  if (name.text === undefined || name.text === '' || BUILT_IN.has(name.text) || known.length === 0 || known.some((one) => one.toLowerCase() === name.text!.toLowerCase())) return;
  report(resource, { code: 'IH0104', path: name.path, said: [`\`extensionProviders\` has no \`${name.text}\`: ${known.join(', ')}`, `\`extensionProviders\` 中没有 \`${name.text}\`，只有 ${known.join('、')}`], remedies: known.slice(0, 3).map((other) => ({ how: 'replace', with: other })) });
}

/** Registries of networks that are no cluster. Clusters are known by the secrets that lead to them: without any nothing can be said. */
export function meshNetworks(mesh: Mesh, report: Report): void {
  const clusters = mesh.all('', 'Secret').filter(({ labels }) => labels['istio/multiCluster'] === 'true').flatMap(({ root }) => [...root.get('data').entries, ...root.get('stringData').entries].map(([name]) => name));
  if (clusters.length === 0) return;
  const own = mesh.all('install.istio.io', 'IstioOperator').flatMap(({ spec }) => spec.at('values', 'global', 'multiCluster', 'clusterName').text ?? []);
  const known = new Set(['Kubernetes', ...clusters, ...own]);
  for (const resource of mesh.resources) {
    const networks = resource.settings?.networks;
    for (const [network, value] of (networks?.has('networks') ? networks.get('networks') : networks)?.entries ?? []) {
      for (const registry of value.list('endpoints').map((endpoint) => endpoint.get('fromRegistry'))) {
        if (registry.text === undefined || known.has(registry.text)) continue;
        report(resource, { code: 'IST0126', path: registry.path, said: [`\`${registry.text}\` in the network \`${network}\` is none of the clusters ${[...known].join(', ')}`, `网络 \`${network}\` 中的 \`${registry.text}\` 不是已知集群：${[...known].join('、')}`] });
      }
    }
  }
}

/** Secrets of Gateways, as far as they are written: in the namespace of the pods, with a key and a certificate. */
export function gatewaySecrets(mesh: Mesh, report: Report): void {
  const secrets = mesh.all('', 'Secret');
  for (const gateway of mesh.all('networking.istio.io', 'Gateway')) {
    const selector = textsOf(gateway.spec.get('selector'));
    const pods = Object.keys(selector).length === 0 ? [] : mesh.selected(selector, undefined);
    const places = new Set(pods.map(({ namespace }) => namespace));
    for (const name of gateway.spec.list('servers').map((server) => server.at('tls', 'credentialName'))) {
      if (name.text === undefined || name.text.includes('://')) continue;
      const found = secrets.filter((secret) => secret.name === name.text);
      const near = found.filter(({ namespace }) => places.has(namespace));
      if (found.length > 0 && near.length === 0 && places.size > 0) {
        const where = found.map(({ namespace }) => namespace).join(', ');
        report(gateway, { code: 'IST0101', severity: 'warning', path: name.path, said: [`the secret \`${name.text}\` is in ${where}, the gateway’s pods are in ${[...places].join(', ')}`, `密钥 \`${name.text}\` 在 ${where}，而网关的 Pod 在 ${[...places].join('、')}`] });
      } else if (near.length > 0 && near.every(isNoCertificate)) {
        report(gateway, { code: 'IST0161', path: name.path, said: [`the secret \`${name.text}\` has no \`tls.key\` and \`tls.crt\``, `密钥 \`${name.text}\` 中没有 \`tls.key\` 与 \`tls.crt\``] });
      }
    }
  }
}

/** Data that is there and holds no pair of key and certificate; without any something else fills it. */
function isNoCertificate({ root }: MeshResource): boolean {
  const keys = new Set(['data', 'stringData'].flatMap((part) => root.get(part).entries.map(([key]) => key)));
  const pair = (...names: string[]) => names.every((name) => keys.has(name));
  return keys.size > 0 && !pair('tls.key', 'tls.crt') && !pair('key', 'cert');
}
