import { lineSpan, startOfLine } from '../base/text.ts';
import type { Finding } from './finding.ts';

const COMMENT = /#[ \t]*istio-handbook-ignore\b:?[ \t]*([\w, \t]*)/;

/**
 * Whether a comment in the text asks that a finding be left out: `# istio-handbook-ignore: IST0106` on its line or the
 * one above, or on top of its document for all of it. Without codes it holds for all.
 * @param documentStart where the finding's document begins in the text
 */
export function isIgnored(text: string, { code, span }: Pick<Finding, 'code' | 'span'>, documentStart: number): boolean {
  if (!text.includes('istio-handbook-ignore')) return false;
  const own = lineSpan(text, span.start);
  const above = own.start > 0 ? lineSpan(text, startOfLine(text, own.start - 1)) : undefined;
  const lines = [text.slice(own.start, own.end)];
  const before = above && text.slice(above.start, above.end);
  if (before?.trimStart().startsWith('#')) lines.push(before);
  const top = /^(?:\s*(?:---[^\n]*)?(?:#[^\n]*)?\n)*/.exec(text.slice(documentStart));
  lines.push(...(top?.[0].split('\n') ?? []));
  return lines.some((line) => {
    const match = COMMENT.exec(line);
    if (!match) return false;
    const codes = match[1]!.split(/[,\s]+/).filter((word) => word !== '');
    return codes.length === 0 || codes.includes(code);
  });
}
