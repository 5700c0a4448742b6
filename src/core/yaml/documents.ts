import { startOfLine, type Span } from '../base/text.ts';

const MARKER = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/;

function isMarker(text: string, lineStart: number): boolean {
  const first = text.charCodeAt(lineStart);
  return (first === 45 || first === 46) && MARKER.test(text.slice(lineStart, lineStart + 4));
}

/** Whether a line separates documents: `---` or `...` at its beginning, alone or before a blank. */
export function isDocumentMarker(line: string): boolean {
  return MARKER.test(line);
}

/** The first offset behind a `---` marker that still belongs to the document it opens, as in `--- # comment` or `--- {a: b}`. */
function contentStart(text: string, lineStart: number): number {
  return text.startsWith('---', lineStart) ? lineStart + 3 : nextLine(text, lineStart);
}

function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** Splits a text at its document markers, without parsing it. A document may be empty. */
export function splitDocuments(text: string): Span[] {
  const spans: Span[] = [];
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = start;
  while (line < text.length) {
    if (isMarker(text, line)) {
      spans.push({ start, end: line });
      start = contentStart(text, line);
    }
    line = nextLine(text, line);
  }
  spans.push({ start, end: text.length });
  return spans;
}

/** The document around an offset: walks to the nearest markers on both sides, so its cost does not grow with the file. */
export function documentAt(text: string, offset: number): Span {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let line = startOfLine(text, offset); ; line = startOfLine(text, line - 1)) {
    if (isMarker(text, line)) {
      start = contentStart(text, line);
      break;
    }
    if (line <= 0) break;
  }
  let end = text.length;
  for (let line = nextLine(text, offset); line < text.length; line = nextLine(text, line)) {
    if (isMarker(text, line)) {
      end = line;
      break;
    }
  }
  return { start: Math.min(start, end), end };
}
