import type { Problems } from './problems.ts';
import { isRecord, YamlSource, type Sources } from './source.ts';

/** Words that the glossary keeps out of the Chinese text, each with the term that is used instead. */
function avoided(sources: Sources, problems: Problems): Map<string, string> {
  const words = new Map<string, string>();
  for (const [name, text] of sources) {
    if (!name.startsWith('content/glossary/') || !name.endsWith('.yaml')) continue;
    const { value } = new YamlSource(name, text, problems);
    for (const entry of Array.isArray(value) ? (value as unknown[]) : []) {
      if (isRecord(entry) && Array.isArray(entry['avoid'])) for (const word of entry['avoid']) words.set(String(word), String(entry['zh-cn']));
    }
  }
  return words;
}

/** What people search by, and the list of avoided words itself. */
const SEARCHED = /^\s*(?:keywords|aliases|avoid):/;
const CODE = /`[^`]*`/g;

/** Holds the Chinese text to the glossary: chapters but for their code, and the Chinese texts of the other files. */
export function checkWording(sources: Sources, problems: Problems): void {
  const words = avoided(sources, problems);
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
