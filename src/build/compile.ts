import { LANGUAGES, type Language } from '../core/base/language.ts';
import type { BodyIndex } from '../core/book/bodies.ts';
import type { Book, ChapterText, Snippet, Term } from '../core/book/model.ts';
import { fieldNames } from '../core/language/fieldNames.ts';
import type { Reference } from '../core/reference/model.ts';
import { bodyIndex } from './bodyIndex.ts';
import { comparePair, readBook, readChapter, type ChapterPair, type ChapterSource, type PartSource } from './chapters.ts';
import { checkBlock, checkSnippet } from './examples.ts';
import { figureHash, figureProblems } from './figures.ts';
import type { Highlight } from './highlight.ts';
import { compileGlossary, compileSnippets } from './lists.ts';
import { Markdown } from './markdown.ts';
import { Planned } from './planned.ts';
import { Problems, type Problem } from './problems.ts';
import { compileReference } from './reference.ts';
import type { Sources } from './source.ts';
import { checkWording } from './wording.ts';

/** Everything the extension reads, in one language. */
export interface Edition {
  readonly book: Book;
  readonly cover: string;
  readonly chapters: readonly ChapterText[];
  readonly reference: Reference;
  readonly snippets: readonly Snippet[];
  readonly glossary: readonly Term[];
  readonly bodies: BodyIndex;
}

export interface Compiled {
  readonly editions: Record<Language, Edition>;
  readonly problems: readonly Problem[];
}

const WORDS_PER_MINUTE = 200;

/** Compiles the content: files in, data and problems out. Nothing is read or written here. */
export function compile(sources: Sources, highlight: Highlight): Compiled {
  const problems = new Problems();
  const planned = new Planned(sources, problems);
  const snippets = compileSnippets(sources, problems, (section) => planned.standIn(section));
  const glossary = compileGlossary(sources, problems);
  const markdown = new Markdown(highlight, (id, language) => figure(sources, id, language)?.svg, glossary.byLanguage);
  const parts = readBook(sources, problems);
  const pairs = new Map<string, ChapterPair>();
  for (const part of parts) {
    for (const chapter of part.chapters) {
      const [en, zh] = LANGUAGES.map((language) => readChapter(sources, { markdown, planned, problems }, { part: part.id, chapter, language }));
      if (en && zh) pairs.set(chapter, { en, 'zh-cn': zh });
    }
  }
  const ids = sectionIds(pairs, problems);
  planned.check(ids);
  const reference = compileReference(sources, problems, (id) => planned.standIn(id));
  for (const pair of pairs.values()) {
    comparePair(pair, problems);
    for (const language of LANGUAGES) checkChapter(pair[language], { sources, language, ids, reference: reference.byLanguage.en, problems });
  }
  for (const { id, file, line } of [...reference.sections, ...snippets.sections, ...glossary.sections]) {
    if (!ids.has(id)) problems.add(file, line, `there is no section ${id}`);
  }
  for (const snippet of snippets.byLanguage.en) {
    const place = snippets.places.get(snippet.id)!;
    for (const { line, message } of checkSnippet(reference.byLanguage.en, snippet)) {
      problems.add(place.file, place.line + 1 + line, `${snippet.id}: ${message}`);
    }
  }
  checkFigureFiles(sources, problems);
  checkWording(sources, glossary.avoided, problems);
  const fields = fieldsBySection(reference.byLanguage.en, planned);
  const edition = (language: Language): Edition => ({
    book: bookOf(parts, pairs, language),
    cover: figure(sources, 'cover', language)?.svg ?? '',
    chapters: [...pairs.values()].map((pair) => chapterText(pair[language], pair.en.sources, fields)),
    bodies: bodyIndex([...pairs.values()].flatMap((pair) => pair[language].sections.map(({ id, title, rendered }) => ({ id, title, text: rendered.text })))),
    reference: reference.byLanguage[language],
    snippets: snippets.byLanguage[language],
    glossary: glossary.byLanguage[language],
  });
  return { editions: { en: edition('en'), 'zh-cn': edition('zh-cn') }, problems: problems.found };
}

function figure(sources: Sources, id: string, language: Language): { file: string; svg: string } | undefined {
  for (const file of [`content/figures/${id}.${language}.svg`, `content/figures/${id}.svg`]) {
    const svg = sources.get(file);
    if (svg !== undefined) return { file, svg };
  }
  return undefined;
}

