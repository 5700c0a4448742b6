import { isMap, isPair, isScalar, isSeq, stringify, type Node, type Pair } from 'yaml';
import { lineSpan, startOfLine, type Span } from '../base/text.ts';
import { findField } from '../reference/lookup.ts';
import type { Kind, Reference } from '../reference/model.ts';
import { keyInsert } from '../language/inserts.ts';
import { expandSnippet } from '../language/snippets.ts';
import { formatPath, parsePath, type Path } from '../yaml/path.ts';
import { readDocument } from '../yaml/parse.ts';
import { indentStyle } from '../yaml/scan.ts';
import type { Finding } from './finding.ts';
import type { Elsewhere, Plain, Remedy } from './rules/remedy.ts';

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
  /** The document that is changed, where it is another one. */
  readonly elsewhere?: Elsewhere;
}

/**
 * The changes that a finding's remedies mean in the text of its document, the likeliest first.
 * @param text the document; offsets of the finding and of the edits are its own
 * @returns none where the document's form does not allow them
 */
export function fixesOf(reference: Reference, text: string, finding: Finding): Fix[] {
  return (finding.remedies ?? []).flatMap((remedy) => fixOf(reference, text, finding, remedy) ?? []);
}

function fixOf(reference: Reference, text: string, { kind, span, path, item = [] }: Finding, remedy: Remedy): Fix | undefined {
  const place = [...item, ...path];
  const name = String(path.at(-1));
  switch (remedy.how) {
    case 'rename':
      return fix(`Rename to \`${remedy.to}\``, `改名为 \`${remedy.to}\``, [{ span: find(readDocument(text).root, place)?.span ?? span, text: remedy.to }], true);
    case 'replace':
      return fix(`Write \`${remedy.with}\``, `改为 \`${remedy.with}\``, [{ span, text: scalar(remedy.with) }], true);
    case 'quote': {
      const written = text.slice(span.start, span.end);
      return fix('Quote it', '加引号', [{ span, text: `"${written.replace(/["\\]/g, '\\$&')}"` }], true);
    }
    case 'remove': {
      const target = remedy.path ?? path;
      const block = blockOf(text, [...item, ...target]);
      return block && fix(`Remove \`${wordOf(target)}\``, `删除 \`${wordOf(target)}\``, [{ span: block, text: '' }], false);
    }
    case 'deduplicate': {
      const block = earlier(text, place);
      return block && fix(`Remove the first \`${name}\`, which does not count`, `删除不生效的第一个 \`${name}\``, [{ span: block, text: '' }], false);
    }
    case 'add': {
      const edit = kind && addition(reference, kind, text, item, path, remedy.field);
      return edit && fix(`Add \`${remedy.field}\``, `添加 \`${remedy.field}\``, [edit], false);
    }
    case 'move': {
      const edits = moved(text, item, path, remedy.to);
      return edits && fix(`Move to \`${remedy.to}\``, `移到 \`${remedy.to}\``, edits, false);
    }
    case 'swap': {
      const edits = swapped(text, place, remedy.to, remedy.value);
      return edits && fix(`Use \`${remedy.to}\``, `改用 \`${remedy.to}\``, edits, false);
    }
    case 'set':
    case 'append':
      return writing(text, item, remedy);
  }
}

/** A word as it can stand anywhere, in a flow collection too: in quotes where it has marks of YAML. */
function scalar(word: string): string {
  return /^[\w./+-](?:[\w./+@-]|:(?! )| (?=\S))*$/.test(word) ? word : JSON.stringify(word);
}

function fix(en: string, chinese: string, edits: readonly Edit[], safe: boolean): Fix {
  return { title: { en, 'zh-cn': chinese }, edits, safe };
}

/** The last field of a path, with its index. */
function wordOf(path: Path): string {
  return formatPath(path.slice(path.findLastIndex((segment) => typeof segment === 'string')));
}

