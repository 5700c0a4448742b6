import type { Node } from 'yaml';
import { checkText } from '../core/checks/check.ts';
import { checkTogether } from '../core/checks/together.ts';
import { expandSnippet, fragmentTarget } from '../core/language/snippets.ts';
import { structureProblems, type StructureProblem } from '../core/language/structure.ts';
import type { Reference } from '../core/reference/model.ts';
import type { Snippet } from '../core/book/model.ts';
import { splitDocuments } from '../core/yaml/documents.ts';
import { readDocument } from '../core/yaml/parse.ts';
import { formatPath } from '../core/yaml/path.ts';
import { LineIndex } from '../core/base/text.ts';
import type { Block } from './markdown.ts';

/** Something wrong with an example; the line is counted from 0 within its code. */
export interface ExampleProblem {
  readonly line: number;
  readonly message: string;
}

/** Checks a block of the book against what its fence says. */
export function checkBlock(reference: Reference, { fence, code }: Block): ExampleProblem[] {
  if (fence.language !== 'yaml' || fence.kind === 'other') return [];
  if (fence.kind === 'fragment') return checkFragment(reference, code, fence.place ?? '');
  return fence.kind === 'wrong' ? checkWrong(reference, code, fence.codes) : checkWhole(reference, code);
}

/** Checks a snippet, expanded with its defaults. */
export function checkSnippet(reference: Reference, snippet: Snippet): ExampleProblem[] {
  const code = expandSnippet(snippet.body);
  return snippet.fragment === undefined ? checkWhole(reference, code) : checkFragment(reference, code, snippet.fragment);
}

/** What the checks find in whole documents, the way `istio-handbook lint --isolated` does. */
function findingsOf(reference: Reference, code: string): { line: number; code: string; message: string; grave: boolean }[] {
  const lines = new LineIndex(code);
  const context = { reference, language: 'en' as const, section: () => undefined };
  return checkText(context, code).map(({ finding }) => ({
    line: lines.line(finding.span.start) - 1, code: finding.code, message: `${formatPath(finding.path)}: ${finding.message}`, grave: finding.severity === 'error' || finding.severity === 'warning',
  }));
}

function checkWhole(reference: Reference, code: string): ExampleProblem[] {
  const broken = syntaxProblems(code);
  if (broken.length > 0) return broken;
  return findingsOf(reference, code).filter(({ grave }) => grave).map(({ line, code: name, message }) => ({ line, message: `${name} ${message}` }));
}

function syntaxProblems(code: string): ExampleProblem[] {
  const lines = new LineIndex(code);
  return splitDocuments(code).flatMap(({ start, end }) =>
    readDocument(code.slice(start, end)).errors.map(({ message, span }) => ({ line: lines.line(start + span.start) - 1, message })),
  );
}

/** A wrong example has exactly the findings that it names, alone or with itself. */
function checkWrong(reference: Reference, code: string, codes: readonly string[]): ExampleProblem[] {
  const context = { reference, language: 'en' as const, section: () => undefined };
  const together = checkTogether(context, [{ file: '', text: code }]).filter(({ finding }) => codes.includes(finding.code)).map(({ finding }) => finding.code);
  const found = [...new Set([...findingsOf(reference, code).map((finding) => finding.code), ...together])].sort();
  return found.join() === [...codes].sort().join() ? [] : [{ line: 0, message: `the findings are ${found.join(', ') || 'none'}, not ${codes.join(', ')}` }];
}

function checkFragment(reference: Reference, code: string, place: string): ExampleProblem[] {
  const target = fragmentTarget(reference, place);
  if (typeof target === 'string') return [{ line: 0, message: target }];
  const document = readDocument(code);
  const lines = new LineIndex(code);
  const line = (offset: number) => lines.line(offset) - 1;
  if (document.errors.length > 0) return document.errors.map(({ message, span }) => ({ line: line(span.start), message }));
  return fragmentProblems(reference, document.root, target.type).map((problem) => ({
    line: line(problem.span.start),
    message: describe(problem),
  }));
}

/** A fragment is a part: what it leaves out of its own message may stand beside it. */
function fragmentProblems(reference: Reference, root: Node | null, type: string): StructureProblem[] {
  return structureProblems(reference, root, type).filter(({ kind, path }) => !(kind === 'missing-field' && path.length === 0));
}

function describe({ kind, path, subject, expected }: StructureProblem): string {
  const where = formatPath(path);
  switch (kind) {
    case 'unknown-field':
      return `there is no field ${where}`;
    case 'missing-field':
      return `${where || 'the document'} needs ${subject}`;
    case 'unknown-value':
      return `${where}: ${subject} is none of ${expected}`;
    case 'wrong-type':
      return `${where}: ${subject} is no ${expected}`;
    case 'out-of-bounds':
      return `${where}: ${subject} outside ${expected}`;
  }
}
