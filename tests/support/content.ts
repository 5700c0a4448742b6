import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../../src/core/base/language.ts';
import { Contents } from '../../src/core/book/contents.ts';
import type { Book, Snippet } from '../../src/core/book/model.ts';
import type { LanguageContext } from '../../src/core/language/context.ts';
import type { Reference } from '../../src/core/reference/model.ts';
import { openReference } from '../../src/core/reference/packed.ts';

/** The project's folder. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** A file of the built data. */
export function built<T>(language: Language, name: string): T {
  return JSON.parse(readFileSync(join(ROOT, 'dist/data', language, `${name}.json`), 'utf8')) as T;
}

export function contentsIn(language: Language): Contents {
  return new Contents(built<Book>(language, 'book'));
}

export function referenceIn(language: Language): Reference {
  return openReference(readFileSync(join(ROOT, 'dist/data', language, 'reference.txt')));
}

/** What the YAML features know, from the built data. */
export function contextIn(language: Language): LanguageContext {
  const contents = contentsIn(language);
  return {
    reference: referenceIn(language),
    section: (id) => {
      const place = contents.find(id);
      return place && { title: place.section.title, chapter: place.chapter.title };
    },
  };
}

export function snippetsIn(language: Language): Snippet[] {
  return built<Snippet[]>(language, 'snippets');
}

/** Splits a text at its cursor, which is written `<|>`. */
export function withCursor(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('<|>');
  if (offset < 0) throw new Error('the text has no <|>');
  return { text: marked.replace('<|>', ''), offset };
}
