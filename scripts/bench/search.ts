import Fuse from 'fuse.js';
import type { Language } from '../../src/core/base/language.ts';
import type { BodyIndex } from '../../src/core/book/bodies.ts';
import { Contents } from '../../src/core/book/contents.ts';
import type { Book, Term } from '../../src/core/book/model.ts';
import { Search } from '../../src/core/book/search.ts';
import { fieldNames } from '../../src/core/language/fieldNames.ts';
import { bodyIndex } from '../../src/build/bodyIndex.ts';
import { built, referenceIn } from '../../tests/support/content.ts';

/** Search in the book as it is and in one of 1,500 sections, beside Fuse.js over the texts themselves. */

/** The book repeated until it has so many sections, under other ids. */
const LARGE = 1_500;

interface Corpus {
  readonly book: Book;
  readonly other: Book;
  readonly bodies: BodyIndex;
}

function corpus(language: Language): Corpus {
  return { book: built<Book>(language, 'book'), other: built<Book>(language === 'en' ? 'zh-cn' : 'en', 'book'), bodies: built<BodyIndex>(language, 'bodies') };
}

/** Every section several times, each time with some words of its own, so that the index grows as a real one would. */
function enlarged({ book, other, bodies }: Corpus): Corpus {
  const times = Math.ceil(LARGE / bodies.sections.length);
  const repeated = (source: Book): Book => ({
    ...source,
    parts: Array.from({ length: times }, (_, copy) =>
      source.parts.map((part) => ({
        ...part,
        id: `${part.id}-${copy}`,
        chapters: part.chapters.map((chapter) => ({ ...chapter, id: `${chapter.id}-${copy}`, sections: chapter.sections.map((section) => ({ ...section, id: `${section.id}-${copy}` })) })),
      })),
    ).flat(),
  });
  const sections = Array.from({ length: times }, (_, copy) => bodies.sections.map((id, index) => ({ id: `${id}-${copy}`, title: '', text: `${bodies.texts[index]!} part${copy} volume${index % 97}x${copy}` }))).flat();
  return { book: repeated(book), other: repeated(other), bodies: bodyIndex(sections) };
}

/** What people type: titles, parts of them, words of the text, fields, and each with a letter wrong. */
function queries({ book, bodies }: Corpus): string[] {
  const titles = [...new Contents(book).sections()].map(({ section }) => section.title);
  const words = titles.flatMap((title) => title.split(/[\s：、，,:]+/)).filter((word) => word.length > 2);
  const plain = [...titles, ...words, ...bodies.words.filter((_, index) => index % 400 === 0), 'outlierDetection', 'consecutive5xx', 'maxRetries', 'mTLS STRICT', '503 after a DestinationRule', '熔断', '灰度发布', '双向认证', '流量镜像', '503 错误', '健康检查'];
  return plain.filter((_, index) => index % 3 === 0).flatMap((query) => (query.length > 5 ? [query, `${query.slice(0, 3)}${query.slice(4)}`] : [query]));
}

/** Milliseconds of each query, sorted. */
function times(find: (query: string) => unknown, asked: readonly string[]): number[] {
  for (const query of asked.slice(0, 20)) find(query);
  return asked.map((query) => {
    const started = performance.now();
    find(query);
    return performance.now() - started;
  }).sort((a, b) => a - b);
}

const at = (sorted: readonly number[], part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;

/** Prints, for both languages and both sizes, medians and 95th percentiles in milliseconds, and what the index takes. */
export function printSearch(): void {
  console.log('Search: median and 95th percentile in ms, ours beside Fuse.js over the texts');
  for (const language of ['en', 'zh-cn'] as const) {
    const terms = built<Term[]>(language, 'glossary');
    for (const size of ['the book', `${LARGE} sections`]) {
      const source = size === 'the book' ? corpus(language) : enlarged(corpus(language));
      // As it comes from its file: what the strings share is not shared there.
      const text = JSON.stringify(source.bodies);
      global.gc?.();
      const before = process.memoryUsage();
      const started = performance.now();
      const search = new Search({ contents: new Contents(source.book), others: [new Contents(source.other)], fields: fieldNames(referenceIn(language)), terms, bodies: JSON.parse(text) as BodyIndex });
      const built = performance.now() - started;
      global.gc?.();
      const after = process.memoryUsage();
      const memory = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 2 ** 20;
      const asked = queries(corpus(language));
      const ours = times((query) => search.find(query), asked);
      const { sections, texts } = source.bodies;
      const fuse = new Fuse(sections.map((id, index) => ({ id, text: texts[index]! })), { keys: ['text'], ignoreLocation: true, threshold: 0.3 });
      const theirs = times((query) => fuse.search(query, { limit: 20 }), asked.filter((_, index) => index % 10 === 0));
      console.log(`  ${`${language}, ${size}`.padEnd(24)} ${at(ours, 0.5).toFixed(2).padStart(7)} ${at(ours, 0.95).toFixed(2).padStart(7)}   theirs ${at(theirs, 0.5).toFixed(0).padStart(5)} ${at(theirs, 0.95).toFixed(0).padStart(5)}: ${(at(theirs, 0.5) / at(ours, 0.5)).toFixed(0)} times faster; ${asked.length} queries, ${memory.toFixed(1)} MB, made in ${built.toFixed(0)} ms`);
    }
  }
  console.log('');
}
