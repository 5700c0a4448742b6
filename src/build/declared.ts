import type { Snippet } from '../core/book/model.ts';

/** A snippet as VS Code reads it from an extension. */
export interface DeclaredSnippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

/** The snippets that the manifest declares: whole documents, with their titles in both languages. */
export function declaredSnippets(english: readonly Snippet[], chinese: readonly Snippet[]): Record<string, DeclaredSnippet> {
  const titles = new Map(chinese.map(({ id, title }) => [id, title]));
  return Object.fromEntries(
    english
      .filter(({ fragment }) => fragment === undefined)
      .map(({ id, prefix, title, body }) => [
        id,
        { prefix, description: `${title} · ${titles.get(id) ?? title}`, body: body.split('\n') },
      ]),
  );
}
