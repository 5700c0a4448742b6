import type { Problems } from './problems.ts';
import type { Sources } from './source.ts';

/** What people search by, and the list of avoided words itself. */
const SEARCHED = /^\s*(?:keywords|aliases|avoid):/;
const CODE = /`[^`]*`/g;

/**
 * Holds the Chinese text to the glossary: chapters but for their code, and the Chinese texts of the other files.
 * @param words those that do not stand there, each with the term that is used instead
 */
export function checkWording(sources: Sources, words: ReadonlyMap<string, string>, problems: Problems): void {
  if (words.size === 0) return;
  for (const [file, text] of sources) {
    const chapter = file.startsWith('content/zh-cn/') && file.endsWith('.md');
    if (!chapter && !/^content\/(?:reference|snippets|glossary)\/.*\.yaml$/.test(file)) continue;
    let fenced = false;
    for (const [index, line] of text.split('\n').entries()) {
      if (chapter && /^\s*```/.test(line)) fenced = !fenced;
      if (fenced || SEARCHED.test(line)) continue;
      const prose = (chapter ? line : /zh-cn: *(.*)$/.exec(line)?.[1] ?? '').replace(CODE, '');
      for (const [word, term] of words) if (prose.includes(word)) problems.add(file, index + 1, `the glossary says ${term}, not ${word}`);
    }
  }
}
