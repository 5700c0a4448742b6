import type { Checked, Value } from './value.ts';
import { isIpOrRange, isPort } from './values.ts';
import type { Remedy } from './remedy.ts';
import { duration, exclusive, filledText, selector, targets } from './shared.ts';

/** AuthorizationPolicy, PeerAuthentication and RequestAuthentication, by the rules of Istio's webhook and definitions. */
export function authorizationPolicy({ spec }: Checked): void {
  selector(spec);
  targets(spec);
  const action = spec.get('action').text ?? 'ALLOW';
  const custom = action === 'CUSTOM';
  const rules = spec.get('rules');
  if (custom) {
    if (!rules.filled) spec.get('action').error('`CUSTOM` without rules has no meaning', '没有规则的 `CUSTOM` 没有意义');
    if (!spec.at('provider', 'name').filled) spec.get('action').error('`CUSTOM` needs `provider.name`', '`CUSTOM` 需要 `provider.name`');
  } else if (spec.has('provider') && !spec.get('action').unknown) spec.get('provider').surplus('goes with `CUSTOM` only', '只能与 `CUSTOM` 同用');
  if (action === 'DENY' && !rules.there) spec.get('action').error('`DENY` without rules has no meaning', '没有规则的 `DENY` 没有意义');
  for (const rule of rules.items) {
    if (!rule.there) rule.error('a rule may not be null', '规则不能为 null');
    else {
      oneRule(rule, custom);
      if (action === 'DENY') httpAlone(rule);
    }
  }
}

const OF_CONNECTIONS = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces', 'ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks', 'serviceAccounts', 'notServiceAccounts'];

/** What only HTTP has is left out of a `DENY` for ports that speak TCP: the rest of the rule denies there. */
function httpAlone(rule: Value): void {
  const of = (list: 'from' | 'to', part: string) => rule.list(list).map((entry) => entry.get(part)).filter(({ there }) => there);
  const operations = of('to', 'operation');
  const sources = of('from', 'source');
  const told = operations.length > 0 ? operations.some((one) => one.firstOf('ports', 'notPorts') !== undefined) : sources.length === 0 || sources.some((one) => one.firstOf(...OF_CONNECTIONS) !== undefined);
  const unknown = [rule.get('to'), rule.get('from'), ...operations, ...sources].some((value) => value.unknown);
  if (!told && !unknown) rule.get(operations.length > 0 ? 'to' : 'from').warn('only HTTP has these attributes: the rule denies all traffic of TCP ports; name `ports` too', '这些属性只有 HTTP 才有：该规则会拒绝 TCP 端口的全部流量，请同时写明 `ports`');
}

const NOT_WITH_CUSTOM = ['namespaces', 'serviceAccounts', 'trustDomains', 'principals', 'requestPrincipals'].flatMap((key) => [key, `not${key[0]!.toUpperCase()}${key.slice(1)}`]);

function oneRule(rule: Value, custom: boolean): void {
  for (const key of ['from', 'to'] as const) {
    const list = rule.get(key);
    if (list.there && !list.filled) list.error('may not be an empty list', '不能是空列表');
    for (const entry of list.items) {
      const part = key === 'from' ? 'source' : 'operation';
      if (!entry.there) entry.error('may not be null', '不能为 null');
      else if (!entry.has(part)) entry.error(`needs \`${part}\``, `需要 \`${part}\``);
      else if (!entry.get(part).entries.some(([, value]) => value.filled)) entry.get(part).error(`an empty \`${part}\` matches nothing`, `空的 \`${part}\` 不匹配任何内容`);
      else if (key === 'from') source(entry.get(part), custom);
      else operation(entry.get(part));
    }
  }
  for (const when of rule.list('when')) {
    if (!when.there) when.error('may not be null', '不能为 null');
    else condition(when, custom);
  }
}

function noEmpty(list: Value): void {
  for (const entry of list.items) filledText(entry);
}

function addresses(list: Value): void {
  for (const entry of list.items) if (entry.text !== undefined && !isIpOrRange(entry.text)) entry.error('must be an address or a range', '必须是 IP 或地址段');
}

function serviceAccount(entry: Value): void {
  const { text } = entry;
  if (text === undefined) return;
  const parts = text.split('/');
  if (text.includes('*')) entry.error('wildcards do not work in service accounts', '服务账号不支持通配符');
  else if (parts.length > 2 || parts.some((part) => part === '')) entry.error('must be `account` or `namespace/account`', '必须写作 `账号` 或 `命名空间/账号`');
  else if (text.length > 320) entry.error('has at most 320 characters', '最多 320 个字符');
}

function trustDomain(entry: Value): void {
  const { text } = entry;
  if (text === undefined) return;
  if (text.includes('/')) entry.error('a trust domain has no `/`', '信任域不能含 `/`');
  else if (/^.+\*.+$/.test(text) || (text.match(/\*/g)?.length ?? 0) > 1) entry.error('`*` stands at the beginning or the end, once', '`*` 只能在开头或末尾出现一次');
}