/** A field or an entry of a list that is written, here or in another document. */
function writing(text: string, item: Path, remedy: Remedy & { how: 'set' | 'append' }): Fix | undefined {
  const { how, path, value, in: elsewhere } = remedy;
  const place = [...(elsewhere?.item ?? item), ...path];
  const edit = how === 'set' ? setting(elsewhere?.text ?? text, place, value) : appending(elsewhere?.text ?? text, place, value);
  if (!edit) return undefined;
  const what = flowText(value);
  const [english, chinese] = how === 'set' ? [`Write \`${wordOf(path)}: ${what}\``, `写上 \`${wordOf(path)}: ${what}\``] : [`Add \`${what}\` to \`${wordOf(path)}\``, `在 \`${wordOf(path)}\` 中添加 \`${what}\``];
  if (!elsewhere) return fix(english, chinese, [edit], false);
  return { ...fix(`${english} in ${elsewhere.name}`, `${chinese}（${elsewhere.name}）`, [edit], false), elsewhere };
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

/** The end of what begins at a column of a line: the next line that stands no deeper, but for a key's dashes. */
function endOfBlock(text: string, offset: number, column: number, dash: boolean): number {
  let end = lineSpan(text, offset).end + 1;
  for (let at = end; at < text.length; ) {
    const line = lineSpan(text, at);
    const content = text.slice(line.start, line.end);
    const indent = content.length - content.trimStart().length;
    // The dashes of a key's list may stand in its own column.
    if (content.trim() !== '' && !(indent > column || (indent === column && !dash && /^-(?:\s|$)/.test(content.trimStart())))) break;
    at = Math.max(line.end + 1, at + 1);
    if (content.trim() !== '') end = at;
  }
  return Math.min(end, text.length);
}

/** The whole lines of a key and what stands below it, or of an entry of a list that is not the only one; undefined where it shares a line with others. */
function blockOf(text: string, path: Path): Span | undefined {
  if (typeof path.at(-1) === 'number') return entryBlock(text, path);
  const found = find(readDocument(text).root, path);
  return found && keyBlock(text, found.span.start);
}

function keyBlock(text: string, key: number): Span | undefined {
  const start = startOfLine(text, key);
  if (text.slice(start, key).trim() !== '') return undefined;
  return { start, end: endOfBlock(text, key, key - start, false) };
}

function entryBlock(text: string, path: Path): Span | undefined {
  const list = valueAt(readDocument(text).root, path.slice(0, -1));
  const entry = isSeq(list) && !list.flow && list.items.length > 1 ? dashOf(text, list.items[path.at(-1) as number] as Node | null) : undefined;
  return entry && { start: entry.start, end: endOfBlock(text, entry.start + entry.column, entry.column, true) };
}

/** The dash in front of an entry, with the line that it begins. */
function dashOf(text: string, entry: Node | null | undefined): { readonly start: number; readonly column: number } | undefined {
  if (!entry?.range) return undefined;
  const start = startOfLine(text, entry.range[0]);
  const match = /^( *)- +$/.exec(text.slice(start, entry.range[0]));
  return match ? { start, column: match[1]!.length } : undefined;
}

/** The first of two keys with one name. */
function earlier(text: string, path: Path): Span | undefined {
  const map = path.length === 1 ? readDocument(text).root : valueAt(readDocument(text).root, path.slice(0, -1));
  const pair = isMap(map) && !map.flow ? map.items.find((item) => isScalar(item.key) && String(item.key.source ?? item.key.value) === path.at(-1)) : undefined;
  const start = (pair?.key as Node | undefined)?.range?.[0];
  return start === undefined ? undefined : keyBlock(text, start);
}

/** Data in one line. */
function flowText(value: Plain): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim();
}

/** A key with its value as lines of a block, the first at a column that is already there. */
function keyLines(key: string, value: Plain, column: number, unit: number): string {
  return blockText({ [key]: value }, column, unit);
}

function blockText(value: Plain, column: number, unit: number): string {
  return stringify(value, { indent: Math.max(unit, 1), indentSeq: false, lineWidth: 0 }).trimEnd().replace(/\n/g, `\n${' '.repeat(column)}`);
}

/** Keys above a value, written as data. */
function nested(keys: readonly (string | number)[], value: Plain): Plain {
  return keys.reduceRight<Plain>((inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }), value);
}

