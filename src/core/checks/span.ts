import { isMap, isPair, isScalar, isSeq, type Node } from 'yaml';
import type { Span } from '../base/text.ts';
import type { Path } from '../yaml/path.ts';

export function rangeOf(node: Node): Span {
  return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 };
}

/** The text that a path's finding is shown at: its scalar, else its key, else the nearest key above. */
export function spanAt(root: Node | null, path: Path): Span {
  let node: unknown = root;
  let span: Span = isMap(root) ? firstKey(root) : root ? rangeOf(root) : { start: 0, end: 0 };
  for (const segment of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.source ?? item.key.value) === segment);
      if (!pair) return span;
      span = rangeOf(pair.key as Node);
      node = pair.value;
      if (isScalar(node) && node.source !== '' && node.value !== null) span = rangeOf(node);
    } else if (isSeq(node) && typeof segment === 'number') {
      node = node.items[segment];
      if (isMap(node)) span = firstKey(node);
      else if (isScalar(node)) span = rangeOf(node);
    } else return span;
  }
  return span;
}

function firstKey(map: { items: unknown[] }): Span {
  const [first] = map.items;
  return isPair(first) && first.key ? rangeOf(first.key as Node) : { start: 0, end: 0 };
}
