import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Contents } from '../../src/core/book/contents.ts';
import type { Book, Snippet } from '../../src/core/book/model.ts';
import type { LanguageContext } from '../../src/core/language/context.ts';
import { openReference } from '../../src/core/reference/packed.ts';

/** What the bench measures, bundled and loaded the way the extension does it: each feature's code with its first use. */

/** @param data the folder of the built data of one language */
export function contextOf(data: string): LanguageContext {
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(data, `${name}.json`), 'utf8')) as T;
  const contents = new Contents(read<Book>('book'));
  return {
    reference: openReference(readFileSync(join(data, 'reference.txt'))),
    section: (id) => {
      const found = contents.find(id);
      return found && { title: found.section.title, chapter: found.chapter.title };
    },
  };
}

export function snippetsOf(data: string): readonly Snippet[] {
  return JSON.parse(readFileSync(join(data, 'snippets.json'), 'utf8')) as Snippet[];
}

export const loadHover = () => import('../../src/core/language/hover.ts');
export const loadComplete = () => import('../../src/core/language/complete.ts');
