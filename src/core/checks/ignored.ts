import { lineSpan, startOfLine } from '../base/text.ts';
import type { Finding } from './finding.ts';

const WORD = 'istio-handbook-ignore';
const COMMENT = /#[ \t]*istio-handbook-ignore\b:?[ \t]*([\w, \t]*)/;
const TOP = /^(?:[ \t]*(?:#.*)?\r?\n|---.*\r?\n)*/;

/**
 * Tells which findings comments in a text ask to leave out: `# istio-handbook-ignore: IST0106` on the finding's line or
 * the one above, or on top of its document for all of it. Without codes it holds for all.
 */
export function ignoredIn(text: string): (finding: Pick<Finding, 'code' | 'span'>, documentStart: number) => boolean {
  if (!text.includes(WORD)) return () => false;
  const tops = new Map<number, readonly string[]>();
  return ({ code, span }, documentStart) => {
    const own = lineSpan(text, span.start);
    const lines = [text.slice(own.start, own.end)];
    if (own.start > 0) {
      const above = lineSpan(text, startOfLine(text, own.start - 1));
      const before = text.slice(above.start, above.end);
      if (before.trimStart().startsWith('#')) lines.push(before);
    }
    if (!tops.has(documentStart)) tops.set(documentStart, TOP.exec(text.slice(documentStart, documentStart + 4_000))![0].split('\n'));
    return [...lines, ...tops.get(documentStart)!].some((line) => {
      const match = COMMENT.exec(line);
      if (!match) return false;
      const codes = match[1]!.split(/[,\s]+/).filter((word) => word !== '');
      return codes.length === 0 || codes.includes(code);
    });
  };
}
