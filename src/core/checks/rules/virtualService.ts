import type { Checked, Value } from './value.ts';
import { hostsOverlap, isDomain, isIp, isIpOrRange, isLabel, isPort, isRegex, isWildcardDomain, matchesHost } from './values.ts';
import { destination, duration, exclusive, exportTo, label, labels, percent, port } from './shared.ts';

/** VirtualService, by the rules of Istio's webhook. */
export function virtualService(resource: Checked): void {
  const { spec, partial } = resource;
  const delegate = !spec.get('hosts').filled && !partial;
  const gateways = spec.texts('gateways');
  const mesh = gateways.length === 0 || gateways.includes('mesh');
  const atGateway = spec.has('gateways') ? spec.list('gateways').some(({ text }) => text !== 'mesh') : partial;
  if (delegate) {
    if (spec.get('gateways').filled) spec.get('gateways').error('a delegate (without `hosts`) has no gateways', '委托（没有 `hosts`）不能写 gateways');
    if (spec.get('tls').filled) spec.get('tls').error('a delegate has no `tls` routes', '委托不能有 `tls` 路由');
    if (spec.get('tcp').filled) spec.get('tcp').error('a delegate has no `tcp` routes', '委托不能有 `tcp` 路由');
  }
  for (const gateway of spec.list('gateways')) gatewayName(gateway);
  hosts(spec, mesh, atGateway);
  if (!spec.get('http').filled && !spec.get('tls').filled && !spec.get('tcp').filled) spec.error('needs `http`, `tls` or `tcp`', '需要 `http`、`tls` 或 `tcp`');
  for (const route of spec.list('http')) httpRoute(route, delegate, atGateway);
  for (const route of spec.list('tls')) tlsRoute(route, spec.list('hosts').some(({ unknown }) => unknown) ? [] : spec.texts('hosts'));
  for (const route of spec.list('tcp')) l4Route(route);
  exportTo(resource);
  unreachable(spec);
}

function gatewayName(gateway: Value): void {
  const { text } = gateway;
  if (text === undefined || text === 'mesh') return;
  const parts = text.split('/');
  if (parts.length === 1) {
    if (!isDomain(text)) gateway.error('is no name of a gateway', '不是合法的网关名');
    else if (text.includes('.')) gateway.warn('write `namespace/name`', '请写作 `命名空间/名称`');
  } else if (parts.length > 2 || parts.some((part) => part === '')) gateway.error('must be `namespace/name`', '必须写作 `命名空间/名称`');
  else if (!parts.every(isLabel)) gateway.error('namespace and name are DNS labels', '命名空间与名称须为 DNS 标签');
}

function hosts(spec: Value, mesh: boolean, atGateway: boolean): void {
  const seen: string[] = [];
  const sni = spec.list('tls').some((route) => route.list('match').some((match) => match.get('sniHosts').filled));
  for (const host of spec.list('hosts')) {
    const { text } = host;
    if (text === undefined) continue;
    if (text === '*' && mesh) host.error('`*` is only for gateways', '`*` 只能用于网关');
    else if (!isWildcardDomain(text) && !isIp(text) && !(atGateway && sni && /^outbound_\.\d+_\.[^_]*_\..+$/.test(text))) host.error(`\`${text}\` is no host name`, `\`${text}\` 不是合法的主机名`);
    else if (seen.some((other) => hostsOverlap(other, text))) host.error(`\`${text}\` overlaps with another host of the list`, `\`${text}\` 与列表中的其他主机重叠`);
    seen.push(text);
  }
}

const DIRECT = [['route', '`route`'], ['fault', '`fault`'], ['rewrite', '`rewrite`']] as const;

