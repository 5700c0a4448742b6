import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument, type Node, type Scalar, type YAMLMap } from 'yaml';
import { RecentCache } from '../base/cache.ts';
import { touches, type Span } from '../base/text.ts';
import type { Path } from './path.ts';
import { KUBERNETES_YAML } from './schema.ts';

/** One YAML document, read without ever failing. Offsets are relative to its text. */
export interface YamlDocument {
  readonly text: string;
  readonly root: Node | null;
  /** The tree cannot be trusted: a syntax error, or template actions that YAML would misread. */
  readonly broken: boolean;
  /** The syntax errors, in the parser's words. */
  readonly errors: readonly { readonly message: string; readonly span: Span }[];
  /**
   * A node as plain data, aliases and merges resolved.
   * @param placeholder what stands for a scalar that something else fills in later
   * @returns undefined where it cannot be resolved
   */
  value(node: Node | null, placeholder: unknown): unknown;
}

/** A mapping key with the node it leads to. */
export interface KeyVisit {
  readonly path: Path;
  readonly name: string;
  readonly span: Span;
  readonly value: Node | null;
}

/** What lies under a cursor: a key, or the scalar that is its value. */
export interface Place {
  readonly path: Path;
  readonly on: 'key' | 'value';
  readonly span: Span;
  /** The scalar's text, where the place is on one or its key leads to one. */
  readonly scalar?: string;
}

/** A template action that begins a line or a value, as in a Helm chart; inside a longer scalar it harms nothing. */
const TEMPLATE = /^(?:[^"'#\n]*[:-])?[ \t]*\{\{/m;

/** Whether template actions stand in a text outside of quotes and comments: YAML would misread it. */
export function isTemplate(text: string): boolean {
  return TEMPLATE.test(text);
}

/** What a scalar holds that something else fills in: Helm, Kustomize, `envsubst`. */
export const PLACEHOLDER = /\{\{.*\}\}|\$\{[^}]*\}|\$\([^)]*\)|^\$\w+$|^<[^<>]+>$/;

function filled(value: unknown, placeholder: unknown): unknown {
  if (typeof value === 'string') return PLACEHOLDER.test(value) ? placeholder : value;
  if (Array.isArray(value)) return value.map((item) => filled(item, placeholder));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, placeholder)]));
}

const cache = new RecentCache<string, YamlDocument>(64);

/** Reads the text of one document; the result is kept for as long as the text is asked for often. */
export function readDocument(text: string): YamlDocument {
  return cache.get(text, () => parseText(text));
}

/** Reads the text of one document that is not asked for again. */
export function parseText(text: string): YamlDocument {
  try {
    const document = parseDocument(text, KUBERNETES_YAML);
    const errors = document.errors.map(({ message, pos }) => ({ message, span: { start: pos[0], end: pos[1] } }));
    const value = (node: Node | null, placeholder: unknown): unknown => {
      try {
        return filled(node?.toJS(document), placeholder);
      } catch {
        // More aliases than are good for anyone.
        return undefined;
      }
    };
    return { text, root: document.contents as Node | null, broken: errors.length > 0 || TEMPLATE.test(text), errors, value };
  } catch (error) {
    return { text, root: null, broken: true, errors: [{ message: String(error), span: { start: 0, end: 0 } }], value: () => undefined };
  }
}

/** The text of a scalar key as it is meant: what is written, without quotes. */
function keyName(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return key.type === 'PLAIN' || typeof key.value !== 'string' ? (key.source ?? String(key.value ?? '')) : key.value;
}

/** The text of a scalar value: what is written, without quotes. */
export function scalarText(scalar: Scalar): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value ?? ''));
}

function spanOf(node: Node): Span {
  return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 };
}

/** The pairs of a mapping whose keys are scalars. */
function* pairsOf(map: YAMLMap): Iterable<KeyVisit & { key: Node }> {
  for (const item of map.items) {
    if (!isPair(item)) continue;
    const name = keyName(item.key);
    if (name === undefined) continue;
    const key = item.key as Node;
    yield { path: [name], name, key, span: spanOf(key), value: (item.value ?? null) as Node | null };
  }
}

/** Every mapping key below a node, parents first. An aliased node is visited once, where it is anchored. */
export function* keysOf(node: Node | null, path: Path = []): Iterable<KeyVisit> {
  if (isMap(node)) {
    for (const pair of pairsOf(node)) {
      const here = [...path, pair.name];
      yield { path: here, name: pair.name, span: pair.span, value: pair.value };
      yield* keysOf(pair.value, here);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) yield* keysOf(item as Node, [...path, index]);
  }
}

/** The key or scalar value under an offset, or undefined between them. */
export function placeAt(node: Node | null, offset: number, path: Path = []): Place | undefined {
  if (isMap(node)) {
    for (const pair of pairsOf(node)) {
      const here = [...path, pair.name];
      const scalar = isScalar(pair.value) ? scalarText(pair.value) : undefined;
      if (touches(pair.span, offset)) return { path: here, on: 'key', span: pair.span, scalar };
      const { value } = pair;
      if (isScalar(value) && value.range && touches(spanOf(value), offset)) {
        return { path: here, on: 'value', span: spanOf(value), scalar };
      }
      // A value's range reaches to the beginning of the next key: what is not inside may still be there.
      const inside = value?.range && offset >= value.range[0] && offset <= value.range[2] ? placeAt(value, offset, here) : undefined;
      if (inside) return inside;
    }
  } else if (isSeq(node)) {
    for (const [index, item] of (node.items as Node[]).entries()) {
      if (!item.range || offset < item.range[0] || offset > item.range[2]) continue;
      const here = [...path, index];
      const inside = isScalar(item) ? undefined : placeAt(item, offset, here);
      if (inside) return inside;
      if (isScalar(item) && touches(spanOf(item), offset)) return { path: here, on: 'value', span: spanOf(item), scalar: scalarText(item) };
    }
  }
  return undefined;
}

/** The node at a path, following aliases; undefined where there is none. */
export function nodeAt(node: Node | null, path: Path): Node | undefined {
  let current: unknown = node;
  for (const segment of path) {
    if (isMap(current)) current = [...pairsOf(current)].find((pair) => pair.name === segment)?.value;
    else if (isSeq(current) && typeof segment === 'number') current = current.items[segment];
    else return undefined;
  }
  return isAlias(current) || current === null ? undefined : (current as Node | undefined);
}

/** The text of the scalar at a path, or undefined. */
export function textAt(node: Node | null, path: Path): string | undefined {
  const found = nodeAt(node, path);
  return isScalar(found) ? scalarText(found) : undefined;
}
