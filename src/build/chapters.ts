import { LANGUAGES, type Language } from '../core/base/language.ts';
import type { Markdown, Rendered } from './markdown.ts';
import type { Planned } from './planned.ts';
import type { Problems } from './problems.ts';
import { isRecord, YamlSource, type Sources } from './source.ts';

/** A chapter of `content`, read and rendered. */
export interface ChapterSource {
  readonly id: string;
  readonly file: string;
  readonly title: string;
  readonly summary: string;
  readonly keywords: readonly string[];
  readonly verified: string;
  readonly sources: readonly string[];
  readonly sections: readonly SectionSource[];
}

export interface SectionSource {
  readonly id: string;
  readonly title: string;
  /** Line of its heading, from 1; the text begins on the next one. */
  readonly line: number;
  readonly markdown: string;
  readonly rendered: Rendered;
}

export interface PartSource {
  readonly id: string;
  readonly title: Record<Language, string>;
  readonly chapters: readonly string[];
}

const BOOK = 'content/book.yaml';
const FRONT_MATTER = /^---\n([\s\S]*?)\n---\n/;
const SECTION = /^## +(.*?)(?:\s*\{#([a-z0-9-]+)\})?\s*$/;
const FENCE = /^(`{3,}|~{3,})/;

/** Reads `content/book.yaml`: the order of parts and chapters. */
export function readBook(sources: Sources, problems: Problems): PartSource[] {
  const file = new YamlSource(BOOK, sources.get(BOOK) ?? '', problems);
  const parts = isRecord(file.value) && Array.isArray(file.value['parts']) ? (file.value['parts'] as unknown[]) : [];
  if (parts.length === 0) file.problem([], 'the book needs parts');
  return parts.flatMap((part, index) => {
    if (!isRecord(part) || !isRecord(part['title']) || !Array.isArray(part['chapters'])) {
      file.problem(['parts', index], 'a part needs id, title and chapters');
      return [];
    }
    return [{ id: String(part['id']), title: part['title'] as Record<Language, string>, chapters: part['chapters'] as string[] }];
  });
}

/** Reads one chapter in one language; undefined, with a problem, where its file is missing. */
export function readChapter(
  sources: Sources,
  { markdown, planned, problems }: { markdown: Markdown; planned: Planned; problems: Problems },
  { part, chapter, language }: { part: string; chapter: string; language: Language },
): ChapterSource | undefined {
  const file = `content/${language}/${part}/${chapter}.md`;
  const text = sources.get(file)?.replace(/\r\n/g, '\n');
  if (text === undefined) {
    problems.add(BOOK, 1, `the chapter ${chapter} has no file ${file}`);
    return undefined;
  }
  const front = FRONT_MATTER.exec(text);
  if (!front) problems.add(file, 1, 'the front matter is missing');
  const meta = new YamlSource(file, front?.[1] ?? '', problems, 2);
  const data = isRecord(meta.value) ? meta.value : {};
  checkFrontMatter(meta, data, language);
  const bodyLine = (front?.[0].split('\n').length ?? 1) - 1;
  const sections = splitSections(planned.withoutLinks(text.slice(front?.[0].length ?? 0)), bodyLine, (line, message) => problems.add(file, line, message))
    .map((section) => ({ ...section, rendered: markdown.render(section.markdown, language, section.id) }));
  if (sections.length === 0) problems.add(file, 1, 'the chapter has no sections');
  for (const { line, rendered } of sections) {
    for (const problem of rendered.problems) problems.add(file, line + 1 + problem.line, problem.message);
  }
  return {
    id: chapter,
    file,
    title: String(data['title'] ?? ''),
    summary: String(data['summary'] ?? ''),
    keywords: Array.isArray(data['keywords']) ? data['keywords'].map(String) : [],
    verified: String(data['verified'] ?? ''),
    sources: Array.isArray(data['sources']) ? data['sources'].map(String) : [],
    sections,
  };
}

function checkFrontMatter(meta: YamlSource, data: Record<string, unknown>, language: Language): void {
  for (const key of ['title', 'summary']) if (typeof data[key] !== 'string') meta.problem([], `${key} is missing`);
  if (!Array.isArray(data['keywords'])) meta.problem([], 'keywords are missing');
  if (language !== 'en') return;
  if (typeof data['verified'] !== 'string') meta.problem([], 'verified names the Istio version, in quotes');
  const sources = data['sources'];
  if (!Array.isArray(sources) || sources.some((address) => !String(address).startsWith('https://'))) {
    meta.problem(['sources'], 'sources are https addresses');
  }
}

function splitSections(
  body: string,
  firstLine: number,
  complain: (line: number, message: string) => void,
): Omit<SectionSource, 'rendered'>[] {
  const sections: { id: string; title: string; line: number; lines: string[] }[] = [];
  let fence: string | undefined;
  for (const [index, line] of body.split('\n').entries()) {
    const lineNumber = firstLine + index + 1;
    const mark = FENCE.exec(line)?.[1];
    if (mark && fence === undefined) fence = mark;
    else if (mark && fence !== undefined && mark.startsWith(fence)) fence = undefined;
    const heading = fence === undefined ? SECTION.exec(line) : null;
    if (heading) {
      if (heading[2] === undefined) complain(lineNumber, 'a section heading needs an id: ## Title {#id}');
      sections.push({ id: heading[2] ?? '', title: heading[1]!, line: lineNumber, lines: [] });
    } else if (sections.length > 0) sections.at(-1)!.lines.push(line);
    else if (line.trim() !== '') complain(lineNumber, 'text before the first section');
  }
  if (fence !== undefined) complain(firstLine + body.split('\n').length, 'a code block is not closed');
  return sections.map(({ id, title, line, lines }) => ({ id, title, line, markdown: lines.join('\n') }));
}

/** A chapter in every language. */
export type ChapterPair = Record<Language, ChapterSource>;

/** Compares the two languages of a chapter: sections, code, tables, figures. */
export function comparePair(pair: ChapterPair, problems: Problems): void {
  const [first, second] = LANGUAGES.map((language) => pair[language]) as [ChapterSource, ChapterSource];
  const ids = first.sections.map(({ id }) => id);
  const otherIds = second.sections.map(({ id }) => id);
  for (const section of first.sections) {
    if (!otherIds.includes(section.id)) problems.add(first.file, section.line, `the section ${section.id} is missing in ${second.file}`);
  }
  for (const section of second.sections) {
    const twin = first.sections.find(({ id }) => id === section.id);
    if (!twin) {
      problems.add(second.file, section.line, `the section ${section.id} is missing in ${first.file}`);
      continue;
    }
    compareSections(twin, section, (line, message) => problems.add(second.file, line, message));
  }
  if (ids.length === otherIds.length && ids.join() !== otherIds.join()) {
    problems.add(second.file, 1, `the sections stand in another order than in ${first.file}`);
  }
}

function compareSections(first: SectionSource, second: SectionSource, complain: (line: number, message: string) => void): void {
  const a = first.rendered;
  const b = second.rendered;
  if (a.tables.join() !== b.tables.join()) {
    complain(second.line, `tables differ from the English ones: ${a.tables.join(', ')} against ${b.tables.join(', ')}`);
  }
  const figures = (rendered: Rendered) => rendered.figures.map(({ id }) => id).join();
  if (figures(a) !== figures(b)) complain(second.line, 'figures differ from the English ones');
  if (a.blocks.length !== b.blocks.length) {
    complain(second.line, `${b.blocks.length} code blocks, and ${a.blocks.length} in English`);
    return;
  }
  for (const [index, block] of b.blocks.entries()) {
    if (bareCode(block.code) !== bareCode(a.blocks[index]!.code)) {
      complain(second.line + 1 + block.line, 'the code differs from the English block in more than its comments');
    }
  }
}

/** Code without its comments, which are translated. */
function bareCode(code: string): string {
  return code
    .split('\n')
    .map((line) => line.replace(/(?:^|\s+)(?:#|\/\/|--).*$/, '').trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}