/** Every id that a link may lead to. */
function sectionIds(pairs: ReadonlyMap<string, ChapterPair>, problems: Problems): ReadonlySet<string> {
  const ids = new Map<string, string>();
  for (const { en } of pairs.values()) {
    for (const section of en.sections) {
      if (ids.has(section.id)) problems.add(en.file, section.line, `the id ${section.id} is also in ${ids.get(section.id)}`);
      ids.set(section.id, en.file);
      for (const anchor of section.rendered.anchors) {
        const line = section.line + 1 + anchor.line;
        if (!anchor.id.startsWith(`${section.id}--`)) problems.add(en.file, line, `the heading's id has to begin with ${section.id}--`);
        if (ids.has(anchor.id)) problems.add(en.file, line, `the id ${anchor.id} is also in ${ids.get(anchor.id)}`);
        ids.set(anchor.id, en.file);
      }
    }
  }
  return new Set(ids.keys());
}

interface CheckContext {
  readonly sources: Sources;
  readonly language: Language;
  readonly ids: ReadonlySet<string>;
  readonly reference: Reference;
  readonly problems: Problems;
}

function checkChapter(chapter: ChapterSource, { sources, language, ids, reference, problems }: CheckContext): void {
  for (const { line, rendered } of chapter.sections) {
    const complain = (at: number, message: string) => problems.add(chapter.file, line + 1 + at, message);
    for (const { href, line: at } of rendered.links) {
      if (href.startsWith('#') ? !ids.has(href.slice(1)) : !href.startsWith('https://')) complain(at, `a dead link: ${href}`);
    }
    for (const { id, line: at } of rendered.figures) {
      if (!figure(sources, id, language)) complain(at, `there is no figure ${id}`);
    }
    for (const block of rendered.blocks) {
      for (const { line: at, message } of checkBlock(reference, block)) complain(block.line + 1 + at, message);
    }
  }
}

/** Drawings are what the page may show, and are made from the source beside them. */
function checkFigureFiles(sources: Sources, problems: Problems): void {
  for (const [file, text] of sources) {
    if (!file.startsWith('content/figures/')) continue;
    if (file.endsWith('.svg')) for (const message of figureProblems(text)) problems.add(file, 1, message);
    if (!file.endsWith('.mmd')) continue;
    const drawing = sources.get(file.replace(/\.mmd$/, '.svg'));
    if (drawing === undefined) problems.add(file, 1, 'the figure is not drawn: npm run figures');
    else if (!drawing.includes(`data-hash="${figureHash(text)}"`)) problems.add(file, 1, 'the drawing is older than its source: npm run figures');
  }
}

function bookOf(parts: readonly PartSource[], pairs: ReadonlyMap<string, ChapterPair>, language: Language): Book {
  return {
    language,
    parts: parts.map((part) => ({
      id: part.id,
      title: part.title[language],
      chapters: part.chapters.flatMap((id) => {
        const pair = pairs.get(id);
        if (!pair) return [];
        const { title, summary, keywords, sections } = pair[language];
        return {
          id,
          title,
          summary,
          keywords,
          verified: pair.en.verified,
          sections: sections.map(({ id: section, title: name, rendered }) => ({
            id: section,
            title: name,
            minutes: Math.max(1, Math.round(rendered.words / WORDS_PER_MINUTE)),
          })),
        };
      }),
    })),
  };
}

/** The fields that each section explains, in the order of their kinds. */
function fieldsBySection(reference: Reference, planned: Planned): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, string[]>();
  for (const { section, path } of fieldNames(reference)) if (!planned.standsIn(section)) fields.set(section, [...(fields.get(section) ?? []), path]);
  return fields;
}

function chapterText({ id, sections }: ChapterSource, sources: readonly string[], fields: ReadonlyMap<string, readonly string[]>): ChapterText {
  return {
    id,
    sources,
    sections: sections.map(({ id: section, title, rendered, markdown }) => ({
      id: section,
      title,
      html: rendered.html,
      markdown: markdown.trim(),
      fields: fields.get(section) ?? [],
      terms: rendered.terms,
    })),
  };
}
