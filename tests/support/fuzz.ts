import type { LanguageContext } from '../../src/core/language/context.ts';
import type { Snippet } from '../../src/core/book/model.ts';
import { checkDocument } from '../../src/core/checks/check.ts';
import { applyEdits, fixesOf } from '../../src/core/checks/fixes.ts';
import { ignoredIn } from '../../src/core/checks/ignored.ts';
import { checkTogether } from '../../src/core/checks/together.ts';
import { splitDocuments } from '../../src/core/yaml/documents.ts';
import { complete } from '../../src/core/language/complete.ts';
import { fieldsOfText } from '../../src/core/language/fields.ts';
import { hover } from '../../src/core/language/hover.ts';
import { WorkspaceIndex } from '../../src/core/language/workspaceIndex.ts';

/** A sequence of numbers from 0 to below 1 that a seed repeats (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SPLICES = [
  '{{ .Values.x }}', '{{- if .a }}\n', '<<<<<<< ours\n', '=======\n', '>>>>>>> theirs\n', '"', "'", '- ', ': ', '{', '}', '[', ']', '&a ', '*a', '<<: *a\n', '|\n', '>-\n',
  '\t', '\r\n', '\ufeff', '---\n', '...\n', '# ', '中文', '🙂', '? ', '!!binary ', '%YAML 1.2\n', '\u0000', '\\', '`', '@', '-', '  - - - ', 'a'.repeat(300), '\n\n\n', '0x', '~',
];

/** A text damaged in a few places. */
export function damage(text: string, others: readonly string[], next: () => number): string {
  let result = text;
  const at = () => Math.floor(next() * (result.length + 1));
  for (let edits = 1 + Math.floor(next() * 6); edits > 0; edits--) {
    const place = at();
    const choice = next();
    if (choice < 0.45) result = result.slice(0, place) + SPLICES[Math.floor(next() * SPLICES.length)] + result.slice(place);
    else if (choice < 0.65) result = result.slice(0, place) + result.slice(place + 1 + Math.floor(next() * 30));
    else if (choice < 0.75) result = result.slice(0, place);
    else {
      const other = others[Math.floor(next() * others.length)]!;
      const from = Math.floor(next() * other.length);
      result = result.slice(0, place) + other.slice(from, from + Math.floor(next() * 400)) + result.slice(place);
    }
  }
  return result;
}

/** Checks a text and asks for every fix: what they write can be written. */
function fixes(context: LanguageContext, text: string): void {
  const checked = { ...context, language: 'en' as const };
  for (const { start, end } of splitDocuments(text)) {
    const part = text.slice(start, end);
    const ignored = ignoredIn(part);
    for (const finding of checkDocument(checked, part)) {
      ignored(finding, 0);
      for (const { edits } of fixesOf(context.reference, part, finding)) applyEdits(part, edits);
    }
  }
}

/** Checks files against each other and asks for every fix, in whichever document. */
function together(context: LanguageContext, files: Readonly<Record<string, string>>): void {
  const all = checkTogether({ ...context, language: 'zh-cn' }, Object.entries(files).map(([file, text]) => ({ file, text })), { patterns: ['k*'] });
  for (const { file, document, finding } of all) {
    const { start, end } = splitDocuments(files[file]!)[document]!;
    const part = files[file]!.slice(start, end);
    for (const { edits, elsewhere } of fixesOf(context.reference, part, { ...finding, span: { start: finding.span.start - start, end: finding.span.end - start } })) applyEdits(elsewhere?.text ?? part, edits);
  }
}

export interface FuzzResult {
  readonly runs: number;
  /** The slowest answers, in milliseconds, slowest first. */
  readonly slowest: readonly { readonly feature: string; readonly milliseconds: number; readonly text: string; readonly offset: number }[];
}

/**
 * Runs every feature over damaged documents.
 * @throws what a feature throws, with the seed, the text and the place
 */
export function fuzz(context: LanguageContext, snippets: readonly Snippet[], documents: readonly string[], { seed, runs }: { seed: number; runs: number }): FuzzResult {
  const next = random(seed);
  const index = new WorkspaceIndex();
  const slowest: { feature: string; milliseconds: number; text: string; offset: number }[] = [];
  for (let run = 0; run < runs; run++) {
    const text = damage(documents[Math.floor(next() * documents.length)]!, documents, next);
    const offset = Math.floor(next() * (text.length + 1));
    const features: Record<string, () => unknown> = {
      hover: () => hover(context, text, offset),
      complete: () => complete(context, text, offset, { indent: 2, snippets, index }),
      fields: () => fieldsOfText(context.reference, text),
      index: () => index.update(`file${run % 20}`, text),
      at: () => index.at(`file${run % 20}`, offset),
      check: () => fixes(context, text),
      together: () => together(context, { 'a.yaml': text, 'k/b.yaml': documents[run % documents.length]!, 'k/kustomization.yaml': text }),
    };
    for (const [feature, ask] of Object.entries(features)) {
      const started = performance.now();
      try {
        ask();
      } catch (error) {
        throw new Error(`${feature} failed, seed ${seed}, run ${run}, offset ${offset}:\n${text}`, { cause: error });
      }
      slowest.push({ feature, milliseconds: performance.now() - started, text, offset });
    }
    if (slowest.length > 500) slowest.sort((a, b) => b.milliseconds - a.milliseconds).splice(10);
  }
  slowest.sort((a, b) => b.milliseconds - a.milliseconds).splice(10);
  return { runs, slowest };
}
