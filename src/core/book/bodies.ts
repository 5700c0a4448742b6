import { isHan, singular, wordsOf } from './words.ts';

/** The index of the book's text in one language, as the build writes it. */
export interface BodyIndex {
  /** The sections in reading order. */
  readonly sections: readonly string[];
  /** Their text, without code blocks and markup. */
  readonly texts: readonly string[];
  /** All words, sorted. */
  readonly words: readonly string[];
  /** Where the places of each word begin in `places`, and where the last one's end. */
  readonly starts: readonly number[];
  /** Pairs: a section's number, and how often the word stands in it. */
  readonly places: readonly number[];
}

/** A section that holds what was asked for. */
export interface BodyHit {
  readonly section: string;
  /** From 0 to 1; 1 for the best hit of the query. */
  readonly score: number;
  /** The words of the text around the first place that was found. */
  readonly excerpt: string;
}

/** Words that stand for each other, such as the names of one term in both languages. */
export type Synonyms = readonly (readonly string[])[];

/** More expansions than this of a word that is still being typed tell nothing. */
const MOST_EXPANSIONS = 60;
/** What a synonym, a longer word and a word with a typo weigh, the word itself being 1. */
const SYNONYM = 0.7;
const LONGER = 0.8;
const TYPO = 0.5;
/** Characters in front of and behind the found word in an excerpt. */
const BEFORE = 36;
const BEHIND = 90;
/** How fast more occurrences, and a longer section, stop to matter (BM25's k1 and b). */
const K1 = 1.2;
const B = 0.6;

/** Where the words stand as they were asked for, side by side. */
const PHRASE = 1.6;
/** Words of questions that tell nothing of their subject. */
const IDLE = new Set(['a', 'an', 'and', 'are', 'can', 'do', 'does', 'for', 'how', 'i', 'in', 'is', 'it', 'my', 'of', 'on', 'the', 'to', 'what', 'when', 'where', 'which', 'why', 'with']);

/** One word that was asked for, with all that may stand for it. */
type Variants = ReadonlyMap<number, number>;

/** Search in the text of the sections. */
export class Bodies {
  private readonly index: Pick<BodyIndex, 'sections' | 'texts' | 'words'>;
  private readonly starts: Uint32Array;
  private readonly places: Uint16Array;
  private readonly average: number;

  /** @param index is not kept: its numbers take four times the room that they take here */
  constructor(
    index: BodyIndex,
    private readonly synonyms: Synonyms = [],
  ) {
    const { sections, texts, words } = index;
    this.index = { sections, texts, words };
    this.starts = Uint32Array.from(index.starts);
    this.places = Uint16Array.from(index.places);
    this.average = texts.reduce((sum, text) => sum + text.length, 0) / Math.max(1, texts.length);
  }

  /**
   * The sections that hold the words of a query, the best first; those that hold all of them before those that do not.
   * @param limit how many at most
   */
  find(query: string, limit: number): BodyHit[] {
    const phrases = [query, ...this.alternatives(query)];
    const scores = new Map<number, { score: number; phrase: string }>();
    for (const [at, phrase] of phrases.entries()) {
      for (const [section, score] of this.scores(phrase)) {
        const weighted = at === 0 ? score : score * SYNONYM;
        if (weighted > (scores.get(section)?.score ?? 0)) scores.set(section, { score: weighted, phrase });
      }
    }
    const ranked = [...scores].sort((a, b) => b[1].score - a[1].score).slice(0, limit);
    const best = ranked[0]?.[1].score ?? 1;
    return ranked.map(([section, { score, phrase }]) => ({ section: this.index.sections[section]!, score: score / best, excerpt: this.excerpt(section, phrase) }));
  }

  /** The words to mark in a page for a query: its own, and those that stand for it. */
  marks(query: string): string[] {
    return [query.trim(), ...this.alternatives(query)];
  }

  /** What else the query may be called. */
  private alternatives(query: string): string[] {
    const asked = query.trim().toLowerCase();
    const found = this.synonyms.filter((names) => names.some((name) => isNamed(asked, name.toLowerCase())));
    return [...new Set(found.flat())].filter((name) => name.toLowerCase() !== asked).slice(0, 12);
  }

