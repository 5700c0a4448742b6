import type { Checked, Value } from './value.ts';
import { isIp, milliseconds } from './values.ts';
import { exclusive } from './shared.ts';

/** The Gateway API's kinds, by the CEL rules of its definitions (1.6, both channels). */

const HOSTNAME = /^(?:\*\.)?[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const PROTOCOLS = ['HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP', 'HBONE'];
const META_KEY = /^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\/)?(?:[A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$/;

export function gateway({ spec }: Checked): void {
  const addresses = new Set<string>();
  for (const address of spec.list('addresses')) {
    const type = address.get('type').text ?? 'IPAddress';
    const value = address.get('value');
    if (value.text === undefined) continue;
    if (addresses.has(`${type} ${value.text}`)) value.error('is there twice', '重复');
    addresses.add(`${type} ${value.text}`);
    if (type === 'IPAddress' && !address.get('type').unknown && value.text !== '' && !isIp(value.text)) value.error('is no IP address: a name has `type: Hostname`', '不是 IP 地址：主机名须写 `type: Hostname`');
    if (type === 'Hostname' && value.text !== '' && !HOSTNAME.test(value.text)) value.error('is no host name', '不是合法的主机名');
  }
  for (const name of ['annotations', 'labels']) {
    for (const [key, value] of spec.at('infrastructure', name).entries) if (!META_KEY.test(key) || key.split('/')[0]!.length >= 253) value.error(`\`${key}\` is no key of ${name}`, `\`${key}\` 不是合法的键`);
  }
  listeners(spec);
  const ports = new Set<number>();
  for (const entry of spec.at('tls', 'frontend').list('perPort')) {
    const { number } = entry.get('port');
    if (number !== undefined && ports.has(number)) entry.get('port').error(`the port ${number} is there twice`, `端口 ${number} 重复`);
    if (number !== undefined) ports.add(number);
  }
}

export function listenerSet({ spec }: Checked): void {
  listeners(spec);
}

/** The option of a listener by which Istio asks clients for certificates. */
const TERMINATE_MODE = 'gateway.istio.io/tls-terminate-mode';
const TERMINATE_MODES = ['MUTUAL', 'OPTIONAL_MUTUAL', 'ISTIO_MUTUAL', 'ISTIO_SIMPLE'];

function listeners(spec: Value): void {
  const names = new Set<string>();
  const places = new Set<string>();
  for (const listener of spec.list('listeners')) {
    const protocol = listener.get('protocol').text;
    const tls = listener.get('tls');
    const hostname = listener.get('hostname');
    if (protocol !== undefined && ['HTTP', 'TCP', 'UDP'].includes(protocol) && tls.there) tls.error(`\`${protocol}\` has no \`tls\``, `\`${protocol}\` 不能写 \`tls\``);
    const mode = tls.get('mode').text ?? (tls.get('mode').unknown ? undefined : 'Terminate');
    if (protocol === 'HTTPS' && tls.there && mode !== undefined && mode !== 'Terminate') tls.get('mode').error('`HTTPS` terminates TLS: `Terminate`', '`HTTPS` 必须终止 TLS：`Terminate`');
    if (protocol === 'TLS' && !tls.there) listener.error('`TLS` needs `tls`', '`TLS` 需要 `tls`');
    if (protocol === 'HTTPS' && !tls.there) listener.get('protocol').warn('without `tls` it has no certificate and takes no connection', '没有 `tls` 就没有证书，无法接受连接');
    if (protocol !== undefined && protocol !== protocol.toUpperCase() && PROTOCOLS.includes(protocol.toUpperCase())) listener.get('protocol').warn(`must be \`${protocol.toUpperCase()}\`: Istio does not know \`${protocol}\``, `应为 \`${protocol.toUpperCase()}\`：Istio 不认识 \`${protocol}\``, { how: 'replace', with: protocol.toUpperCase() });
    if (protocol !== undefined && ['TCP', 'UDP'].includes(protocol) && hostname.filled) hostname.error(`\`${protocol}\` has no host name`, `\`${protocol}\` 不能写主机名`);
    if (tls.there && mode === 'Terminate' && !tls.get('certificateRefs').filled && !tls.get('options').filled) tls.error('`Terminate` needs `certificateRefs` or `options`', '`Terminate` 需要 `certificateRefs` 或 `options`');
    const options = tls.get('options');
    if (options.entries.length > 16) options.error('has at most 16 entries', '最多 16 项');
    for (const [, value] of options.entries) if ((value.text?.length ?? 0) > 4096) value.error('has at most 4096 characters', '最多 4096 个字符');
    const terminate = options.get(TERMINATE_MODE);
    if (terminate.text !== undefined && !TERMINATE_MODES.includes(terminate.text)) terminate.warn(`is none of ${TERMINATE_MODES.join(', ')}: it is ignored, and nobody is asked for a certificate`, `不是 ${TERMINATE_MODES.join('、')} 之一：会被忽略，不要求任何客户端出示证书`, ...TERMINATE_MODES.filter((one) => one === terminate.text!.toUpperCase()).map((one) => ({ how: 'replace' as const, with: one })));
    const name = listener.get('name');
    if (name.text !== undefined && names.has(name.text)) name.error(`the listener \`${name.text}\` is there twice`, `监听器 \`${name.text}\` 重复`);
    if (name.text !== undefined) names.add(name.text);
    const { number } = listener.get('port');
    const place = `${number} ${protocol} ${hostname.text ?? ''}`;
    if (number !== undefined && protocol !== undefined && !hostname.unknown) {
      if (places.has(place)) listener.error('another listener has the same port, protocol and host name', '已有监听器使用相同的端口、协议与主机名');
      places.add(place);
    }
  }
}

/** Entries that a list may have once only. */
function unique(list: Value, key?: string): void {
  const seen = new Set<string>();
  for (const entry of list.items) {
    const value = key === undefined ? entry : entry.get(key);
    if (value.text !== undefined && seen.has(value.text)) value.error(`\`${value.text}\` is there twice`, `\`${value.text}\` 重复`);
    if (value.text !== undefined) seen.add(value.text);
  }
}

/** What every route has. */
function parents(spec: Value): void {
  const seen = new Map<string, Value[]>();
  for (const parent of spec.list('parentRefs')) {
    if (parent.get('name').text === undefined) continue;
    const key = ['group', 'kind', 'namespace', 'name'].map((part) => parent.get(part).text ?? { group: 'gateway.networking.k8s.io', kind: 'Gateway' }[part] ?? '').join('/');
    seen.set(key, [...(seen.get(key) ?? []), parent]);
  }
  for (const same of seen.values()) {
    if (same.length < 2) continue;
    const places = new Set<string>();
    const bare = same.filter((parent) => !parent.get('sectionName').filled && !parent.has('port'));
    if (bare.length > 0 && bare.length < same.length) bare[0]!.error('the same parent is named again with `sectionName`: name it here too', '同一父资源在别处写了 `sectionName`，此处也要写');
    for (const parent of same) {
      const place = `${parent.get('sectionName').text ?? ''}:${parent.get('port').number ?? ''}`;
      if (places.has(place)) parent.error('the same parent is there twice', '同一父资源重复');
      places.add(place);
    }
  }
}

function backend(ref: Value): void {
  if (!ref.there || ref.unknown) return;
  const service = (ref.get('group').text ?? '') === '' && (ref.get('kind').text ?? 'Service') === 'Service' && !ref.get('group').unknown;
  if (service && !ref.has('port')) ref.error('a Service needs a `port`', '引用 Service 需要 `port`');
}

const FILTERS: Readonly<Record<string, string>> = {
  RequestHeaderModifier: 'requestHeaderModifier', ResponseHeaderModifier: 'responseHeaderModifier', RequestMirror: 'requestMirror', RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite', CORS: 'cors', ExtensionRef: 'extensionRef', ExternalAuth: 'externalAuth',
};
const ONCE = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite', 'CORS'];

function filters(holder: Value): void {
  const seen = new Set<string>();
  for (const filter of holder.list('filters')) {
    const type = filter.get('type').text;
    if (type === undefined) continue;
    if (ONCE.includes(type) && seen.has(type)) filter.get('type').error(`\`${type}\` cannot be repeated`, `\`${type}\` 不能重复`);
    seen.add(type);
    for (const [name, field] of Object.entries(FILTERS)) {
      if (name === type && !filter.has(field)) filter.error(`\`${type}\` needs \`${field}\``, `\`${type}\` 需要 \`${field}\``);
      if (name !== type && filter.has(field)) filter.get(field).error(`\`${field}\` goes with \`type: ${name}\``, `\`${field}\` 需要 \`type: ${name}\``);
    }
    for (const key of ['allowHeaders', 'allowMethods', 'allowOrigins']) {
      const list = filter.get('cors').texts(key);
      if (list.includes('*') && list.length > 1) filter.at('cors', key).error('`*` stands alone', '`*` 必须单独使用');
    }
    for (const key of ['allowHeaders', 'allowMethods', 'allowOrigins', 'exposeHeaders']) unique(filter.at('cors', key));
    for (const key of ['requestHeaderModifier', 'responseHeaderModifier']) {
      unique(filter.at(key, 'add'), 'name');
      unique(filter.at(key, 'set'), 'name');
      unique(filter.at(key, 'remove'));
      for (const header of [...filter.get(key).list('add'), ...filter.get(key).list('set')]) {
        if (/[\r\n\0]/.test(header.get('value').text ?? '')) header.get('value').error('a header value is one line', '头的值不能换行');
      }
    }
    const mirror = filter.get('requestMirror');
    exclusive(mirror, 'percent', 'fraction');
    backend(mirror.get('backendRef'));
    const { number: numerator } = mirror.at('fraction', 'numerator');
    const denominator = mirror.at('fraction', 'denominator').number ?? 100;
    if (numerator !== undefined && numerator > denominator) mirror.at('fraction', 'numerator').error('is more than the denominator', '大于分母');
    for (const key of ['requestRedirect', 'urlRewrite']) pathModifier(filter.at(key, 'path'));
    const auth = filter.get('externalAuth');
    for (const [protocol, field] of [['GRPC', 'grpc'], ['HTTP', 'http']] as const) {
      const chosen = auth.get('protocol').text;
      if (chosen === protocol && !auth.has(field)) auth.error(`\`${protocol}\` needs \`${field}\``, `\`${protocol}\` 需要 \`${field}\``);
      if (chosen !== undefined && chosen !== protocol && auth.has(field)) auth.get(field).error(`goes with \`protocol: ${protocol}\``, `需要 \`protocol: ${protocol}\``);
    }
  }
  if (seen.has('RequestRedirect') && seen.has('URLRewrite')) holder.get('filters').surplus('`RequestRedirect` and `URLRewrite` exclude each other', '`RequestRedirect` 与 `URLRewrite` 互斥');
}

function pathModifier(path: Value): void {
  const type = path.get('type').text;
  if (type === undefined) return;
  for (const [name, field] of [['ReplaceFullPath', 'replaceFullPath'], ['ReplacePrefixMatch', 'replacePrefixMatch']] as const) {
    if (type === name && !path.has(field)) path.error(`\`${name}\` needs \`${field}\``, `\`${name}\` 需要 \`${field}\``);
    if (type !== name && path.has(field)) path.get(field).error(`goes with \`type: ${name}\``, `需要 \`type: ${name}\``);
  }
}

function replacesPrefix(filter: Value, field: string): boolean {
  return filter.at(field, 'path', 'replacePrefixMatch').there && filter.at(field, 'path', 'type').text === 'ReplacePrefixMatch';
}

function persistence(value: Value): void {
  const cookie = value.get('cookieConfig');
  if (!cookie.there) return;
  if ((value.get('type').text ?? 'Cookie') !== 'Cookie') cookie.surplus('goes with `type: Cookie`', '需要 `type: Cookie`');
  if (cookie.get('lifetimeType').text === 'Permanent' && !value.has('absoluteTimeout')) cookie.get('lifetimeType').error('`Permanent` needs `absoluteTimeout`', '`Permanent` 需要 `absoluteTimeout`');
}

function rules(spec: Value): void {
  const names = new Set<string>();
  let matches = 0;
  for (const rule of spec.list('rules')) {
    const name = rule.get('name');
    if (name.text !== undefined && names.has(name.text)) name.error(`the rule \`${name.text}\` is there twice`, `规则 \`${name.text}\` 重复`);
    if (name.text !== undefined) names.add(name.text);
    filters(rule);
    persistence(rule.get('sessionPersistence'));
    for (const ref of rule.list('backendRefs')) {
      backend(ref);
      filters(ref);
    }
    for (const match of rule.list('matches')) for (const key of ['headers', 'queryParams']) unique(match.get(key), 'name');
    matches += rule.list('matches').length;
  }
  if (matches > 128) spec.get('rules').error(`${matches} matches: at most 128 in all rules together`, `共 ${matches} 个匹配，所有规则合计最多 128 个`);
}

export function httpRoute({ spec }: Checked): void {
  parents(spec);
  rules(spec);
  for (const rule of spec.list('rules')) {
    for (const match of rule.list('matches')) httpPath(match.get('path'));
    const own = rule.list('filters');
    const redirect = own.find((filter) => filter.has('requestRedirect'));
    if (redirect && rule.get('backendRefs').filled) redirect.error('a redirect has no `backendRefs` beside it', '重定向不能与 `backendRefs` 同时使用');
    const all = [...own, ...rule.list('backendRefs').flatMap((ref) => ref.list('filters'))];
    const list = rule.list('matches');
    const prefixOnly = rule.has('matches') ? list.length === 1 && (list[0]!.at('path', 'type').text ?? 'PathPrefix') === 'PathPrefix' : true;
    for (const filter of all) {
      for (const field of ['requestRedirect', 'urlRewrite']) {
        if (replacesPrefix(filter, field) && !prefixOnly) filter.at(field, 'path', 'replacePrefixMatch').error('needs exactly one match, by `PathPrefix`', '要求恰有一个 `PathPrefix` 匹配');
      }
    }
    const request = milliseconds(rule.at('timeouts', 'request').text ?? '');
    const each = milliseconds(rule.at('timeouts', 'backendRequest').text ?? '');
    if (request !== undefined && each !== undefined && request !== 0 && each > request) rule.at('timeouts', 'backendRequest').error('is longer than `request`', '长于 `request`');
  }
}

const PATH = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/;

function httpPath(path: Value): void {
  const type = path.get('type').text ?? 'PathPrefix';
  const value = path.get('value');
  const { text } = value;
  if (text === undefined || !['Exact', 'PathPrefix'].includes(type) || path.get('type').unknown) return;
  if (!text.startsWith('/')) value.error('a path begins with `/`', '路径须以 `/` 开头');
  else if (/\/\/|\/\.\/|\/\.\.\/|%2f|%2F|#|\/\.\.?$/.test(text)) value.error('a path has no `//`, `/./`, `/../`, `%2F` or `#`', '路径不能含 `//`、`/./`、`/../`、`%2F` 或 `#`');
  else if (!PATH.test(text)) value.error('has characters that a path cannot have', '含有路径不允许的字符');
}

export function grpcRoute({ spec }: Checked): void {
  parents(spec);
  rules(spec);
  for (const rule of spec.list('rules')) {
    for (const match of rule.list('matches')) {
      const method = match.get('method');
      if (!method.there) continue;
      const type = method.get('type').text ?? 'Exact';
      if (method.firstOf('service', 'method') === undefined) method.error('needs `service` or `method`', '需要 `service` 或 `method`');
      const { text: service } = method.get('service');
      const { text: name } = method.get('method');
      if (type !== 'Exact') continue;
      if (service !== undefined && !/^\.?[a-z_][a-z_0-9]*(?:\.[a-z_][a-z_0-9]*)*$/i.test(service)) method.get('service').error('is no gRPC service', '不是合法的 gRPC 服务名');
      if (name !== undefined && !/^[A-Za-z_][A-Za-z_0-9]*$/.test(name)) method.get('method').error('is no gRPC method', '不是合法的 gRPC 方法名');
    }
  }
}

export function l4Route({ spec, kind }: Checked): void {
  parents(spec);
  for (const rule of spec.list('rules')) for (const ref of rule.list('backendRefs')) backend(ref);
  if (kind !== 'TLSRoute') return;
  for (const host of spec.list('hostnames')) {
    if (host.text === undefined) continue;
    if (isIp(host.text)) host.error('an address is no host name', 'IP 地址不能作为主机名');
    else if (!HOSTNAME.test(host.text)) host.error('is no host name', '不是合法的主机名');
  }
}

export function backendTlsPolicy({ spec }: Checked): void {
  const seen = new Map<string, Value[]>();
  for (const target of spec.list('targetRefs')) {
    const key = ['group', 'kind', 'name'].map((part) => target.get(part).text ?? '').join('/');
    seen.set(key, [...(seen.get(key) ?? []), target]);
  }
  for (const same of seen.values()) {
    if (same.length < 2) continue;
    const sections = same.map((target) => target.get('sectionName').text ?? '');
    if (sections.includes('') || new Set(sections).size < sections.length) same.at(-1)!.error('the same target is named again: every reference needs its own `sectionName`', '同一目标重复：每个引用都需要不同的 `sectionName`');
  }
  const validation = spec.get('validation');
  if (!validation.there) return;
  const own = validation.get('caCertificateRefs').filled;
  const known = validation.get('wellKnownCACertificates').filled;
  if (own && known) validation.get('wellKnownCACertificates').surplus('does not go with `caCertificateRefs`', '不能与 `caCertificateRefs` 同用');
  if (!own && !known) validation.error('needs `caCertificateRefs` or `wellKnownCACertificates`', '需要 `caCertificateRefs` 或 `wellKnownCACertificates`');
  for (const name of validation.list('subjectAltNames')) {
    for (const [type, field] of [['Hostname', 'hostname'], ['URI', 'uri']] as const) {
      if (name.get('type').text === type && !name.get(field).filled) name.error(`\`${type}\` needs \`${field}\``, `\`${type}\` 需要 \`${field}\``);
      if (name.get('type').text !== undefined && name.get('type').text !== type && name.get(field).filled) name.get(field).error(`goes with \`type: ${type}\``, `需要 \`type: ${type}\``);
    }
  }
}

export function backendTrafficPolicy({ spec }: Checked): void {
  const hour = 3_600_000;
  for (const [value, least] of [[spec.at('retryConstraint', 'budget', 'interval'), 1_000], [spec.at('retryConstraint', 'minRetryRate', 'interval'), 1]] as const) {
    const length = milliseconds(value.text ?? '');
    if (length !== undefined && (length < least || length > hour)) value.error(`is ${least === 1 ? 'above 0' : 'at least 1s'} and at most 1h`, `须${least === 1 ? '大于 0' : '至少 1s'}且不超过 1h`);
  }
  persistence(spec.get('sessionPersistence'));
}
