import Fuse, { type IFuseOptions } from 'fuse.js';
import { Bodies, type BodyIndex } from './bodies.ts';
import type { Contents } from './contents.ts';
import type { Chapter, Section, Term } from './model.ts';

/** A place that a query leads to. */
export interface Hit {
  readonly section: string;
  readonly chapter: string;
  readonly title: string;
  /** The chapter's title, a field's path, or the words that were found. */
  readonly excerpt: string;
  readonly kind: 'section' | 'field';
}

/** What search goes through, in the language of its results. */
export interface SearchSources {
  readonly contents: Contents;
  /** The same book in its other languages, so that a query finds titles in any of them. */
  readonly others: readonly Contents[];
  /** The names of fields, each with its section. */
  readonly fields: Iterable<FieldName>;
  /** The glossary: what people call things, in both languages. */
  readonly terms: readonly Term[];
  /** The text of the sections; without it only titles, terms and fields are found. */
  readonly bodies?: BodyIndex;
}

/** A field that search knows by name. */
export interface FieldName {
  readonly name: string;
  /** Its place for people: `DestinationRule.spec.trafficPolicy`. */
  readonly path: string;
  readonly section: string;
}

/** How far behind a whole match the strings of a kind come: the name of a kind or field, a title, a term, a word of a whole chapter. */
const NAME_RANK = { name: 0, title: 0.04, keyword: 0.1, chapterKeyword: 0.16 } as const;
type NameKind = keyof typeof NAME_RANK;
/** What a name that is the query, or holds it, gains over one that is merely like it. */
const SAME: Readonly<Record<NameKind, number>> = { name: 2, title: 2, keyword: 0.9, chapterKeyword: 0.8 };
const HOLDS: Readonly<Record<NameKind, number>> = { name: 0, title: 1, keyword: 0, chapterKeyword: 0 };

/** How far behind a title a section comes that only its text brings up, and how much its score in the text counts. */
const BODY_RANK = 0.12;
const BODY_RANGE = 0.5;
/** Sections that are found in titles or terms move up a little where the text holds the query too. */
const BODY_BONUS = 0.1;
/** Fields come a little behind sections, and those deep inside others behind those on top. */
const FIELD_RANK = 0.05;
const DEPTH_RANK = 1e-3;
/** More than this tells nothing, and takes time. */
const LONGEST_QUERY = 120;

/** A string that leads to hits: a title that many chapters share, a field's name, a term. Each is looked at once. */
interface Name {
  readonly text: string;
  readonly leads: { readonly kind: NameKind; readonly hit: Hit }[];
}

/** Names are searched from these lengths on. */
const LENGTHS = [16, 8, 0];
/** Fuse.js compares so many characters at once. */
const LONGEST_PATTERN = 32;
const OPTIONS: IFuseOptions<Name> = { keys: ['text'], includeScore: true, ignoreLocation: true, threshold: 0.32, minMatchCharLength: 2 };

/** Search over titles, keywords, terms and field names, forgiving of typos, and over the text. */
export class Search {
  /** Names from the longest to the shortest bound: a long query looks at long names only. */
  private readonly fuses: readonly { readonly from: number; readonly fuse: Fuse<Name> }[];
  private readonly sections = new Map<string, Hit>();
  private readonly bodies: Bodies | undefined;

  constructor({ contents, others, fields, terms, bodies }: SearchSources) {
    const names = new Map<string, Name>();
    const lead = (kind: NameKind, text: string, hit: Hit) => {
      const key = text.toLowerCase();
      const name = names.get(key) ?? { text, leads: [] };
      name.leads.push({ kind, hit });
      names.set(key, name);
    };
    for (const { chapter, section } of contents.sections()) {
      const hit: Hit = { section: section.id, chapter: chapter.id, title: section.title, excerpt: chapter.title, kind: 'section' };
      this.sections.set(section.id, hit);
      for (const [kind, text] of namesOf(chapter, section, others, terms)) lead(kind, text, hit);
    }
    for (const { name, path, section } of fields) {
      const place = contents.find(section);
      if (place) lead('name', name, { section, chapter: place.chapter.id, title: place.section.title, excerpt: path, kind: 'field' });
    }
    const all = [...names.values()];
    this.fuses = LENGTHS.map((from) => ({ from, fuse: new Fuse(all.filter(({ text }) => text.length >= from), OPTIONS) }));
    this.bodies = bodies && new Bodies(bodies, terms.map(({ term, other, aliases }) => [term, other, ...aliases]));
  }

  /** The best hits first: exact field or kind names, titles, keywords, text. */
  find(query: string, limit = 20): Hit[] {
    const wanted = query.trim().slice(0, LONGEST_QUERY);
    if (wanted === '') return [];
    const ranked = this.named(wanted);
    for (const { section, score, excerpt } of this.bodies?.find(wanted, 60) ?? []) {
      const hit = this.sections.get(section);
      if (!hit) continue;
      const known = ranked.get(section);
      const rank = BODY_RANK + BODY_RANGE * (1 - score);
      ranked.set(section, { hit: { ...hit, excerpt: `${hit.excerpt} · ${excerpt}` }, rank: known ? Math.min(known.rank, rank) - BODY_BONUS * score : rank });
    }
    return [...ranked.values()].sort((a, b) => a.rank - b.rank).slice(0, limit).map(({ hit }) => hit);
  }

  /** The words to mark in a page that was found by a query: its own, and what else the same thing is called. */
  marks(query: string): string[] {
    const wanted = query.trim().slice(0, LONGEST_QUERY);
    return wanted === '' ? [] : (this.bodies?.marks(wanted) ?? [wanted]);
  }

  /** What names lead to, each section and each field of a name once: the same field in many kinds would hide all else. */
  private named(query: string): Map<string, { hit: Hit; rank: number }> {
    const ranked = new Map<string, { hit: Hit; rank: number }>();
    const lower = query.toLowerCase();
    // What is much shorter than the query differs from it in more letters than are forgiven.
    const shortest = Math.min(query.length, LONGEST_PATTERN) * (1 - OPTIONS.threshold!);
    const { fuse } = this.fuses.find(({ from }) => from <= shortest)!;
    for (const { item, score = 1 } of fuse.search(query, { limit: 150 })) {
      const text = item.text.toLowerCase();
      for (const { kind, hit } of item.leads) {
        const gain = text === lower ? SAME[kind] : text.includes(lower) ? HOLDS[kind] : 0;
        const rank = score + NAME_RANK[kind] - gain + (hit.kind === 'field' ? FIELD_RANK + DEPTH_RANK * hit.excerpt.split('.').length : 0);
        const key = hit.kind === 'section' ? hit.section : `${hit.section} ${text}`;
        if (rank < (ranked.get(key)?.rank ?? Infinity)) ranked.set(key, { hit, rank });
      }
    }
    return ranked;
  }
}

/** Everything that leads to a section. */
function* namesOf(chapter: Chapter, section: Section, others: readonly Contents[], terms: readonly Term[]): Iterable<[NameKind, string]> {
  const elsewhere = others.flatMap((other) => other.find(section.id) ?? []);
  yield ['title', section.title];
  for (const { section: twin } of elsewhere) yield ['title', twin.title];
  yield ['keyword', section.id];
  for (const term of terms) if (term.section === section.id) for (const name of [term.term, term.other, ...term.aliases]) yield ['keyword', name];
  // The first section answers for the whole chapter.
  if (chapter.sections[0] !== section) return;
  yield ['name', chapter.title];
  for (const each of [chapter, ...elsewhere.map((place) => place.chapter)]) for (const keyword of each.keywords) yield ['chapterKeyword', keyword];
}
