import type { Checked, Value } from './value.ts';
import { isRegex } from './values.ts';
import { exclusive, port, targets, workloadSelector } from './shared.ts';

const LISTENER = new Set(['LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER', 'LISTENER_FILTER']);
const ROUTE = new Set(['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE']);
const MANAGER = ['envoy.filters.network.http_connection_manager', 'envoy.http_connection_manager'];
const OLD_FILTERS = new Set([
  'envoy.buffer', 'envoy.cors', 'envoy.csrf', 'envoy.ext_authz', 'envoy.fault', 'envoy.grpc_http1_bridge', 'envoy.grpc_json_transcoder', 'envoy.grpc_web',
  'envoy.gzip', 'envoy.health_check', 'envoy.ip_tagging', 'envoy.lua', 'envoy.rate_limit', 'envoy.router', 'envoy.squash', 'envoy.client_ssl_auth',
  'envoy.echo', 'envoy.http_connection_manager', 'envoy.mongo_proxy', 'envoy.ratelimit', 'envoy.redis_proxy', 'envoy.tcp_proxy', 'envoy.http_dynamo_filter',
  'envoy.listener.http_inspector', 'envoy.listener.original_dst', 'envoy.listener.original_src', 'envoy.listener.proxy_protocol', 'envoy.listener.tls_inspector',
]);

/** EnvoyFilter, by the rules of Istio's webhook; what stands in `patch.value` is Envoy's and not looked into. */
export function envoyFilter({ spec }: Checked): void {
  workloadSelector(spec);
  exclusive(spec, 'workloadSelector', 'targetRefs');
  targets(spec);
  for (const patch of spec.list('configPatches')) {
    if (!patch.there) patch.error('may not be null', '不能为 null');
    else onePatch(patch);
  }
}

function onePatch(entry: Value): void {
  const applyTo = entry.get('applyTo').text;
  if (!entry.get('applyTo').there || applyTo === 'INVALID') entry.error('needs `applyTo`', '需要 `applyTo`');
  const patch = entry.get('patch');
  if (!patch.there) return entry.error('needs a `patch`', '需要 `patch`');
  const operation = patch.get('operation').text;
  if (!patch.get('operation').there || operation === 'INVALID') patch.error('needs an `operation`', '需要 `operation`');
  else if (operation !== undefined && operation !== 'REMOVE' && !patch.has('value')) patch.error(`\`${operation}\` needs a \`value\``, `\`${operation}\` 需要 \`value\``);
  const name = patch.at('value', 'name');
  if (name.number !== undefined || name.flag !== undefined) name.error('must be a string', '必须是字符串');
  const match = entry.get('match');
  const version = match.at('proxy', 'proxyVersion');
  if (version.text !== undefined && !isRegex(version.text)) version.error('is no regular expression', '不是合法的正则表达式');
  const waypoint = match.has('waypoint');
  const context = match.get('context').text;
  if (waypoint && context !== 'WAYPOINT' && !match.get('context').unknown) match.get('waypoint').surplus('goes with `context: WAYPOINT`', '需要 `context: WAYPOINT`');
  if (context === 'WAYPOINT' && !waypoint) match.error('`WAYPOINT` needs a `waypoint` match', '`WAYPOINT` 需要 `waypoint` 匹配');
  port(match.at('waypoint', 'portNumber'));
  exclusive(match, 'listener', 'routeConfiguration', 'cluster', 'waypoint');
  const other = match.firstOf('listener', 'routeConfiguration', 'cluster');
  if (applyTo === undefined || other === undefined) return;
  if (LISTENER.has(applyTo)) listenerMatch(match, other, applyTo);
  else if (ROUTE.has(applyTo) && other !== 'routeConfiguration') match.get(other).error(`\`${applyTo}\` needs a \`routeConfiguration\` match`, `\`${applyTo}\` 需要 \`routeConfiguration\` 匹配`);
  else if (applyTo === 'CLUSTER' && other !== 'cluster') match.get(other).error('`CLUSTER` needs a `cluster` match', '`CLUSTER` 需要 `cluster` 匹配');
}

function listenerMatch(match: Value, other: string, applyTo: string): void {
  // The webhook lists the others only.
  if (other !== 'listener' && applyTo === 'LISTENER_FILTER') return match.get(other).warn('`LISTENER_FILTER` is found by a `listener` match only', '`LISTENER_FILTER` 只能通过 `listener` 匹配');
  if (other !== 'listener') return match.get(other).error(`\`${applyTo}\` needs a \`listener\` match`, `\`${applyTo}\` 需要 \`listener\` 匹配`);
  const filter = match.at('listener', 'filterChain', 'filter');
  if (!filter.there) return;
  if (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN') filter.warn(`has no effect with \`${applyTo}\``, `在 \`${applyTo}\` 下不起作用`);
  const name = filter.get('name');
  const sub = filter.get('subFilter');
  if (!name.filled) filter.error('needs a `name`', '需要 `name`');
  if (name.text !== undefined && OLD_FILTERS.has(name.text)) name.warn('is an old filter name: Envoy now calls it `envoy.filters.…`', '是旧的过滤器名，Envoy 现用 `envoy.filters.…`');
  if (!sub.there) return;
  if (applyTo !== 'HTTP_FILTER') sub.surplus('goes with `HTTP_FILTER` only', '只能用于 `HTTP_FILTER`');
  else if (name.text !== undefined && !MANAGER.includes(name.text)) sub.error(`goes with the filter \`${MANAGER[0]}\``, `须配合过滤器 \`${MANAGER[0]}\``);
  if (!sub.get('name').filled) sub.error('needs a `name`', '需要 `name`');
  if (sub.get('name').text !== undefined && OLD_FILTERS.has(sub.get('name').text!)) sub.get('name').warn('is an old filter name: Envoy now calls it `envoy.filters.…`', '是旧的过滤器名，Envoy 现用 `envoy.filters.…`');
}