function source(value: Value, custom: boolean): void {
  for (const [key, list] of value.entries) {
    if (custom && NOT_WITH_CUSTOM.includes(key) && list.filled) list.error('is not supported with `CUSTOM`', '`CUSTOM` 不支持');
    noEmpty(list);
  }
  for (const key of ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks']) addresses(value.get(key));
  const accounts = value.firstOf('serviceAccounts', 'notServiceAccounts');
  const beside = value.firstOf('principals', 'notPrincipals', 'namespaces', 'notNamespaces');
  if (accounts !== undefined && beside !== undefined) value.get(accounts).surplus(`does not go with \`${beside}\``, `不能与 \`${beside}\` 同时使用`);
  for (const key of ['serviceAccounts', 'notServiceAccounts']) {
    if (value.list(key).length > 16) value.get(key).error('has at most 16 entries', '最多 16 项');
    for (const entry of value.list(key)) serviceAccount(entry);
  }
  for (const key of ['trustDomains', 'notTrustDomains']) for (const entry of value.list(key)) trustDomain(entry);
  for (const key of ['principals', 'notPrincipals']) {
    for (const entry of value.list(key)) {
      if (entry.text?.startsWith('spiffe://')) entry.idle(NEVER, 'identities are written without `spiffe://`', '身份不写 `spiffe://` 前缀', { how: 'replace', with: entry.text.slice('spiffe://'.length) });
    }
  }
  for (const key of ['principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals']) value.list(key).forEach(innerStar);
}

/** The code of what can be written and matches nothing. */
const NEVER = 'IH0110';

/** A `*` that is neither the first nor the last character is itself. */
function innerStar(entry: Value): void {
  const text = entry.text ?? '';
  const rest = text.startsWith('*') ? text.slice(1) : text.replace(/\*$/, '');
  if (rest.includes('*')) entry.idle(NEVER, '`*` is a wildcard at the beginning or at the end alone', '`*` 只有单独位于开头或末尾时才是通配符', ...templated(text));
}

/** The path as a template, where every `*` of it is a whole segment. */
function templated(path: string): Remedy[] {
  const segments = path.split('/');
  const whole = path.startsWith('/') && segments.every((segment) => segment === '*' || !segment.includes('*'));
  return whole ? [{ how: 'replace', with: segments.map((segment) => (segment === '*' ? '{*}' : segment)).join('/') }] : [];
}

function ports(list: Value): void {
  for (const entry of list.items) if (entry.text !== undefined && !(/^\d+$/.test(entry.text) && Number(entry.text) <= 65535)) entry.error('a port is 0 to 65535, in quotes', '端口范围为 0 到 65535，须加引号');
}

function operation(value: Value): void {
  for (const [, list] of value.entries) noEmpty(list);
  ports(value.get('ports'));
  ports(value.get('notPorts'));
  for (const key of ['paths', 'notPaths']) {
    for (const path of value.list(key)) {
      template(path);
      neverAPath(path);
    }
  }
  for (const key of ['hosts', 'notHosts']) value.list(key).forEach(innerStar);
  for (const key of ['methods', 'notMethods']) {
    for (const method of value.list(key)) {
      const text = method.text ?? '';
      if (/^[a-z]+$/.test(text) && METHODS.has(text.toUpperCase())) method.idle(NEVER, 'methods are compared with their case: upper case', '方法名区分大小写，须用大写', { how: 'replace', with: text.toUpperCase() });
    }
  }
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);

/** What no path is: without a slash in front, or with a query. */
function neverAPath(path: Value): void {
  const text = path.text ?? '';
  if (text.includes('?')) path.idle(NEVER, 'the path is compared without its query', '路径不含查询参数，不会匹配', { how: 'replace', with: text.slice(0, text.indexOf('?')) });
  else if (/^[^/*{]/.test(text)) path.idle(NEVER, 'a path begins with `/`', '路径以 `/` 开头', { how: 'replace', with: `/${text}` });
  else if (!/[{}]/.test(text)) innerStar(path);
}

function template(path: Value): void {
  const { text } = path;
  if (text === undefined || !/[{}]/.test(text)) return;
  let open = false;
  for (const segment of text.split('/')) {
    if (segment === '{*}' || segment === '{**}') {
      if (open) return path.error('behind `{**}` there are no more braces', '`{**}` 之后不能再有花括号');
      open = segment === '{**}';
    } else if (/[{}]/.test(segment)) return path.error('braces hold `{*}` or `{**}`, a whole segment', '花括号只能写整段的 `{*}` 或 `{**}`');
    else if (/\*/.test(segment)) return path.surplus('`*` does not go with templates', '`*` 不能与模板同用');
  }
}

const KEYS = new Set([
  'source.ip', 'remote.ip', 'source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal', 'request.auth.principal',
  'request.auth.audiences', 'request.auth.presenter', 'destination.ip', 'destination.port', 'connection.sni',
]);
const MAPS = ['request.headers', 'request.auth.claims'];
const RETIRED = ['source.name', 'source.user', 'destination.namespace', 'destination.name', 'destination.user', 'destination.labels', 'source.labels'];

function condition(when: Value, custom: boolean): void {
  const key = when.get('key');
  if (!when.get('values').filled && !when.get('notValues').filled) when.error('needs `values` or `notValues`', '需要 `values` 或 `notValues`');
  const { text } = key;
  if (key.there && text === '') return key.error('may not be empty', '不能为空');
  if (text === undefined) return;
  const map = MAPS.find((name) => text.startsWith(name));
  const retired = RETIRED.find((name) => text === name || text.startsWith(`${name}[`));
  if (retired !== undefined) key.error(`\`${retired}\` is no longer supported`, `不再支持 \`${retired}\``);
  else if (map !== undefined ? !/^[\w.]+(?:\[[^\]]+\])+$/.test(text) : !KEYS.has(text) && !/^experimental\.envoy\.filters\.[\w.-]+(?:\[.+\])?$/.test(text)) {
    key.error(map === undefined ? `\`${text}\` is no attribute` : `must be \`${map}[name]\``, map === undefined ? `\`${text}\` 不是可用的属性` : `必须写作 \`${map}[名称]\``);
  }
  if (custom && (['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'].includes(text) || text.startsWith('request.auth.'))) key.error('is not supported with `CUSTOM`', '`CUSTOM` 不支持');
  for (const values of [when.get('values'), when.get('notValues')]) {
    if (['source.ip', 'remote.ip', 'destination.ip'].includes(text)) addresses(values);
    if (text === 'destination.port') ports(values);
    if (text === 'source.serviceAccount') values.items.forEach(serviceAccount);
    if (text === 'source.trustDomain') values.items.forEach(trustDomain);
  }
}

