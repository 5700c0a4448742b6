import { lineSpan, startOfLine, type Span } from '../base/text.ts';
import type { Place } from './parse.ts';
import type { Path } from './path.ts';

/**
 * Reads paths from indentation alone, for documents that do not parse: templates, half-typed lines, conflict markers.
 */

/** A line that holds a key: what stands before it, and the key itself. */
interface KeyLine {
  /** Columns of the dashes before the key, outermost first. */
  readonly dashes: readonly number[];
  readonly column: number;
  readonly name: string;
  readonly nameLength: number;
  /** What stands behind the colon. */
  readonly rest: string;
  readonly restColumn: number;
}

const KEY = /^((?:[ \t]*-[ \t]+)*[ \t]*)(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#"'&*!|>%@`{}[\],-][^#\n]*?|-[^\s#:][^#\n]*?))[ \t]*:(?=[ \t]|$)/;
const ITEM = /^([ \t]*)-(?=[ \t]|$)/;
const BLOCK_SCALAR = /(?:^|\s)[|>][-+0-9]*\s*(?:#.*)?$/;
const NOISE = /^\s*(?:#|$|\{\{|<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)/;

function keyLine(line: string): KeyLine | undefined {
  const match = KEY.exec(line);
  if (!match) return undefined;
  const lead = match[1]!;
  const dashes: number[] = [];
  for (let i = lead.indexOf('-'); i >= 0; i = lead.indexOf('-', i + 1)) dashes.push(i);
  const name = match[2] ?? match[3] ?? match[4]!;
  const quoted = match[4] === undefined;
  const restColumn = match[0].length;
  return {
    dashes,
    column: lead.length,
    name,
    nameLength: name.length + (quoted ? 2 : 0),
    rest: line.slice(restColumn),
    restColumn,
  };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** A key found by {@link scanKeys}, with its place in the text. */
export interface ScannedKey {
  readonly path: Path;
  readonly span: Span;
}

interface Level {
  column: number;
  /** A mapping key, or the index of a sequence item. */
  segment: string | number;
}

/** Every key of a document, by one pass over its lines; the keys of flow mappings included. */
export function scanKeys(text: string): ScannedKey[] {
  const keys: ScannedKey[] = [];
  const levels: Level[] = [];
  let blockColumn = -1;
  for (let start = 0; start <= text.length; ) {
    const { end } = lineSpan(text, start);
    const line = text.slice(start, end);
    const inBlock = blockColumn >= 0 && (line.trim() === '' || indentOf(line) > blockColumn);
    if (!inBlock && !NOISE.test(line)) {
      blockColumn = -1;
      const key = keyLine(line);
      for (const column of key ? key.dashes : dashColumns(line)) enterItem(levels, column);
      if (key) {
        while (levels.length > 0 && levels.at(-1)!.column >= key.column) levels.pop();
        levels.push({ column: key.column, segment: key.name });
        const path = levels.map((level) => level.segment);
        keys.push({ path, span: { start: start + key.column, end: start + key.column + key.nameLength } });
        for (const inner of flowKeys(key.rest)) {
          const from = start + key.restColumn + inner.start;
          keys.push({ path: [...path, ...inner.path], span: { start: from, end: from + inner.length } });
        }
        if (BLOCK_SCALAR.test(key.rest)) blockColumn = key.column;
      }
    }
    const next = text.indexOf('\n', start);
    if (next < 0) break;
    start = next + 1;
  }
  return keys;
}

function dashColumns(line: string): number[] {
  const item = ITEM.exec(line);
  return item ? [item[1]!.length] : [];
}

function enterItem(levels: Level[], column: number): void {
  let index = 0;
  while (levels.length > 0) {
    const top = levels.at(-1)!;
    if (top.column < column || (top.column === column && typeof top.segment === 'string')) break;
    levels.pop();
    if (top.column === column && typeof top.segment === 'number') {
      index = top.segment + 1;
      break;
    }
  }
  levels.push({ column, segment: index });
}

interface FlowKey {
  readonly path: Path;
  readonly start: number;
  readonly length: number;
}

const FLOW_TOKEN = /\{\{.*?\}\}|"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[{}[\],]|:(?=\s|$)|#.*$|[^\s{}[\],:"'#][^{}[\],\n]*?(?=\s*(?::(?:\s|$)|[{}[\],]|$))|./g;

/** The keys of flow mappings in the rest of one line. */
function flowKeys(rest: string): FlowKey[] {
  const trimmed = rest.trimStart();
  if (!/^[{[]/.test(trimmed) || trimmed.startsWith('{{')) return [];
  const found: FlowKey[] = [];
  const stack: { list: boolean; segment: string | number | undefined }[] = [];
  let last: { text: string; start: number } | undefined;
  FLOW_TOKEN.lastIndex = 0;
  for (const match of rest.matchAll(FLOW_TOKEN)) {
    const token = match[0];
    const top = stack.at(-1);
    if (token === '{') stack.push({ list: false, segment: undefined });
    else if (token === '[') stack.push({ list: true, segment: 0 });
    else if (token === '}' || token === ']') stack.pop();
    else if (token === ',' && top) top.segment = typeof top.segment === 'number' ? top.segment + 1 : undefined;
    else if (token === ':' && top && !top.list && last) {
      top.segment = last.text.replace(/^["']|["']$/g, '');
      found.push({ path: stack.map((level) => level.segment ?? ''), start: last.start, length: last.text.length });
    } else if (token.trim() !== '') last = { text: token, start: match.index };
  }
  return found;
}

/**
 * The place at an offset, by walking up from its line to each shallower key. Sequence items count as index 0: the
 * meaning of a field does not depend on it.
 */
export function scanPlace(text: string, offset: number): Place | undefined {
  const span = lineSpan(text, offset);
  const line = text.slice(span.start, span.end);
  if (NOISE.test(line)) return undefined;
  const key = keyLine(line);
  const column = offset - span.start;
  const own = key ?? itemLine(line);
  if (!own || column < own.column) return undefined;
  const parents = parentsOf(text, span.start, own);
  if (!parents) return undefined;
  if (!key) return valuePlace(parents, line, span, own.column, offset);
  const path = [...parents, key.name];
  if (column <= key.column + key.nameLength) {
    const start = span.start + key.column;
    return { path, on: 'key', span: { start, end: start + key.nameLength }, scalar: scalarOf(key.rest) };
  }
  const inFlow = flowPlace(key, column);
  if (inFlow) return { path: [...path, ...inFlow.path], on: 'key', span: shift(inFlow, span.start + key.restColumn) };
  return scalarOf(key.rest) === undefined ? undefined : valuePlace(path, line, span, key.restColumn, offset);
}

function shift(key: FlowKey, by: number): Span {
  return { start: by + key.start, end: by + key.start + key.length };
}

function flowPlace(key: KeyLine, column: number): FlowKey | undefined {
  return flowKeys(key.rest).find(
    ({ start, length }) => column >= key.restColumn + start && column <= key.restColumn + start + length,
  );
}

function itemLine(line: string): Pick<KeyLine, 'dashes' | 'column'> | undefined {
  const dashes = dashColumns(line);
  return dashes.length > 0 ? { dashes, column: dashes[0]! + 1 } : undefined;
}

function scalarOf(rest: string): string | undefined {
  const text = rest.replace(/(?:^|\s)#.*$/, '').trim();
  if (text === '' || /^[{[|>&*]/.test(text)) return undefined;
  return text.replace(/^(["'])(.*)\1$/, '$2');
}

function valuePlace(path: Path, line: string, span: Span, from: number, offset: number): Place | undefined {
  const rest = line.slice(from);
  const scalar = scalarOf(rest);
  if (scalar === undefined) return undefined;
  const start = span.start + from + (rest.length - rest.trimStart().length);
  const end = span.start + from + rest.replace(/(?:^|\s)#.*$/, '').trimEnd().length;
  return offset < start || offset > end ? undefined : { path, on: 'value', span: { start, end }, scalar };
}

/** The path of the keys above a line, or undefined where it lies in a block scalar. */
function parentsOf(text: string, lineStart: number, own: Pick<KeyLine, 'dashes' | 'column'>): Path | undefined {
  const path: (string | number)[] = [];
  for (let i = own.dashes.length; i > 0; i--) path.unshift(0);
  let limit = own.dashes[0] ?? own.column;
  let dashed = own.dashes.length > 0;
  for (let end = lineStart - 1; end >= 0 && (limit > 0 || dashed); ) {
    const start = startOfLine(text, end);
    const line = text.slice(start, end).replace(/\r$/, '');
    end = start - 1;
    if (NOISE.test(line)) continue;
    const indent = indentOf(line);
    // The parent of a sequence may stand in the same column as its dashes; any other parent is shallower.
    if (indent > limit || (indent === limit && !(dashed && line[indent] !== '-'))) continue;
    const key = keyLine(line);
    if (!key) {
      const dash = dashColumns(line)[0];
      if (dash !== undefined && dash < limit) {
        path.unshift(0);
        limit = dash;
        dashed = true;
      }
      continue;
    }
    if (key.column < limit || (dashed && key.column === limit)) {
      if (BLOCK_SCALAR.test(key.rest)) return undefined;
      path.unshift(key.name);
    }
    const inside = key.dashes.filter((dash) => dash < limit);
    for (let i = inside.length; i > 0; i--) path.unshift(0);
    limit = inside[0] ?? Math.min(limit, key.column);
    dashed = inside.length > 0;
  }
  return path;
}

/** A place where something can be written: a new key of a mapping, or a value. */
export interface Slot {
  readonly on: 'key' | 'value';
  /** The mapping that a key would join, or the field or item whose value it is. Sequence items count as index 0. */
  readonly path: Path;
  /** What stands there already, to be replaced. */
  readonly span: Span;
  /** The column where it begins. */
  readonly column: number;
  /** Inside `{}` or `[]`, where nothing may begin a line. */
  readonly flow: boolean;
}

const WORD = /[^\s{}[\],:#"'|>]*$/;
const REST_OF_WORD = /^[^\s{}[\],:#"']*/;
const COMMENT = /(?:^|\s)#/;

/**
 * What can be written at an offset, from indentation alone: it works in the middle of whatever is broken around it.
 * @returns undefined in comments, block scalars and markers
 */
export function slotAt(text: string, offset: number): Slot | undefined {
  const span = lineSpan(text, offset);
  const before = text.slice(span.start, offset);
  if (COMMENT.test(before) || /^\s*(?:\{\{|<<<<<<<|=======|>>>>>>>)/.test(before)) return undefined;
  const key = keyLine(before);
  return key ? slotBehindKey(text, span, before, key) : slotForKey(text, span, before);
}

function slotForKey(text: string, line: Span, before: string): Slot | undefined {
  const lead = /^(?:[ \t]*-(?=[ \t]|$))*[ \t]*/.exec(before)![0];
  const flow = /^[{[]/.test(before.slice(lead.length)) ? { rest: before.slice(lead.length), column: lead.length } : undefined;
  const word = flow ? '' : before.slice(lead.length);
  if (!flow && !/^["']?[^\s{}[\],:#"']*$/.test(word)) return undefined;
  const dashes = [...lead].flatMap((character, column) => (character === '-' ? [column] : []));
  if (dashes.length > 0 && /-$/.test(lead)) return undefined;
  const parents = parentsOf(text, line.start, { dashes, column: lead.length });
  if (!parents) return undefined;
  if (flow) return flowSlot(parents, flow.rest, line, flow.column, text);
  return { on: 'key', path: parents, span: wordSpan(text, line.start + lead.length, line.start + before.length), column: lead.length, flow: false };
}

function slotBehindKey(text: string, line: Span, before: string, key: KeyLine): Slot | undefined {
  const parents = parentsOf(text, line.start, key);
  if (!parents) return undefined;
  const path = [...parents, key.name];
  const gap = key.rest.length - key.rest.trimStart().length;
  if (/^\s*[{[]/.test(key.rest)) return flowSlot(path, key.rest.slice(gap), line, key.restColumn + gap, text);
  if (gap === 0) return undefined;
  const quote = /^["']/.test(key.rest.trimStart()) ? 1 : 0;
  const column = key.restColumn + gap + quote;
  return { on: 'value', path, span: wordSpan(text, line.start + column, line.start + before.length), column, flow: false };
}

/** What can be written behind an unclosed `{` or `[`, whose text up to the cursor is given. */
function flowSlot(path: Path, rest: string, line: Span, column: number, text: string): Slot | undefined {
  if (rest.startsWith('{{')) return undefined;
  const stack: { list: boolean; segment: string | number | undefined }[] = [];
  let word = '';
  for (const [token] of rest.matchAll(FLOW_TOKEN)) {
    const top = stack.at(-1);
    if (token === '{') stack.push({ list: false, segment: undefined });
    else if (token === '[') stack.push({ list: true, segment: 0 });
    else if (token === '}' || token === ']') stack.pop();
    else if (token === ',' && top && !top.list) top.segment = undefined;
    else if (token === ':' && top && !top.list) top.segment = word;
    else if (token.trim() !== '') word = token.replace(/^["']|["']$/g, '');
  }
  const top = stack.at(-1);
  if (!top) return undefined;
  const end = line.start + column + rest.length;
  const start = end - WORD.exec(rest)![0].length;
  const inner = [...path, ...stack.flatMap(({ segment }) => (segment === undefined ? [] : [segment]))];
  const on = top.segment === undefined ? 'key' : 'value';
  return { on, path: inner, span: wordSpan(text, start, end), column: start - line.start, flow: true };
}

/** What is written from `start` to the cursor at `end`, and the rest of the word behind it. */
function wordSpan(text: string, start: number, end: number): Span {
  return { start, end: end + REST_OF_WORD.exec(text.slice(end, end + 200))![0].length };
}

/** The keys that stand beside a slot in its mapping, found by their column, with what follows them on their line. */
export function siblingsOf(text: string, slot: Slot): ReadonlyMap<string, string> {
  const own = lineSpan(text, slot.span.start);
  const line = text.slice(own.start, own.end);
  const column = keyLine(line)?.column ?? slot.column;
  const found = new Map<string, string>();
  const look = (other: string): void => {
    const key = NOISE.test(other) ? undefined : keyLine(other);
    if (key?.column === column) found.set(key.name, key.rest);
  };
  for (let end = own.start - 1, inside = indentOf(line) === column; end >= 0 && inside; ) {
    const start = startOfLine(text, end);
    const above = text.slice(start, end).replace(/\r$/, '');
    look(above);
    inside = NOISE.test(above) || indentOf(above) >= column;
    end = start - 1;
  }
  for (let start = text.indexOf('\n', own.end) + 1; start > 0; ) {
    const next = lineSpan(text, start);
    const below = text.slice(next.start, next.end);
    if (!NOISE.test(below) && indentOf(below) < column) break;
    look(below);
    start = text.indexOf('\n', next.end) + 1;
  }
  return found;
}

/** The scalar of a key beside the one whose value a slot is, on lines of its own or in the same flow mapping. */
export function valueBeside(text: string, slot: Slot, key: string): string | undefined {
  if (!slot.flow) return scalarOf(siblingsOf(text, slot).get(key) ?? '');
  const { start, end } = lineSpan(text, slot.span.start);
  const from = text.lastIndexOf('{', slot.span.start);
  const to = text.indexOf('}', slot.span.start);
  const mapping = text.slice(Math.max(start, from), to < 0 ? end : Math.min(to, end));
  const match = new RegExp(`[{,]\\s*${key}:\\s*["']?([^\\s,"'}]+)`).exec(mapping);
  return match?.[1];
}

/** How a document is indented: by how many columns, and whether dashes stand deeper than their key. */
export interface IndentStyle {
  readonly unit: number;
  readonly dashes: number;
}

/**
 * Reads the style of indentation around an offset: what the lines above it show last, else what those below show first.
 * @param fallback the unit where no line shows one
 */
export function indentStyle(text: string, offset: number, fallback: number): IndentStyle {
  let unit: number | undefined;
  let dashes: number | undefined;
  let above: { column: number; open: boolean } | undefined;
  let start = 0;
  for (const line of text.split('\n')) {
    const behind = start > offset;
    start += line.length + 1;
    if (behind && unit !== undefined && dashes !== undefined) break;
    if (NOISE.test(line)) continue;
    const key = keyLine(line);
    const dash = key?.dashes[0] ?? dashColumns(line)[0];
    if (above?.open && dash !== undefined && dash >= above.column) {
      if (!behind || dashes === undefined) dashes = dash - above.column;
    } else if (above?.open && key && key.column > above.column) {
      if (!behind || unit === undefined) unit = key.column - above.column;
    }
    above = key && { column: key.column, open: key.rest.trim() === '' };
  }
  return { unit: unit ?? fallback, dashes: dashes ?? 0 };
}
