/** The forms of values that Istio's webhook knows. Each takes text as it is written and tells whether it has that form. */

const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(?:\*|(?:\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const MILLISECOND: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, 'µs': 1e-3, 'μs': 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A DNS-1123 label of at most 63 characters; Istio allows capitals. */
export function isLabel(text: string): boolean {
  return text.length <= 63 && LABEL.test(text);
}

/** A fully qualified name: at most 255 characters, labels, the last one no number; it may end with a dot. */
export function isDomain(text: string): boolean {
  if (text.length === 0 || text.length > 255) return false;
  const labels = text.replace(/\.$/, '').split('.');
  return labels.every(isLabel) && !/^\d+$/.test(labels.at(-1)!);
}

/** A domain whose first label may be `*` or begin with it. */
export function isWildcardDomain(text: string): boolean {
  if (text.length === 0 || text.length > 255) return false;
  const dot = text.indexOf('.');
  const first = dot < 0 ? text : text.slice(0, dot);
  return first.length <= 63 && WILDCARD_LABEL.test(first) && (dot < 0 || isDomain(text.slice(dot + 1)));
}

export function isIp(text: string): boolean {
  return IPV4.test(text) || isIpv6(text);
}

function isIpv6(text: string): boolean {
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !text.includes(':')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const tail = groups.at(-1) ?? '';
  const embedded = tail.includes('.');
  if (embedded && !IPV4.test(tail)) return false;
  const count = groups.length + (embedded ? 1 : 0);
  const plain = embedded ? groups.slice(0, -1) : groups;
  return plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
}

/** An address, or a range such as `10.0.0.0/8`. */
export function isIpOrRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  if (rest.length > 0 || !isIp(address)) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (address.includes(':') ? 128 : 32));
}

export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65535;
}

/** The length of a Go duration in milliseconds; undefined where the text is none. */
export function milliseconds(text: string): number | undefined {
  const match = /^([-+]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/.exec(text);
  if (!match) return undefined;
  if (match[2] === '0') return 0;
  let sum = 0;
  for (const [, count, unit] of match[2]!.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) sum += Number(count) * MILLISECOND[unit!]!;
  return match[1] === '-' ? -sum : sum;
}

/** A label key or value as Istio's webhook takes it: an optional prefix, letters, digits, `-_.`. */
export function isLabelKey(text: string): boolean {
  const [prefix, name, ...rest] = text.includes('/') ? text.split('/') : [undefined, text];
  if (rest.length > 0 || (prefix !== undefined && !isDomain(prefix))) return false;
  return isTagName(name!) && name!.length > 0;
}

export function isLabelValue(text: string): boolean {
  return text.length <= 63 && (text === '' || isTagName(text));
}

function isTagName(text: string): boolean {
  return text.length <= 63 && /^[a-zA-Z0-9](?:[-\w.]*[a-zA-Z0-9])?$/.test(text);
}

const PROTOCOLS = new Set(['tcp', 'udp', 'grpc', 'grpc-web', 'http', 'http_proxy', 'http2', 'https', 'tls', 'mongo', 'redis', 'mysql', 'hbone', 'doublehbone']);

/** A protocol name that Istio knows, in any case. */
export function isProtocol(text: string): boolean {
  return PROTOCOLS.has(text.toLowerCase());
}

/** What RE2 knows behind a backslash, of letters and digits. */
const ESCAPES = /^[AbBzaftnrvxpPQEdDsSwW0-7]$/;

/** A regular expression of RE2: JavaScript's, without look-around and back references, with inline flags anywhere. */
export function isRegex(text: string): boolean {
  if (/\(\?<?[=!]/.test(text)) return false;
  for (const [, escaped] of text.replace(/\\Q.*?(?:\\E|$)/gs, '').matchAll(/\\([^])/g)) if (/[a-zA-Z0-9]/.test(escaped!) && !ESCAPES.test(escaped!)) return false;
  // Back references are digits that begin with 1 to 7 and are not three octal ones.
  if (/(?<!\\)(?:\\\\)*\\[1-7](?![0-7]{1,2})/.test(text)) return false;
  for (const [, low, high] of text.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) if (Number(low) > 1000 || Number(high ?? 0) > 1000) return false;
  const plain = text
    .replace(/\\Q(.*?)(?:\\E|$)/gs, 'a')
    .replace(/\(\?[imsU]*(?:-[imsU]+)?\)/g, '')
    .replace(/\(\?[imsU]*(?:-[imsU]+)?:/g, '(?:')
    .replace(/\(\?P</g, '(?<')
    .replace(/\[\[:\^?\w+:\]\]/g, '[a]')
    .replace(/\[:\^?\w+:\]/g, 'a');
  try {
    new RegExp(plain);
    return true;
  } catch {
    return false;
  }
}

/** Whether two host patterns can mean the same host. */
export function hostsOverlap(a: string, b: string): boolean {
  return matchesHost(a, b) || matchesHost(b, a);
}

/** Whether a pattern takes in everything that a host or pattern means. */
export function matchesHost(pattern: string, host: string): boolean {
  if (pattern === '*' || pattern === host) return true;
  return pattern.startsWith('*') && host.replace(/^\*/, '').endsWith(pattern.slice(1)) && host.length >= pattern.length;
}
