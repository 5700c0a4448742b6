import type { Checked, Value } from './value.ts';
import { filledText, port, selector, targets } from './shared.ts';

/** WasmPlugin and TrafficExtension, by the rules of Istio's webhook and definitions. */
export function wasmPlugin({ spec }: Checked): void {
  selector(spec);
  targets(spec);
  module(spec);
  matches(spec);
}

export function trafficExtension({ spec }: Checked): void {
  selector(spec);
  targets(spec);
  if (spec.has('wasm') === spec.has('lua')) spec.error('needs `wasm` or `lua`, and only one', '`wasm` 与 `lua` 必须且只能写一个');
  module(spec.get('wasm'));
  filledText(spec.at('lua', 'inlineCode'));
  if ((spec.at('lua', 'inlineCode').text?.length ?? 0) > 65_536) spec.at('lua', 'inlineCode').error('has at most 64 KiB', '最多 64 KiB');
  matches(spec);
}

function module(wasm: Value): void {
  if (!wasm.there) return;
  const url = wasm.get('url');
  if (url.text === '') url.error('may not be empty', '不能为空');
  else if (url.text !== undefined) {
    const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\//.exec(url.text)?.[1];
    if (scheme !== undefined && !['http', 'https', 'file', 'oci'].includes(scheme)) url.error('the scheme is `oci`, `https`, `http` or `file`', '协议须为 `oci`、`https`、`http` 或 `file`');
    else if (/\s|%(?![0-9a-fA-F]{2})/.test(url.text) || (scheme !== undefined && scheme !== 'file' && url.text.slice(scheme.length + 3) === '')) url.error('is no URL', '不是合法的 URL');
    // Go reads what stands before the first colon as a scheme, or refuses it: `:8080/x` and `1.2.3.4:80/x`.
    else if (scheme === undefined && /^:/.test(url.text)) url.error('is no URL', '不是合法的 URL');
  }
  const sum = wasm.get('sha256');
  if (sum.text !== undefined && sum.text !== '' && !/^[0-9a-f]{64}$/.test(sum.text)) sum.error('has 64 hexadecimal digits', '须为 64 位十六进制数字');
  const names = new Set<string>();
  for (const variable of wasm.get('vmConfig').list('env')) {
    const name = variable.get('name');
    filledText(name);
    if (name.text !== undefined && names.has(name.text)) name.error(`\`${name.text}\` is there twice`, `\`${name.text}\` 重复`);
    if (name.text !== undefined) names.add(name.text);
    if (variable.get('valueFrom').text === 'HOST' && variable.has('value')) variable.get('value').surplus('does not go with `valueFrom: HOST`', '不能与 `valueFrom: HOST` 同用');
  }
}

function matches(spec: Value): void {
  for (const match of spec.list('match')) {
    if (!match.there) match.error('may not be null', '不能为 null');
    const numbers = new Set<number>();
    for (const entry of match.list('ports')) {
      const { number } = entry.get('number');
      if (number !== undefined && numbers.has(number)) entry.get('number').error(`the port ${number} is there twice`, `端口 ${number} 重复`);
      if (number !== undefined) numbers.add(number);
      if (!entry.there) entry.error('may not be null', '不能为 null');
      else if (!entry.get('number').unknown && entry.get('number').number === undefined) entry.error('needs a `number`', '需要 `number`');
      port(entry.get('number'));
    }
  }
}
