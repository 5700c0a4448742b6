import { createHighlighter, createCssVariablesTheme, type Highlighter } from 'shiki';

const LANGUAGES = ['yaml', 'bash', 'console', 'json', 'lua', 'go', 'http', 'markdown'] as const;
const ALIASES: Readonly<Record<string, string>> = { console: 'shellsession', text: 'text' };
const VARIABLE = /--shiki-token-([a-z-]+)/;

/** Colours code at build time: tokens become spans with classes, so that pages need no inline style. */
export class Highlight {
  private constructor(private readonly shiki: Highlighter) {}

  static async create(): Promise<Highlight> {
    const theme = createCssVariablesTheme({ name: 'classes', variablePrefix: '--shiki-' });
    const langs = LANGUAGES.map((language) => ALIASES[language] ?? language);
    return new Highlight(await createHighlighter({ themes: [theme], langs }));
  }

  knows(language: string): boolean {
    return language === 'text' || LANGUAGES.some((known) => known === language);
  }

  /** The HTML of a block's lines, without any wrapper. */
  html(code: string, language: string): string {
    if (language === 'text' || !this.knows(language)) return escapeHtml(code);
    const lang = (ALIASES[language] ?? language) as 'yaml';
    const { tokens } = this.shiki.codeToTokens(code, { lang, theme: 'classes' });
    return tokens.map((line) => mergeTokens(line).map(tokenHtml).join('')).join('\n');
  }
}

interface Token {
  readonly content: string;
  readonly color?: string;
}

function tokenClass(color: string | undefined): string | undefined {
  return color === undefined ? undefined : VARIABLE.exec(color)?.[1];
}

function mergeTokens(tokens: readonly Token[]): { content: string; name: string | undefined }[] {
  const merged: { content: string; name: string | undefined }[] = [];
  for (const { content, color } of tokens) {
    const name = tokenClass(color);
    const last = merged.at(-1);
    if (last && (last.name === name || content.trim() === '')) last.content += content;
    else merged.push({ content, name });
  }
  return merged;
}

function tokenHtml({ content, name }: { content: string; name: string | undefined }): string {
  const text = escapeHtml(content);
  return name === undefined ? text : `<span class="tok-${name}">${text}</span>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character]!);
}