function httpRoute(route: Value, delegate: boolean, atGateway: boolean): void {
  if (!route.there) return route.error('a route may not be empty', '路由不能为空');
  if (route.has('delegate')) {
    if (delegate) route.get('delegate').error('a delegate may not delegate again', '委托不能再次委托');
    if (route.has('redirect')) route.get('redirect').surplus('does not go with `delegate`', '不能与 `delegate` 同时使用');
    if (route.get('route').filled) route.get('route').surplus('does not go with `delegate`', '不能与 `delegate` 同时使用');
  }
  const redirect = route.get('redirect');
  const direct = route.get('directResponse');
  for (const [other, name] of [['redirect', redirect], ['directResponse', direct]] as const) {
    if (!name.there) continue;
    for (const [key] of DIRECT) if (route.get(key).filled || (key !== 'route' && route.has(key))) route.get(key).surplus(`\`${key}\` does not go with \`${other}\``, `\`${key}\` 不能与 \`${other}\` 同时使用`);
  }
  if (redirect.there && direct.there) direct.surplus('does not go with `redirect`', '不能与 `redirect` 同时使用');
  if (!redirect.there && !direct.there && !route.has('delegate') && !route.get('route').filled) route.error('needs `route`, `redirect` or `directResponse`', '需要 `route`、`redirect` 或 `directResponse`');
  exclusive(route, 'mirror', 'mirrors');
  for (const match of route.list('match')) httpMatch(match, atGateway);
  headers(route.get('headers'));
  authority(route);
  cors(route.get('corsPolicy'));
  fault(route.get('fault'));
  mirrors(route);
  if (redirect.there) redirects(redirect);
  if (redirect.get('prefixRewrite').filled && route.list('match').some((match) => match.at('uri', 'regex').there)) {
    redirect.get('prefixRewrite').error('needs matches by `prefix` or `exact`: a regular expression has no prefix', '要求按 `prefix` 或 `exact` 匹配：正则表达式没有前缀');
  }
  if (direct.there) directResponse(direct);
  retries(route.get('retries'));
  rewrite(route.get('rewrite'));
  duration(route.get('timeout'));
  weighted(route);
}

function weighted(route: Value): void {
  let sum = 0;
  const list = route.list('route');
  for (const entry of list) {
    if (!entry.get('destination').there && !entry.unknown) entry.error('needs a `destination`', '需要 `destination`');
    destination(entry.get('destination'));
    headers(entry.get('headers'));
    const weight = entry.get('weight');
    if ((weight.number ?? 0) < 0) weight.error('a weight may not be negative', '权重不能为负数');
    sum += weight.unknown ? 1 : (weight.number ?? 0);
  }
  if (list.length > 1 && sum === 0) route.get('route').error('the weights may not all be 0', '权重不能全部为 0');
}

const TOKEN = /^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/;

function headerMatchName(name: string): boolean {
  return TOKEN.test(name) || [':authority', ':method', ':path', ':scheme', ':status'].includes(name) || /^@request\.auth\.claims(?:\.|\[)/.test(name);
}

function httpMatch(match: Value, atGateway: boolean): void {
  for (const key of ['headers', 'withoutHeaders', 'queryParams']) {
    for (const [name, value] of match.get(key).entries) {
      if (key !== 'queryParams') {
        if (name === '' || !headerMatchName(name)) value.error(`\`${name}\` is no header name`, `\`${name}\` 不是合法的头名称`);
        if (name.startsWith('@request.auth.claims') && !atGateway) value.error('claims can be matched at gateways only', '只有在网关上才能匹配 claim');
      }
      if (value.isNull) value.error('may not be null', '不能为 null');
      stringMatch(value);
    }
  }
  for (const key of ['uri', 'scheme', 'method', 'authority']) stringMatch(match.get(key), key !== 'uri');
  port(match.get('port'));
  if (match.get('port').number === 0) return;
  labels(match.get('sourceLabels'));
  if (match.get('sourceNamespace').filled) label(match.get('sourceNamespace'));
}

/** `exact`, `prefix` or `regex`. */
export function stringMatch(match: Value, prefix = true): void {
  exclusive(match, 'exact', 'prefix', 'regex');
  const { text } = match.get('prefix');
  if (prefix && text === '') match.get('prefix').error('a prefix may not be empty', '前缀不能为空');
  regex(match.get('regex'));
}

function regex(value: Value): void {
  if (value.text === undefined) return;
  if (value.text === '') value.error('a regular expression may not be empty', '正则表达式不能为空');
  else if (value.text.length > 1024) value.error('a regular expression has at most 1024 characters', '正则表达式最多 1024 个字符');
  else if (!isRegex(value.text)) value.error('is no regular expression of RE2', '不是合法的 RE2 正则表达式');
}

function headers(value: Value): void {
  for (const side of ['request', 'response'] as const) {
    for (const action of ['set', 'add'] as const) {
      for (const [name, text] of value.at(side, action).entries) {
        headerName(name, text, side === 'request');
        headerValue(text);
      }
    }
    for (const entry of value.at(side, 'remove').items) if (entry.text !== undefined) headerName(entry.text, entry, false);
  }
}

function headerName(name: string, at: Value, authority: boolean): void {
  if (name === '') at.error('a header has a name', '头名称不能为空');
  else if (name.startsWith(':') && !(authority && name === ':authority')) at.error('pseudo headers cannot be changed', '不能修改伪头');
  else if (!authority && name.toLowerCase() === 'host') at.error('`Host` cannot be changed here', '不能在此修改 `Host`');
  else if (!TOKEN.test(name.replace(/^:/, ''))) at.error(`\`${name}\` is no header name`, `\`${name}\` 不是合法的头名称`);
}

function headerValue(value: Value): void {
  const { text } = value;
  if (text === undefined) return;
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) value.error('a header value has no control characters', '头的值不能含控制字符');
  else if (text.replace(/%%/g, '').replace(/%[A-Z][A-Z0-9_]*(?:\([^)]*\))?(?::\d+)?%/g, '').includes('%')) value.error('a `%` begins a command operator such as `%START_TIME%`, or is written `%%`', '`%` 用于 `%START_TIME%` 这类命令操作符，字面量写作 `%%`');
}