  private scores(phrase: string): Map<number, number> {
    const asked = [...new Set([...wordsOf(phrase)].map(({ word }) => word))];
    const telling = asked.filter((word) => !IDLE.has(word));
    const words = telling.length > 0 ? telling : asked;
    const all = words.map((word, at) => this.sectionsOf(this.variants(word, at === words.length - 1)));
    const totals = new Map<number, { score: number; held: number }>();
    for (const sections of all) {
      for (const [section, score] of sections) {
        const total = totals.get(section) ?? { score: 0, held: 0 };
        totals.set(section, { score: total.score + score, held: total.held + 1 });
      }
    }
    // A section with two of three words tells much less than one with all of them; one with a third of them, nothing.
    const found = [...totals].filter(([, { held }]) => held * 2 > words.length);
    if (words.length === 1) return new Map(found.map(([section, { score }]) => [section, score]));
    const whole = new RegExp(phrase.trim().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'iu');
    return new Map(found.map(([section, { score, held }]) => {
      const together = held === words.length && whole.test(this.index.texts[section]!);
      return [section, score * (held / words.length) ** 3 * (together ? PHRASE : 1)];
    }));
  }

  private variants(word: string, last: boolean): Variants {
    const { words } = this.index;
    const from = lowerBound(words, word);
    const found = new Map<number, number>();
    if (words[from] === word) found.set(from, 1);
    if (last || isHan(word)) for (let at = from; found.size < MOST_EXPANSIONS && words[at]?.startsWith(word); at++) if (!found.has(at)) found.set(at, LONGER);
    return found.size > 0 || isHan(word) ? found : new Map(this.closest(word).map((at) => [at, TYPO]));
  }

  /** Words that differ by one letter, by two where the word is long. */
  private closest(word: string): number[] {
    if (word.length < 4) return [];
    const most = word.length < 8 ? 1 : 2;
    const found: number[] = [];
    const { words } = this.index;
    for (let at = lowerBound(words, word[0]!); words[at]?.[0] === word[0]; at++) {
      if (Math.abs(words[at]!.length - word.length) <= most && distance(words[at]!, word, most) <= most) found.push(at);
    }
    return found;
  }

  private sectionsOf(variants: Variants): Map<number, number> {
    const scores = new Map<number, number>();
    const count = this.index.sections.length;
    for (const [word, weight] of variants) {
      const [start, end] = [this.starts[word]!, this.starts[word + 1]!];
      const rarity = Math.log(1 + count / ((end - start) / 2));
      for (let at = start; at < end; at += 2) {
        const section = this.places[at]!;
        const often = this.places[at + 1]!;
        const length = 1 - B + (B * this.index.texts[section]!.length) / this.average;
        const score = (weight * rarity * often * (K1 + 1)) / (often + K1 * length);
        scores.set(section, Math.max(scores.get(section) ?? 0, score));
      }
    }
    return scores;
  }

  private excerpt(section: number, phrase: string): string {
    const text = this.index.texts[section]!;
    const found = firstPlace(text, phrase);
    const start = Math.max(0, found - BEFORE);
    const line = text.slice(Math.max(start, text.lastIndexOf('\n', found) + 1), found + BEHIND).split('\n')[0]!;
    const cut = start > 0 && text[start - 1] !== '\n' && !/^\p{Script=Han}/u.test(line) ? line.replace(/^\S*\s/, '') : line;
    // Cells of a table stand in the text with a bar between them.
    return `${start > 0 ? '…' : ''}${cut.replaceAll(/(?:^|\s+)\|(?:\s+|$)/g, ' · ').trim()}${found + BEHIND < text.length ? '…' : ''}`;
  }
}

/** Whether a query asks by a name: it is the name, or holds it as a word of its own. */
function isNamed(query: string, name: string): boolean {
  if (name.length < 2) return false;
  if (query === name || singular(query) === singular(name)) return true;
  return isHan(name) ? query.includes(name) : ` ${query} `.includes(` ${name} `);
}

/** Where the phrase stands in a text, else the first of its words, else the beginning. */
function firstPlace(text: string, phrase: string): number {
  const lower = text.toLowerCase();
  const whole = lower.indexOf(phrase.trim().toLowerCase());
  if (whole >= 0) return whole;
  for (const { word, start, end } of wordsOf(phrase)) {
    const written = lower.indexOf(phrase.slice(start, end).toLowerCase());
    const place = written >= 0 ? written : lower.indexOf(word);
    if (place >= 0) return place;
  }
  return 0;
}

function lowerBound(words: readonly string[], word: string): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle]! < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many letters two words differ by, an exchange of neighbours counting as one; anything over `most` may be any such number. */
function distance(a: string, b: string, most: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    if (Math.min(...row) > most) return most + 1;
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
