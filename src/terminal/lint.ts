import type { Language } from '../core/base/language.ts';
import { LineIndex } from '../core/base/text.ts';
import { checkText, type CheckContext } from '../core/checks/check.ts';
import type { Finding } from '../core/checks/finding.ts';
import { SEVERITIES, type CodeName, type Severity } from '../core/checks/codes.ts';
import { isChartTemplate } from '../core/checks/files.ts';
import { ignoredIn } from '../core/checks/ignored.ts';
import { Together } from '../core/checks/together.ts';
import { splitDocuments } from '../core/yaml/documents.ts';
import { parseText, type YamlDocument } from '../core/yaml/parse.ts';

/** A finding as scripts read it: lines and columns from 1, in UTF-16 units. */
export interface LintRecord {
  readonly file: string;
  /** The YAML document in the file, from 0. */
  readonly document: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly code: CodeName;
  readonly severity: Severity;
  readonly message: string;
  readonly section: string;
  readonly resource: string;
  readonly suggestion?: string;
}

/** A file with its text. */
export interface LintFile {
  readonly file: string;
  readonly text: string;
}

/**
 * Checks files, in the order of files and places.
 * @param isolated each document by itself; otherwise all files together are one workspace
 */
export function lint(context: CheckContext, files: readonly LintFile[], isolated: boolean): LintRecord[] {
  const together = new Together();
  // What a file is to others decides how its documents are checked.
  for (const { file, text } of files) together.mark(file, text);
  const patches = new Set(files.map(({ file }) => file).filter((file) => together.isPatch(file)));
  const alone = new Map(files.map(({ file, text }) => {
    const read = onceEach();
    if (!isolated) together.update(file, text, read);
    return [file, isChartTemplate(file) ? [] : checkText(context, text, { partial: patches.has(file), read })];
  }));
  const common = new Map<string, { document: number; finding: Finding }[]>();
  for (const { file, document, finding } of isolated ? [] : together.findings(context)) {
    common.set(file, [...(common.get(file) ?? []), { document, finding }]);
  }
  return files.flatMap(({ file, text }) => {
    if (isChartTemplate(file)) return [];
    const starts = splitDocuments(text).map(({ start }) => start);
    const found = [...alone.get(file)!, ...(common.get(file) ?? [])];
    const lines = new LineIndex(text);
    const ignored = ignoredIn(text);
    return found
      .filter(({ document, finding }) => !ignored(finding, starts[document] ?? 0))
      .sort((a, b) => a.finding.span.start - b.finding.span.start)
      .map(({ document, finding }) => recordOf(file, document, finding, lines));
  });
}

/** Parses each document of a file once, for all who read it. */
function onceEach(): (text: string) => YamlDocument {
  const known = new Map<string, YamlDocument>();
  return (text) => {
    const document = known.get(text) ?? parseText(text);
    known.set(text, document);
    return document;
  };
}

function recordOf(file: string, document: number, { code, severity, message, span, section, resource, suggestion }: Finding, lines: LineIndex): LintRecord {
  const start = lines.position(span.start);
  const end = lines.position(Math.max(span.end, span.start));
  return {
    file, document, line: start.line, column: start.column, endLine: end.line, endColumn: end.column, code, severity, message, section, resource,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** Whether a severity is at least as grave as another. */
export function reaches(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}

const WORDS: Readonly<Record<Language, Readonly<Record<Severity | 'none', string>>>> = {
  en: { error: 'error', warning: 'warning', info: 'info', hint: 'hint', none: 'No findings.' },
  'zh-cn': { error: '错误', warning: '警告', info: '信息', hint: '提示', none: '没有发现问题。' },
};

/** One line for a person, with the section to read. */
export function lintLine({ file, line, column, code, severity, message, section, resource }: LintRecord, language: Language): string {
  const where = [resource, section].filter((part) => part !== '').join(', ');
  return `${file}:${line}:${column}: ${WORDS[language][severity]} ${code} ${message}${where === '' ? '' : ` (${where})`}`;
}
