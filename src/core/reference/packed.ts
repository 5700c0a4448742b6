import type { Kind, Message, Reference } from './model.ts';

/** The first line of a stored reference: the kinds, and where each message stands behind that line, from byte to byte. */
interface Head {
  readonly kinds: readonly Kind[];
  readonly messages: Readonly<Record<string, readonly [from: number, to: number]>>;
}

const NEWLINE = 10;

/**
 * The reference as the build stores it, in UTF-8: a first line that says what stands where, then the messages, each a line
 * of JSON. A hover needs few of the 500, and only those are ever decoded and parsed.
 */
export function packReference({ kinds, messages }: Reference): string {
  const lines = Object.values(messages).map((message) => JSON.stringify(message));
  const sizes = lines.map((line) => new TextEncoder().encode(line).length);
  let from = 0;
  const places = Object.keys(messages).map((name, index) => {
    const to = from + sizes[index]!;
    const place = [from, to] as const;
    from = to + 1;
    return [name, place] as const;
  });
  const head: Head = { kinds, messages: Object.fromEntries(places) };
  return [JSON.stringify(head), ...lines].join('\n');
}

/**
 * Opens what `packReference` wrote. A message is parsed when it is first asked for, and stays.
 * @throws SyntaxError for anything else
 */
export function openReference(bytes: Uint8Array): Reference {
  const body = bytes.indexOf(NEWLINE) + 1;
  const parse = (from: number, to: number): unknown => JSON.parse(new TextDecoder().decode(bytes.subarray(from, to)));
  const { kinds, messages } = parse(0, body) as Head;
  // Filled in place: a copy of so many names costs more than all of the rest.
  const known = messages as Record<string, Message | readonly [number, number]>;
  const get = (_: unknown, name: string): Message | undefined => {
    const found = known[name];
    return Array.isArray(found) ? (known[name] = parse(body + found[0], body + found[1]) as Message) : (found as Message | undefined);
  };
  return { kinds, messages: new Proxy(known, { get }) as Record<string, Message> };
}
