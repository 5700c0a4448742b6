import type MarkdownIt from 'markdown-it';
import type { Language } from '../core/base/language.ts';
import type { Term } from '../core/book/model.ts';

type Token = ReturnType<InstanceType<typeof MarkdownIt>['parse']>[number];

/** Finds the terms of the glossary in the text of one language. */
export class TermFinder {
  private readonly pattern: RegExp | undefined;
  private readonly byName = new Map<string, Term>();

  constructor(language: Language, glossary: readonly Term[]) {
    const terms = glossary.filter(({ unmarked }) => !unmarked);
    for (const term of terms) this.byName.set(term.term.toLowerCase(), term);
    const names = terms.map(({ term }) => term).sort((a, b) => b.length - a.length).map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    const latin = (name: string) => `(?<![\\w-])(?:${name})(?:s|es)?(?![\\w-])`;
    const pattern = names.map((name) => (/\p{Script=Han}/u.test(name) ? name : latin(name))).join('|');
    // Chinese has neither plurals nor capitals, but its text holds English terms that have both.
    if (names.length > 0) this.pattern = new RegExp(pattern, language === 'en' ? 'gi' : 'gu');
  }

  /** The terms in a text with their places; a name that begins with a capital is found only so. */
  *find(text: string): Iterable<{ readonly term: Term; readonly start: number; readonly end: number }> {
    for (const match of this.pattern ? text.matchAll(this.pattern) : []) {
      const written = match[0];
      const term = [written, written.replace(/s$/i, ''), written.replace(/es$/i, '')].map((name) => this.byName.get(name.toLowerCase())).find((found) => found !== undefined);
      if (term && (term.term === term.term.toLowerCase() || written.startsWith(term.term))) yield { term, start: match.index, end: match.index + written.length };
    }
  }
}

/**
 * Turns the first use of each term in a section into a link to its meaning: not in headings, links and code, and not where
 * the section itself explains the term.
 * @param tokens the parsed section, which is changed
 * @returns the ids of the terms that were marked
 */
export function markTerms(tokens: readonly Token[], finder: TermFinder, section: string): string[] {
  const marked = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (token.type !== 'inline' || !token.children || tokens[index - 1]?.type === 'heading_open') continue;
    let links = 0;
    token.children = token.children.flatMap((child) => {
      if (child.type === 'link_open') links++;
      if (child.type === 'link_close') links--;
      return child.type === 'text' && links === 0 ? markText(child, finder, section, marked) : [child];
    });
  }
  return [...marked];
}

function markText(token: Token, finder: TermFinder, section: string, marked: Set<string>): Token[] {
  const parts: Token[] = [];
  let from = 0;
  const text = (end: number) => end > from && parts.push(Object.assign(Object.create(Object.getPrototypeOf(token) as object) as Token, token, { content: token.content.slice(from, end) }));
  for (const { term, start, end } of finder.find(token.content)) {
    if (marked.has(term.id) || term.section === section) continue;
    marked.add(term.id);
    text(start);
    parts.push(termToken(token, term.id, token.content.slice(start, end)));
    from = end;
  }
  text(token.content.length);
  return parts;
}

function termToken(like: Token, id: string, content: string): Token {
  const token = Object.create(Object.getPrototypeOf(like) as object) as Token;
  return Object.assign(token, like, { type: 'term', tag: 'a', content, meta: id, attrs: null, children: null });
}
