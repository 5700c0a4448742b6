import Fuse, { type IFuseOptions } from 'fuse.js';
import type { Contents } from './contents.ts';
import type { Term } from './model.ts';

/** A place that a query leads to. */
export interface Hit {
  readonly section: string;
  readonly chapter: string;
  readonly title: string;
  /** The chapter's title, a field's path, or the words that were found. */
  readonly excerpt: string;
  readonly kind: 'section' | 'field';
}

/** A field that search knows by name. */
export interface FieldName {
  readonly name: string;
  /** Its place for people: `DestinationRule.spec.trafficPolicy`. */
  readonly path: string;
  readonly section: string;
}

interface Entry extends Hit {
  readonly name: string;
  readonly titles: readonly string[];
  readonly keywords: readonly string[];
  /** Those of the whole chapter, which its first section answers for. */
  readonly chapterKeywords: readonly string[];
}

const OPTIONS: IFuseOptions<Entry> = {
  keys: [
    { name: 'name', weight: 4 },
    { name: 'titles', weight: 3 },
    { name: 'keywords', weight: 1.5 },
    { name: 'chapterKeywords', weight: 1 },
  ],
  includeScore: true,
  ignoreLocation: true,
  threshold: 0.32,
  minMatchCharLength: 2,
};

/** Search over titles, keywords, terms and field names, forgiving of typos. */
export class Search {
  private readonly fuse: Fuse<Entry>;
  private readonly entries: readonly Entry[];

  /**
   * @param contents the book in the language of the results
   * @param others the same book in its other languages, so that a query finds titles in any of them
   * @param fields the names of fields, each with its section
   * @param terms the glossary, whose aliases are what people call things
   */
  constructor(contents: Contents, others: readonly Contents[], fields: Iterable<FieldName>, terms: readonly Term[]) {
    this.entries = [...sectionEntries(contents, others, terms), ...fieldEntries(contents, fields)];
    this.fuse = new Fuse(this.entries as Entry[], OPTIONS);
  }

  /** The best hits first: exact field or kind names, titles, keywords. */
  find(query: string, limit = 20): Hit[] {
    const wanted = query.trim();
    if (wanted === '') return [];
    const ranked = this.fuse
      .search(wanted.slice(0, 120), { limit: 200 })
      .map(({ item, score = 1 }) => ({ item, rank: score + penalty(item, wanted.toLowerCase()) }));
    ranked.sort((a, b) => a.rank - b.rank);
    return distinct(ranked.map(({ item }) => item)).slice(0, limit);
  }
}

function penalty(entry: Entry, query: string): number {
  if (entry.name.toLowerCase() === query || entry.titles.some((title) => title.toLowerCase() === query)) return -2;
  if (entry.titles.some((title) => title.toLowerCase().includes(query))) return -1;
  if (entry.keywords.some((keyword) => keyword.toLowerCase() === query)) return -0.9;
  if (entry.chapterKeywords.some((keyword) => keyword.toLowerCase() === query)) return -0.8;
  return entry.kind === 'section' ? 0 : 0.05;
}

/** A field stands for its section once: many fields of one name would hide everything else. */
function distinct(entries: readonly Entry[]): Hit[] {
  const seen = new Set<string>();
  const hits: Hit[] = [];
  for (const { section, chapter, title, excerpt, kind, name } of entries) {
    const key = kind === 'section' ? section : `${section} ${name}`;
    if (seen.has(key)) continue;
    seen.add(key);
    hits.push({ section, chapter, title, excerpt, kind });
  }
  return hits;
}

function* sectionEntries(contents: Contents, others: readonly Contents[], terms: readonly Term[]): Iterable<Entry> {
  for (const { chapter, section } of contents.sections()) {
    const elsewhere = others.flatMap((other) => other.find(section.id)?.section.title ?? []);
    const ofSection = terms.filter((term) => term.section === section.id);
    const isFirst = chapter.sections[0] === section;
    yield {
      section: section.id,
      chapter: chapter.id,
      title: section.title,
      excerpt: chapter.title,
      kind: 'section',
      name: isFirst ? chapter.title : '',
      titles: [section.title, ...elsewhere],
      keywords: [
        ...ofSection.flatMap((term) => [term.term, term.other, ...term.aliases]),
        section.id,
      ],
      chapterKeywords: isFirst ? [chapter, ...others.flatMap((other) => other.find(section.id)?.chapter ?? [])].flatMap(({ keywords }) => keywords) : [],
    };
  }
}

function* fieldEntries(contents: Contents, fields: Iterable<FieldName>): Iterable<Entry> {
  for (const { name, path, section } of fields) {
    const target = contents.find(section);
    if (!target) continue;
    yield {
      section,
      chapter: target.chapter.id,
      title: target.section.title,
      excerpt: path,
      kind: 'field',
      name,
      titles: [],
      keywords: [],
      chapterKeywords: [],
    };
  }
}
