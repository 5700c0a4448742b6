import type { Checked, Value } from './value.ts';
import { isDomain, isIp, isLabel, isWildcardDomain } from './values.ts';
import { filledText, label, namedPort, serverTls } from './shared.ts';

/** Istio's Gateway, by the rules of its webhook. */
export function gateway({ root, spec }: Checked): void {
  label(root.at('metadata', 'name'));
  const servers = spec.list('servers');
  if (!spec.get('servers').filled) (spec.has('servers') ? spec.get('servers') : spec).error('needs at least one server', '至少需要一个 server');
  const names = new Set<string>();
  for (const server of servers) {
    if (!server.there) server.error('may not be null', '不能为 null');
    else oneServer(server);
    const name = server.at('port', 'name');
    if (name.text !== undefined && names.has(name.text)) name.error(`the port name \`${name.text}\` is there twice`, `端口名 \`${name.text}\` 重复`);
    if (name.text !== undefined && name.text !== '') names.add(name.text);
  }
}

const SECURE = new Set(['HTTPS', 'TLS', 'MONGO', 'REDIS', 'MYSQL'].slice(0, 2));
const PLAIN = new Set(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', 'HTTP_PROXY']);

function oneServer(server: Value): void {
  const hosts = server.get('hosts');
  if (!hosts.filled) (hosts.there ? hosts : server).error('needs `hosts`', '需要 `hosts`');
  for (const host of hosts.items) serverHost(host);
  const port = server.get('port');
  const bind = server.get('bind').text ?? '';
  const unix = bind.startsWith('unix://');
  namedPort(port, { zero: unix });
  if (port.get('targetPort').filled) port.get('targetPort').surplus('has no effect in a Gateway', '在 Gateway 中不起作用');
  filledText(port.get('name'));
  if (port.there && !port.has('name')) port.error('a port has a `name`', '端口需要 `name`');
  if (unix) {
    if (!bind.startsWith('unix:///')) server.get('bind').error('a socket is an absolute path', '套接字必须是绝对路径');
    if ((port.get('number').number ?? 0) !== 0) port.get('number').error('a socket has port 0', '套接字的端口号为 0');
  } else if (bind !== '' && !isIp(bind)) server.get('bind').error('must be an IP address', '必须是 IP 地址');
  tls(server, port.get('protocol').text?.toUpperCase());
}

function tls(server: Value, protocol: string | undefined): void {
  const settings = server.get('tls');
  serverTls(settings);
  if (protocol === undefined) return;
  if (SECURE.has(protocol) && !settings.there) server.error(`\`${protocol}\` needs \`tls\``, `\`${protocol}\` 需要 \`tls\``);
  if (!settings.there) return;
  const redirect = settings.get('httpsRedirect').flag === true;
  if (PLAIN.has(protocol)) {
    const more = settings.entries.some(([key, value]) => key !== 'httpsRedirect' && value.filled && !(key === 'mode' && /PASSTHROUGH/.test(value.text ?? '')));
    if (more) settings.error(`\`${protocol}\` is plain text: it takes \`httpsRedirect\` and nothing else`, `\`${protocol}\` 是明文，只能写 \`httpsRedirect\``);
  } else {
    if (redirect) settings.get('httpsRedirect').warn('works on HTTP servers only', '只对 HTTP server 有效', { how: 'remove' });
    if (!SECURE.has(protocol)) settings.error(`\`${protocol}\` takes no \`tls\``, `\`${protocol}\` 不能写 \`tls\``);
  }
}

function serverHost(host: Value): void {
  const { text } = host;
  if (text === undefined) return;
  const slash = text.indexOf('/');
  const name = text.slice(slash + 1);
  if (slash >= 0) {
    const namespace = text.slice(0, slash);
    if (namespace === '' || name === '') return host.error('must be `namespace/host`', '必须写作 `命名空间/主机`');
    if (!['*', '.'].includes(namespace) && !isLabel(namespace)) return host.error('the namespace is `*`, `.` or a name', '命名空间须为 `*`、`.` 或名称');
  }
  if (name === '*' || isIp(name)) return;
  if (!name.includes('.')) host.error('short names do not work: write the full host name', '不支持短名，请写完整主机名');
  else if (!isWildcardDomain(name)) host.error(`\`${name}\` is no host name`, `\`${name}\` 不是合法的主机名`);
  else if (name.startsWith('*') && !name.startsWith('*.')) host.error('a wildcard is `*.` in front', '通配符只能是开头的 `*.`');
  else if (!name.startsWith('*') && !isDomain(name)) host.error(`\`${name}\` is no host name`, `\`${name}\` 不是合法的主机名`);
}