export function peerAuthentication({ spec }: Checked): void {
  selector(spec);
  const ports = spec.get('portLevelMtls');
  if (!ports.there) return;
  if (!ports.filled) ports.error('may not be empty', '不能为空');
  if (!spec.at('selector', 'matchLabels').filled && !spec.get('selector').unknown) ports.error('needs a `selector`', '需要 `selector`');
  for (const [number, value] of ports.entries) if (!isPort(Number(number))) value.error('a port is 1 to 65535', '端口范围为 1 到 65535');
}

export function requestAuthentication({ spec }: Checked): void {
  selector(spec);
  targets(spec);
  for (const rule of spec.list('jwtRules')) {
    if (!rule.get('issuer').filled && !rule.get('jwksUri').filled && !rule.get('jwks_uri').filled) rule.error('needs `issuer` or `jwksUri`', '需要 `issuer` 或 `jwksUri`');
    filledText(rule.get('issuer'));
    exclusive(rule, 'jwksUri', 'jwks_uri', 'jwks');
    for (const audience of rule.list('audiences')) filledText(audience);
    uri(rule.get('jwksUri'));
    uri(rule.get('jwks_uri'));
    keys(rule.get('jwks'));
    for (const header of rule.list('fromHeaders')) {
      filledText(header.get('name'));
      // A prefix that is something else is somebody's choice.
      if (/^authorization$/i.test(header.get('name').text ?? '') && !header.get('prefix').there) {
        header.idle(NEVER, 'the token is read with its `Bearer ` and is never valid', '会把 `Bearer ` 一起当作令牌，永远无法通过验证', { how: 'set', path: [...header.path, 'prefix'], value: 'Bearer ' });
      }
    }
    for (const key of ['fromParams', 'fromCookies']) for (const entry of rule.list(key)) filledText(entry);
    for (const output of rule.list('outputClaimToHeaders')) {
      if (!output.there) output.error('may not be null', '不能为 null');
      filledText(output.get('header'));
      filledText(output.get('claim'));
    }
    duration(rule.get('timeout'));
  }
}

function uri(value: Value): void {
  const { text } = value;
  if (text === undefined) return;
  const match = /^(https?):\/\/([^/?#]+)/.exec(text);
  if (!match) value.error('must begin with `https://` or `http://`', '必须以 `https://` 或 `http://` 开头');
  else if (/:(?!\d+$)[^\]]*$/.test(match[2]!.replace(/^\[.*\]/, ''))) value.error('the port is a number', '端口必须是数字');
}

function keys(value: Value): void {
  const { text } = value;
  if (text === undefined) return;
  try {
    const set = JSON.parse(text) as { keys?: unknown };
    if (!Array.isArray(set.keys)) value.error('a key set has `keys`', '密钥集需要 `keys`');
    else if (set.keys.some((key) => typeof key === 'object' && key !== null && 'd' in key)) value.warn('holds a private key: anyone who reads the resource can sign tokens', '包含私钥：能读取该资源的人都能签发令牌');
    else if (set.keys.some((key) => typeof key !== 'object' || key === null || typeof (key as { kty?: unknown }).kty !== 'string')) value.error('every key has a `kty`', '每个密钥都需要 `kty`');
  } catch {
    value.error('is no JSON', '不是合法的 JSON');
  }
}
