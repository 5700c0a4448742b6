import { startOfLine, type Span } from '../base/text.ts';

/** YAML that stands in a string of other YAML, as `data.mesh` of a ConfigMap does. */
export interface EmbeddedText {
  readonly text: string;
  /** Where it begins in the outer text; every offset of it can be added. */
  readonly start: number;
  /** False where escapes make the offsets of the two texts differ. */
  readonly exact: boolean;
}

/** A block scalar: the offset of its key, and the span of its lines. */
export interface BlockScalar {
  readonly key: number;
  readonly lines: Span;
}

const HEADER = /^((?:[ \t]*-[ \t]+)*[ \t]*)[^\s#].*:[ \t]+[|>][-+0-9]*[ \t]*(?:#.*)?\r?$/;

/** What a scalar holds, given its text as it stands, quotes and block header included. */
export function embeddedText(outer: string, { start, end }: Span, value: string): EmbeddedText {
  const first = outer[start];
  if (first === '|' || first === '>') {
    const line = outer.indexOf('\n', start);
    return line < 0 || line >= end ? { text: '', start: end, exact: true } : { text: outer.slice(line + 1, end), start: line + 1, exact: true };
  }
  const quoted = first === '"' || first === "'";
  const written = quoted ? outer.slice(start + 1, end - 1) : outer.slice(start, end);
  return written === value ? { text: written, start: start + (quoted ? 1 : 0), exact: true } : { text: value, start, exact: false };
}

/** The lines of the block scalar that a key at an offset opens; undefined where it opens none. */
export function blockScalarOf(text: string, key: number): BlockScalar | undefined {
  const from = startOfLine(text, key);
  const lineEnd = text.indexOf('\n', key);
  if (lineEnd < 0) return undefined;
  const header = HEADER.exec(text.slice(from, lineEnd));
  if (!header) return undefined;
  const column = header[1]!.length;
  let end = lineEnd + 1;
  while (end < text.length) {
    const next = text.indexOf('\n', end);
    const line = text.slice(end, next < 0 ? text.length : next);
    if (line.trim() !== '' && line.length - line.trimStart().length <= column) break;
    end = next < 0 ? text.length : next + 1;
  }
  return { key: from + column, lines: { start: lineEnd + 1, end } };
}

/** The block scalar that an offset lies in, told from indentation alone. */
export function blockScalarAt(text: string, offset: number): BlockScalar | undefined {
  let start = startOfLine(text, offset);
  const own = text.slice(start, offset);
  let column = own.trim() === '' ? own.length : own.length - own.trimStart().length;
  for (let lines = 0; start > 0 && column > 0 && lines < MOST_LINES; lines++) {
    start = startOfLine(text, start - 1);
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end);
    const indent = line.length - line.trimStart().length;
    if (line.trim() === '' || indent >= column) continue;
    const header = HEADER.exec(line);
    if (header) return header[1]!.length < column ? blockScalarOf(text, start) : undefined;
    column = indent;
  }
  return undefined;
}

/** How far above a line the key of its block scalar is looked for. */
const MOST_LINES = 2_000;
