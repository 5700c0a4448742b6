import type { Checked, Value } from './value.ts';
import { isDomain, isIp, isPort, isWildcardDomain } from './values.ts';
import { clientTls, connectionPool, duration, exclusive, exportTo, filledText, label, labels, labelSelector, localityLb, notNegative, percent } from './shared.ts';

/** DestinationRule, by the rules of Istio's webhook. */
export function destinationRule(resource: Checked): void {
  const { spec, namespace } = resource;
  const host = spec.get('host');
  if (host.text !== undefined && !isWildcardDomain(host.text)) host.error(`\`${host.text}\` is no host name`, `\`${host.text}\` 不是合法的主机名`);
  trafficPolicy(spec.get('trafficPolicy'));
  const names = new Set<string>();
  for (const subset of spec.list('subsets')) {
    if (!subset.there) subset.error('a subset may not be null', '子集不能为 null');
    const name = subset.get('name');
    label(name);
    if (name.text !== undefined && names.has(name.text)) name.error(`the subset \`${name.text}\` is there twice`, `子集 \`${name.text}\` 重复`);
    if (name.text !== undefined) names.add(name.text);
    labels(subset.get('labels'));
    trafficPolicy(subset.get('trafficPolicy'));
  }
  for (const policy of [spec.get('trafficPolicy'), ...spec.list('subsets').map((subset) => subset.get('trafficPolicy'))]) {
    for (const part of [policy, ...policy.list('portLevelSettings')]) configMap(part.at('tls', 'credentialName'), namespace);
  }
  exportTo(resource);
  labelSelector(spec.get('workloadSelector'));
  if (spec.has('workloadSelector') && spec.get('exportTo').filled) {
    const list = spec.list('exportTo');
    if (list.length > 1) spec.get('exportTo').error('with `workloadSelector` there is one entry at most', '与 `workloadSelector` 同用时最多一项');
    else if (list[0]?.text !== undefined && list[0].text !== '.' && list[0].text !== namespace) list[0].error('with `workloadSelector` only the own namespace', '与 `workloadSelector` 同用时只能是本命名空间');
  }
}

/** Certificates of a ConfigMap: `configmap://name`, or with the resource's own namespace in front. */
function configMap(credential: Value, namespace: string): void {
  const [, name] = /^configmap:\/\/(.*)$/.exec(credential.text ?? '') ?? [];
  if (name === undefined) return;
  const parts = name.split('/');
  if (parts.length > 2 || parts.includes('')) credential.error('must be `configmap://name` or `configmap://namespace/name`', '必须写作 `configmap://名称` 或 `configmap://命名空间/名称`');
  else if (parts.length === 2 && parts[0] !== namespace) credential.error('the ConfigMap must be in the resource’s own namespace', 'ConfigMap 必须与该资源在同一命名空间');
}

const POLICIES = ['connectionPool', 'loadBalancer', 'outlierDetection', 'tls', 'portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'];

function trafficPolicy(policy: Value): void {
  if (!policy.there) return;
  if (policy.firstOf(...POLICIES) === undefined) policy.error('a traffic policy has at least one field', '流量策略至少要有一个字段');
  if (policy.has('tunnel') && policy.has('proxyProtocol')) policy.get('proxyProtocol').surplus('`tunnel` and `proxyProtocol` exclude each other', '`tunnel` 与 `proxyProtocol` 互斥');
  parts(policy);
  const tunnel = policy.get('tunnel');
  if (tunnel.there) {
    const { text: protocol } = tunnel.get('protocol');
    if (protocol !== undefined && !['CONNECT', 'POST', ''].includes(protocol.toUpperCase())) tunnel.get('protocol').error('must be `CONNECT` or `POST`', '必须是 `CONNECT` 或 `POST`');
    const { text: target } = tunnel.get('targetHost');
    if (target !== undefined && !isDomain(target) && !isIp(target)) tunnel.get('targetHost').error('must be a host name or an address', '必须是主机名或 IP 地址');
    const number = tunnel.get('targetPort');
    if (number.number !== undefined && !isPort(number.number)) number.error('a port is 1 to 65535', '端口范围为 1 到 65535');
  }
  for (const entry of policy.list('portLevelSettings')) {
    if (!entry.there) entry.error('may not be null', '不能为 null');
    else if (!entry.has('port')) entry.error('needs a `port`', '需要 `port`');
    else if (entry.firstOf('connectionPool', 'loadBalancer', 'outlierDetection', 'tls') === undefined) entry.error('needs at least one policy', '至少要有一项策略');
    parts(entry);
  }
}

function parts(policy: Value): void {
  connectionPool(policy.get('connectionPool'));
  loadBalancer(policy.get('loadBalancer'), policy.has('outlierDetection'));
  outlierDetection(policy.get('outlierDetection'));
  clientTls(policy.get('tls'));
}

/** Outlier detection, of a host or of the whole mesh. */
export function outlierDetection(value: Value): void {
  if (!value.there) return;
  duration(value.get('interval'));
  duration(value.get('baseEjectionTime'));
  if (value.get('consecutiveLocalOriginFailures').filled && value.get('splitExternalLocalOriginErrors').flag !== true && !value.get('splitExternalLocalOriginErrors').unknown) {
    value.get('consecutiveLocalOriginFailures').error('needs `splitExternalLocalOriginErrors: true`', '需要 `splitExternalLocalOriginErrors: true`');
  }
  percent(value.get('maxEjectionPercent'));
  percent(value.get('minHealthPercent'));
}

function loadBalancer(value: Value, outlier: boolean): void {
  if (!value.there) return;
  localityLb(value.get('localityLbSetting'), outlier);
  exclusive(value, 'simple', 'consistentHash');
  const hash = value.get('consistentHash');
  if (hash.there) consistentHash(hash);
  const warmup = value.get('warmup');
  if (warmup.there) {
    duration(warmup.get('duration'));
    percent(warmup.get('minimumPercent'));
    const aggression = warmup.get('aggression');
    if (aggression.number !== undefined && aggression.number < 1) aggression.error('must be at least 1', '至少为 1');
  }
  duration(value.get('warmupDurationSecs'));
}

function consistentHash(hash: Value): void {
  exclusive(hash, 'httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName');
  exclusive(hash, 'ringHash', 'maglev');
  const old = hash.get('minimumRingSize');
  if (old.filled && hash.firstOf('ringHash', 'maglev') !== undefined) old.surplus('does not go with `ringHash` or `maglev`', '不能与 `ringHash` 或 `maglev` 同时使用');
  const cookie = hash.get('httpCookie');
  filledText(cookie.get('name'));
  const seen = new Set<string>();
  for (const attribute of cookie.list('attributes')) {
    const name = attribute.get('name');
    filledText(name);
    if (name.text !== undefined && seen.has(name.text)) name.error(`the attribute \`${name.text}\` is there twice`, `属性 \`${name.text}\` 重复`);
    if (name.text !== undefined) seen.add(name.text);
  }
  const maglev = hash.get('maglev');
  if (!maglev.there) return;
  const size = maglev.get('tableSize');
  if (size.unknown) return;
  if (!size.there) maglev.error('needs `tableSize`', '需要 `tableSize`');
  else if (size.number !== undefined && size.number >= 5_000_011) size.error('must be below 5000011', '必须小于 5000011');
  else if (size.number !== undefined && !isPrime(size.number)) size.error('must be a prime number', '必须是质数');
  notNegative(maglev, 'tableSize');
}

function isPrime(number: number): boolean {
  if (!Number.isInteger(number) || number < 2) return false;
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return true;
}
