import { isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { lineSpan, startOfLine, type Span } from '../base/text.ts';
import { findField } from '../reference/lookup.ts';
import type { Kind, Reference } from '../reference/model.ts';
import { keyInsert } from '../language/inserts.ts';
import { expandSnippet } from '../language/snippets.ts';
import { parsePath, type Path } from '../yaml/path.ts';
import { readDocument } from '../yaml/parse.ts';
import { indentStyle } from '../yaml/scan.ts';
import type { Finding } from './finding.ts';

/** A part of a text that is replaced. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** A change that mends a finding; safe ones never change what a document means otherwise. */
export interface Fix {
  readonly title: { readonly en: string; readonly 'zh-cn': string };
  readonly edits: readonly Edit[];
  readonly safe: boolean;
}

/**
 * The change that a finding's remedy means in the text of its document.
 * @param text the document; offsets of the finding and of the edits are its own
 * @returns undefined where the document's form does not allow it, as in flow mappings
 */
export function fixOf(reference: Reference, kind: Kind, text: string, finding: Finding): Fix | undefined {
  const { remedy, span, path } = finding;
  if (!remedy) return undefined;
  const name = String(path.at(-1));
  switch (remedy.how) {
    case 'rename':
      return fix(`Rename to \`${remedy.to}\``, `改名为 \`${remedy.to}\``, [{ span, text: remedy.to }], true);
    case 'replace':
      return fix(`Write \`${remedy.with}\``, `改为 \`${remedy.with}\``, [{ span, text: remedy.with }], true);
    case 'quote': {
      const written = text.slice(span.start, span.end);
      return fix('Quote it', '加引号', [{ span, text: `"${written.replace(/["\\]/g, '\\$&')}"` }], true);
    }
    case 'remove': {
      const block = blockOf(text, path);
      return block && fix(`Remove \`${name}\``, `删除 \`${name}\``, [{ span: block, text: '' }], false);
    }
    case 'add': {
      const edit = addition(reference, kind, text, path, remedy.field);
      return edit && fix(`Add \`${remedy.field}\``, `添加 \`${remedy.field}\``, [edit], false);
    }
    case 'move': {
      const edits = moved(text, path, remedy.to);
      return edits && fix(`Move to \`${remedy.to}\``, `移到 \`${remedy.to}\``, edits, false);
    }
  }
}

function fix(en: string, chinese: string, edits: readonly Edit[], safe: boolean): Fix {
  return { title: { en, 'zh-cn': chinese }, edits, safe };
}

interface Found {
  readonly pair: Pair<Node, Node | null>;
  readonly span: Span;
}

function find(root: Node | null, path: Path): Found | undefined {
  let node: unknown = root;
  let found: Found | undefined;
  for (const segment of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.source ?? item.key.value) === segment) as Pair<Node, Node | null> | undefined;
      if (!pair?.key.range) return undefined;
      found = { pair, span: { start: pair.key.range[0], end: pair.key.range[1] } };
      node = pair.value;
    } else if (isSeq(node) && typeof segment === 'number') node = node.items[segment];
    else return undefined;
  }
  return found;
}

/** The whole lines of a key and what stands below it; undefined where it shares a line with others. */
function blockOf(text: string, path: Path): Span | undefined {
  const found = find(readDocument(text).root, path);
  if (!found) return undefined;
  const start = startOfLine(text, found.span.start);
  const before = text.slice(start, found.span.start);
  if (before.trim() !== '') return undefined;
  const column = before.length;
  let end = lineSpan(text, found.span.end).end + 1;
  for (let at = end; at < text.length; ) {
    const line = lineSpan(text, at);
    const content = text.slice(line.start, line.end);
    const indent = content.length - content.trimStart().length;
    // The dashes of a key's list may stand in its own column.
    if (content.trim() !== '' && !(indent > column || (indent === column && /^-(?:\s|$)/.test(content.trimStart())))) break;
    at = Math.max(line.end + 1, at + 1);
    if (content.trim() !== '') end = at;
  }
  return { start, end: Math.min(end, text.length) };
}

/** Where a new key of a block mapping can stand: in front of its first one, in its column. */
function entryOf(text: string, path: Path): { readonly at: number; readonly column: number } | undefined {
  const root = readDocument(text).root;
  const node = path.length === 0 ? root : valueAt(root, path);
  if (!isMap(node) || node.flow || !node.range) return undefined;
  const first = node.items[0];
  const key = isPair(first) ? (first.key as Node) : undefined;
  if (!key?.range) return undefined;
  return { at: key.range[0], column: key.range[0] - startOfLine(text, key.range[0]) };
}

function valueAt(root: Node | null, path: Path): Node | null | undefined {
  let node: unknown = root;
  for (const segment of path) {
    if (isMap(node)) node = (node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.source ?? item.key.value) === segment) as Pair<Node, Node | null> | undefined)?.value;
    else if (isSeq(node) && typeof segment === 'number') node = node.items[segment];
    else return undefined;
  }
  return node as Node | null | undefined;
}

function addition(reference: Reference, kind: Kind, text: string, path: Path, name: string): Edit | undefined {
  const entry = entryOf(text, path);
  const { field } = findField(reference, kind, [...path, name]);
  if (!entry || !field) return undefined;
  const style = indentStyle(text, entry.at, 2);
  const insert = expandSnippet(keyInsert(reference, name, field, { column: entry.column, style, flow: false }).text).trimEnd();
  return { span: { start: entry.at, end: entry.at }, text: `${insert}\n${' '.repeat(entry.column)}` };
}

function moved(text: string, path: Path, to: string): Edit[] | undefined {
  const target = parsePath(to);
  const block = blockOf(text, path);
  if (!target || !block) return undefined;
  const from = find(readDocument(text).root, path)!;
  const column = from.span.start - block.start;
  let parent = target.slice(0, -1);
  const missing: string[] = [];
  while (parent.length > 0 && valueAt(readDocument(text).root, parent) === undefined) {
    const last = parent.at(-1);
    if (typeof last !== 'string') return undefined;
    missing.unshift(last);
    parent = parent.slice(0, -1);
  }
  const entry = entryOf(text, parent);
  if (!entry || (entry.at >= block.start && entry.at < block.end)) return undefined;
  const { unit } = indentStyle(text, entry.at, 2);
  const inner = entry.column + missing.length * unit;
  const lines = text.slice(block.start, block.end).replace(/\n$/, '').split('\n').map((line) => (line.trim() === '' ? '' : ' '.repeat(inner) + line.slice(column)));
  const opened = missing.map((name, depth) => `${' '.repeat(entry.column + depth * unit)}${name}:`);
  const written = [...opened, ...lines].join('\n').replace(/^ +/, '');
  return [
    { span: block, text: '' },
    { span: { start: entry.at, end: entry.at }, text: `${written}\n${' '.repeat(entry.column)}` },
  ];
}

/** A text with edits that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return [...edits].sort((a, b) => b.span.start - a.span.start).reduce((result, { span, text: replacement }) => result.slice(0, span.start) + replacement + result.slice(span.end), text);
}
