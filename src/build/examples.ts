import type { Node } from 'yaml';
import { resourcesOf } from '../core/language/documents.ts';
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
  return checkWhole(reference, code);
}

/** Checks a snippet, expanded with its defaults. */
export function checkSnippet(reference: Reference, snippet: Snippet): ExampleProblem[] {
  const code = expandSnippet(snippet.body);
  return snippet.fragment === undefined ? checkWhole(reference, code) : checkFragment(reference, code, snippet.fragment);
}

function checkWhole(reference: Reference, code: string): ExampleProblem[] {
  const lines = new LineIndex(code);
  return splitDocuments(code).flatMap(({ start, end }) => {
    const document = readDocument(code.slice(start, end));
    const line = (offset: number) => lines.line(start + offset) - 1;
    const syntax = document.errors.map(({ message, span }) => ({ line: line(span.start), message }));
    if (syntax.length > 0 || document.root === null) return syntax;
    const problems = resourcesOf(reference, document).flatMap((resource) =>
      structureProblems(reference, resource.node, resource.kind.root),
    );
    return problems.map((problem) => ({ line: line(problem.span.start), message: describe(problem) }));
  });
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