function authority(route: Value): void {
  const ways = [
    route.at('rewrite', 'authority').filled ? route.at('rewrite', 'authority') : undefined,
    ...(['set', 'add'] as const).map((action) => route.at('headers', 'request', action).entries.find(([name]) => /^(?::authority|host)$/i.test(name))?.[1]),
  ].filter((way) => way !== undefined);
  for (const way of ways.slice(1)) way.error('the authority is set more than once', 'authority 被多次设置');
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', '*']);

function cors(policy: Value): void {
  for (const origin of policy.list('allowOrigins')) {
    exclusive(origin, 'exact', 'prefix', 'regex');
    for (const key of ['exact', 'prefix', 'regex']) if (origin.get(key).text === '') origin.get(key).error('may not be empty', '不能为空');
    regex(origin.get('regex'));
  }
  for (const method of policy.list('allowMethods')) if (method.text !== undefined && !METHODS.has(method.text)) method.error(`\`${method.text}\` is no method`, `\`${method.text}\` 不是合法的方法`);
  for (const key of ['allowHeaders', 'exposeHeaders']) {
    for (const name of policy.list(key)) if (name.text !== undefined && !(name.text === '*' && key === 'allowHeaders') && !TOKEN.test(name.text)) name.error(`\`${name.text}\` is no header name`, `\`${name.text}\` 不是合法的头名称`);
  }
  duration(policy.get('maxAge'));
  const { text } = policy.get('maxAge');
  if (text !== undefined && /\d(?:ms|us|ns|µs)/.test(text)) policy.get('maxAge').error('only whole seconds', '只支持整数秒');
}

const GRPC_STATUS = new Set('OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(' '));

function fault(value: Value): void {
  if (!value.there) return;
  const abort = value.get('abort');
  const delay = value.get('delay');
  if (!abort.there && !delay.there) value.error('needs `abort` or `delay`', '需要 `abort` 或 `delay`');
  exclusive(abort, 'httpStatus', 'grpcStatus', 'http2Error');
  exclusive(delay, 'fixedDelay', 'exponentialDelay');
  for (const part of [abort, delay]) {
    const share = part.at('percentage', 'value');
    percent(share);
    if (share.number !== undefined && share.number > 0 && share.number < 0.0001) share.error('is below 0.0001 %', '小于 0.0001%');
    percent(part.get('percent'));
  }
  const grpc = abort.get('grpcStatus');
  if (grpc.text !== undefined && !GRPC_STATUS.has(grpc.text)) grpc.error(`\`${grpc.text}\` is no gRPC status`, `\`${grpc.text}\` 不是合法的 gRPC 状态`);
  if (abort.get('http2Error').filled) abort.get('http2Error').error('is not supported', '不受支持');
  const status = abort.get('httpStatus');
  if (status.number !== undefined && (status.number < 200 || status.number > 600)) status.error('a status is 200 to 600', '状态码范围为 200 到 600');
  if (abort.there && abort.firstOf('httpStatus', 'grpcStatus', 'http2Error') === undefined) abort.warn('without a status it does nothing', '没有状态码则不起作用');
  duration(delay.get('fixedDelay'));
  if (delay.get('exponentialDelay').there) delay.get('exponentialDelay').error('is not supported', '不受支持');
  if (delay.there && delay.firstOf('fixedDelay', 'exponentialDelay') === undefined) delay.error('needs `fixedDelay`', '需要 `fixedDelay`');
}

function mirrors(route: Value): void {
  const old = route.firstOf('mirrorPercent', 'mirror_percent');
  if (old !== undefined) percent(route.get(old));
  percent(route.at('mirrorPercentage', 'value'));
  destination(route.get('mirror'));
  for (const mirror of route.list('mirrors')) {
    if (!mirror.there) mirror.error('may not be null', '不能为 null');
    destination(mirror.get('destination'));
    percent(mirror.at('percentage', 'value'));
  }
}

function redirects(redirect: Value): void {
  if (redirect.firstOf('uri', 'authority', 'port', 'derivePort', 'scheme', 'prefixRewrite') === undefined) redirect.error('needs `uri`, `authority`, `port` or `scheme`', '需要 `uri`、`authority`、`port` 或 `scheme`');
  exclusive(redirect, 'port', 'derivePort');
  const code = redirect.get('redirectCode');
  if (code.number !== undefined && code.number !== 0 && (code.number < 300 || code.number > 399)) code.error('a redirect is answered with 3xx', '重定向的状态码为 3xx');
  const scheme = redirect.get('scheme');
  if (scheme.text !== undefined && scheme.text !== '' && scheme.text !== 'http' && scheme.text !== 'https') scheme.error('must be `http` or `https`', '必须是 `http` 或 `https`');
  port(redirect.get('port'));
}

function directResponse(direct: Value): void {
  exclusive(direct.get('body'), 'string', 'bytes');
  const size = (direct.at('body', 'string').text ?? direct.at('body', 'bytes').text ?? '').length;
  if (size > 1 << 20) direct.get('body').error('a body has at most 1 MiB', '响应体最多 1 MiB');
  else if (size > 100 << 10) direct.get('body').warn('bodies above 100 KiB make the configuration heavy', '超过 100 KiB 的响应体会使配置臃肿');
  const status = direct.get('status');
  if (!status.unknown && ((status.number ?? 0) < 200 || (status.number ?? 0) > 600)) (status.there ? status : direct).error('a status is 200 to 600', '状态码范围为 200 到 600');
}

const RETRY_ON = new Set('5xx gateway-error reset reset-before-request connect-failure envoy-ratelimited retriable-4xx refused-stream retriable-status-codes retriable-headers http3-post-connect-failure cancelled deadline-exceeded internal resource-exhausted unavailable'.split(' '));

/** A retry policy, of a route or of the whole mesh. */
export function retries(value: Value): void {
  if (!value.there) return;
  const attempts = value.get('attempts');
  if ((attempts.number ?? 0) < 0) attempts.error('may not be negative', '不能为负数');
  if (!attempts.unknown && (attempts.number ?? 0) === 0 && value.firstOf('perTryTimeout', 'retryOn', 'retryRemoteLocalities') !== undefined) {
    (attempts.there ? attempts : value).error('without `attempts` there is no retry: the other fields have no use', '没有 `attempts` 就不会重试，其他字段没有意义');
  }
  duration(value.get('perTryTimeout'));
  duration(value.get('backoff'));
  const { text } = value.get('retryOn');
  for (const name of text === undefined || text === '' ? [] : text.split(',').map((part) => part.trim())) {
    const code = /^\d+$/.test(name) ? Number(name) : undefined;
    if (!RETRY_ON.has(name) && !(code !== undefined && code >= 100 && code < 600)) value.get('retryOn').error(`\`${name}\` is no retry condition`, `\`${name}\` 不是合法的重试条件`);
  }
}

function rewrite(value: Value): void {
  if (!value.there) return;
  if (value.get('uri').filled && value.has('uriRegexRewrite')) value.get('uriRegexRewrite').surplus('`uri` and `uriRegexRewrite` exclude each other', '`uri` 与 `uriRegexRewrite` 互斥');
  if (!value.get('uri').filled && !value.has('uriRegexRewrite') && !value.get('authority').filled) value.error('needs `uri`, `uriRegexRewrite` or `authority`', '需要 `uri`、`uriRegexRewrite` 或 `authority`');
  const pattern = value.get('uriRegexRewrite');
  if (!pattern.there) return;
  if (!pattern.get('match').filled || !pattern.get('rewrite').filled) pattern.error('needs `match` and `rewrite`', '需要 `match` 与 `rewrite`');
  regex(pattern.get('match'));
}

function l4(match: Value): void {
  for (const subnet of match.list('destinationSubnets')) if (subnet.text !== undefined && !isIpOrRange(subnet.text)) subnet.error('must be an address or a range', '必须是 IP 或地址段');
  const number = match.get('port');
  if (number.number !== undefined && number.number !== 0 && !isPort(number.number)) number.error('a port is 1 to 65535', '端口范围为 1 到 65535');
  labels(match.get('sourceLabels'));
  if (match.get('sourceNamespace').filled) label(match.get('sourceNamespace'));
}

function l4Route(route: Value): void {
  for (const match of route.list('match')) l4(match);
  if (!route.get('route').filled) route.error('needs a `route`', '需要 `route`');
  weighted(route);
}

function tlsRoute(route: Value, all: readonly string[]): void {
  if (!route.get('match').filled) route.error('needs a `match`', '需要 `match`');
  for (const match of route.list('match')) {
    if (!match.get('sniHosts').filled) match.error('needs `sniHosts`', '需要 `sniHosts`');
    for (const sni of match.list('sniHosts')) {
      const { text } = sni;
      if (text === undefined) continue;
      if (isIp(text)) sni.warn('an address is no SNI', 'IP 地址不能作为 SNI');
      else if (!isWildcardDomain(text)) sni.error(`\`${text}\` is no host name`, `\`${text}\` 不是合法的主机名`);
      else if (all.length > 0 && !all.some((host) => matchesHost(host, text))) sni.error(`\`${text}\` is none of the hosts`, `\`${text}\` 不在 hosts 之内`);
    }
    l4(match);
  }
  if (!route.get('route').filled) route.error('needs a `route`', '需要 `route`');
  weighted(route);
}

/** Rules and matches that earlier ones leave nothing for. */
function unreachable(spec: Value): void {
  for (const protocol of ['http', 'tls', 'tcp'] as const) {
    const routes = spec.list(protocol);
    const seen = new Map<string, number>();
    const prefixes: { readonly prefix: string; readonly rule: number }[] = [];
    let catchAll = -1;
    for (const [rule, route] of routes.entries()) {
      const matches = route.list('match');
      if (matches.length === 0) {
        if (catchAll >= 0) route.idle('IST0130', 'is never reached: an earlier rule matches everything', '永远不会命中：前面的规则已匹配一切');
        else if (rule < routes.length - 1) route.idle('IST0130', 'has no `match`: the rules behind it are never reached', '没有 `match`：其后的规则永远不会命中');
        if (catchAll < 0) catchAll = rule;
        continue;
      }
      const texts = matches.map((match) => JSON.stringify(plain(match)));
      const known = texts.map((text) => seen.get(text));
      if (known.every((earlier) => earlier !== undefined && earlier !== rule)) route.idle('IST0130', 'is never reached: earlier rules have all its matches', '永远不会命中：它的匹配都已被前面的规则使用');
      else {
        for (const [index, match] of matches.entries()) {
          const text = texts[index]!;
          const { text: prefix } = match.at('uri', 'prefix');
          const onlyPrefix = prefix !== undefined && match.entries.filter(([key]) => key !== 'name').length === 1;
          if (seen.has(text) || texts.indexOf(text) < index) match.idle('IST0131', 'is there already: it has no effect', '已经出现过，不起作用');
          else if (onlyPrefix && prefixes.some((earlier) => prefix.startsWith(earlier.prefix))) match.idle('IST0131', 'is covered by a shorter prefix before it', '已被前面更短的前缀覆盖');
        }
      }
      for (const [index, match] of matches.entries()) {
        if (!seen.has(texts[index]!)) seen.set(texts[index]!, rule);
        const { text: prefix } = match.at('uri', 'prefix');
        if (prefix !== undefined && match.entries.filter(([key]) => key !== 'name').length === 1) prefixes.push({ prefix, rule });
      }
    }
  }
}

/** A match as data to compare, its name left out. */
function plain(value: Value): unknown {
  const entries = value.entries.filter(([key]) => key !== 'name');
  if (entries.length > 0) return Object.fromEntries(entries.map(([key, item]) => [key, plain(item)]));
  if (value.items.length > 0) return value.items.map(plain);
  return value.text ?? value.number ?? value.flag ?? null;
}