/** Writes a field behind those that stand in its mapping, or another value in its place. */
function setting(text: string, path: Path, value: Plain): Edit | undefined {
  const { root } = readDocument(text);
  const written = valueAt(root, path);
  if (isScalar(written) && written.range && written.source !== '' && !isCollection(value)) return { span: { start: written.range[0], end: written.range[1] }, text: flowText(value) };
  if (written !== undefined && written !== null) return undefined;
  let depth = path.length - 1;
  while (depth > 0 && valueAt(root, path.slice(0, depth)) === undefined) depth--;
  const map = depth === 0 ? root : valueAt(root, path.slice(0, depth));
  const [key, ...inner] = path.slice(depth);
  if (!isMap(map) || !map.range || typeof key !== 'string' || find(root, path.slice(0, depth + 1))) return undefined;
  const data = nested(inner, value);
  if (map.flow) {
    const end = map.range[1] - 1;
    return text[end] === '}' ? { span: { start: end, end }, text: `${map.items.length > 0 ? ', ' : ''}${flowText({ [key]: data }).slice(1, -1)}` } : undefined;
  }
  const last = map.items.at(-1)?.key as Node | undefined;
  const first = map.items[0]?.key as Node | undefined;
  if (!last?.range || !first?.range) return undefined;
  const column = first.range[0] - startOfLine(text, first.range[0]);
  const { unit } = indentStyle(text, first.range[0], 2);
  return afterBlock(text, endOfBlock(text, last.range[0], column, false), keyLines(key, data, column, unit), column);
}

function afterBlock(text: string, end: number, lines: string, column: number): Edit {
  const open = end > 0 && text[end - 1] !== '\n';
  return { span: { start: end, end }, text: `${open ? '\n' : ''}${' '.repeat(column)}${lines}${open ? '' : '\n'}` };
}

function isCollection(value: Plain): boolean {
  return typeof value === 'object';
}

/** Writes an entry behind the others of a list, or a list of it alone. */
function appending(text: string, path: Path, value: Plain): Edit | undefined {
  const list = valueAt(readDocument(text).root, path);
  if (list === undefined) return setting(text, path, [value]);
  if (!isSeq(list) || !list.range) return undefined;
  if (list.flow) {
    const end = list.range[1] - 1;
    return text[end] === ']' ? { span: { start: end, end }, text: `${list.items.length > 0 ? ', ' : ''}${flowText(value)}` } : undefined;
  }
  const entry = dashOf(text, list.items.at(-1) as Node | null);
  if (!entry) return undefined;
  const { unit } = indentStyle(text, entry.start, 2);
  return afterBlock(text, endOfBlock(text, entry.start + entry.column, entry.column, true), `- ${blockText(value, entry.column + 2, unit)}`, entry.column);
}

/** Another field in the place of one. */
function swapped(text: string, path: Path, to: string, value: Plain): Edit[] | undefined {
  const { root } = readDocument(text);
  const found = find(root, path);
  const map = path.length === 1 ? root : valueAt(root, path.slice(0, -1));
  if (!found || !isMap(map)) return undefined;
  const end = found.pair.value?.range?.[1] ?? found.span.end;
  if (map.flow) return [{ span: { start: found.span.start, end }, text: flowText({ [to]: value }).slice(1, -1) }];
  const start = startOfLine(text, found.span.start);
  const column = found.span.start - start;
  const { unit } = indentStyle(text, found.span.start, 2);
  const blockEnd = endOfBlock(text, found.span.start, column, false);
  return [{ span: { start: found.span.start, end: text[blockEnd - 1] === '\n' ? blockEnd - 1 : blockEnd }, text: keyLines(to, value, column, unit) }];
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

function addition(reference: Reference, kind: Kind, text: string, item: Path, path: Path, name: string): Edit | undefined {
  const entry = entryOf(text, [...item, ...path]);
  const { field } = findField(reference, kind, [...path, name]);
  if (!entry || !field) return undefined;
  const style = indentStyle(text, entry.at, 2);
  const insert = expandSnippet(keyInsert(reference, name, field, { column: entry.column, style, flow: false }).text).trimEnd();
  return { span: { start: entry.at, end: entry.at }, text: `${insert}\n${' '.repeat(entry.column)}` };
}

function moved(text: string, item: Path, path: Path, to: string): Edit[] | undefined {
  const below = parsePath(to);
  const target = [...item, ...(below ?? [])];
  const from = find(readDocument(text).root, [...item, ...path]);
  const block = from && keyBlock(text, from.span.start);
  if (!below || !block) return undefined;
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
