/// <reference path="./markdown-it-footnote.d.ts" />
import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import footnote from 'markdown-it-footnote';
import githubAlerts from 'markdown-it-github-alerts';
import { LANGUAGES, type Language } from '../core/base/language.ts';
import type { Term } from '../core/book/model.ts';
import { parseFence, type Fence } from './fence.ts';
import { escapeHtml, type Highlight } from './highlight.ts';
import { markTerms, TermFinder } from './terms.ts';

type Parser = InstanceType<typeof MarkdownIt>;
type Token = ReturnType<Parser['parse']>[number];

/** What the build has to know of a piece of Markdown to check it. */
export interface Rendered {
  readonly html: string;
  readonly blocks: readonly Block[];
  readonly links: readonly { readonly href: string; readonly line: number }[];
  readonly figures: readonly { readonly id: string; readonly line: number }[];
  /** Rows and columns of each table. */
  readonly tables: readonly string[];
  /** Ids of the headings inside. */
  readonly anchors: readonly { readonly id: string; readonly line: number }[];
  readonly problems: readonly { readonly line: number; readonly message: string }[];
  /** The words of the text, without code blocks. */
  readonly words: number;
  /** The text without code blocks and markup, a line for each paragraph and each row of a table. */
  readonly text: string;
  /** Ids of the glossary's terms that are marked in it. */
  readonly terms: readonly string[];
}

/** A fenced block; the line is that of its fence, from 0 within the text. */
export interface Block {
  readonly fence: Fence;
  readonly code: string;
  readonly line: number;
}

/** Answers the drawing of a figure in a language, or undefined. */
export type FigureSource = (id: string, language: Language) => string | undefined;

const HEADING_ID = /\s*\{#([a-z0-9-]+)\}\s*$/;
const HAN = /\p{Script=Han}|[，。；：、？！（）“”]/u;
const ALERTS: Readonly<Record<Language, Record<string, string>>> = {
  en: { note: 'Note', tip: 'Tip', important: 'Important', warning: 'Warning', caution: 'Caution' },
  'zh-cn': { note: '说明', tip: '提示', important: '重要', warning: '警告', caution: '注意' },
};
/** Names of more characters break where they have to; a column keeps its width for shorter ones. */
const LONGEST_NAME = 26;
const NO_ICONS = { note: '', tip: '', important: '', warning: '', caution: '' };

/** Renders the Markdown of the book, and tells what it refers to. */
export class Markdown {
  private readonly parsers: Record<Language, Parser>;
  private readonly terms: Record<Language, TermFinder>;

  constructor(
    private readonly highlight: Highlight,
    private readonly figureSource: FigureSource,
    glossary: Readonly<Record<Language, readonly Term[]>> = { en: [], 'zh-cn': [] },
  ) {
    const each = <Value>(make: (language: Language) => Value) => Object.fromEntries(LANGUAGES.map((language) => [language, make(language)])) as Record<Language, Value>;
    this.parsers = each((language) => this.parser(language));
    this.terms = each((language) => new TermFinder(language, glossary[language]));
  }

  private parser(language: Language): Parser {
    const parser = new MarkdownIt({ html: true, linkify: false, typographer: false })
      .use(cjkFriendly)
      .use(githubAlerts, { titles: ALERTS[language], icons: NO_ICONS, classPrefix: 'aside' })
      .use(footnote);
    parser.renderer.rules['term'] = (tokens, index) => {
      const { meta, content } = tokens[index]!;
      return `<a class="term" href="#term:${escapeHtml(String(meta))}">${escapeHtml(content)}</a>`;
    };
    parser.renderer.rules['code_inline'] = (tokens, index) => {
      const { content } = tokens[index]!;
      return `<code${content.length > LONGEST_NAME ? ' class="long"' : ''}>${escapeHtml(content)}</code>`;
    };
    parser.renderer.rules['fence'] = (tokens, index) => this.codeHtml(tokens[index]!);
    parser.renderer.rules['table_open'] = () => '<div class="table" tabindex="0"><table>\n';
    parser.renderer.rules['table_close'] = () => '</table></div>\n';
    parser.renderer.rules['image'] = (tokens, index) => this.figureHtml(tokens[index]!, language);
    // A figure stands alone in its paragraph, and a figure element may not stand in one.
    parser.renderer.rules['paragraph_open'] = (tokens, index, options, _env, self) =>
      isFigure(tokens[index + 1]) ? '' : self.renderToken(tokens, index, options);
    parser.renderer.rules['paragraph_close'] = (tokens, index, options, _env, self) =>
      isFigure(tokens[index - 1]) ? '' : self.renderToken(tokens, index, options);
    return parser;
  }

  private codeHtml(token: Token): string {
    const fence = parseFence(token.info);
    const { language, kind } = typeof fence === 'string' ? { language: 'text', kind: 'other' } : fence;
    const code = token.content.replace(/\n$/, '');
    const html = this.highlight.html(code, language);
    return `<div class="code" data-language="${escapeHtml(language)}" data-kind="${kind}"><pre tabindex="0"><code>${html}</code></pre></div>\n`;
  }

  private figureHtml(token: Token, language: Language): string {
    const svg = this.figureSource(figureId(token), language) ?? '';
    const caption = escapeHtml(token.content);
    return `<figure class="figure">${svg}<figcaption>${caption}</figcaption></figure>\n`;
  }

  /**
   * Renders a section or any other piece; lines are counted from 0 within `text`.
   * @param section its id, which keeps its footnotes apart from those of others
   */
  render(text: string, language: Language, section = ''): Rendered {
    const parser = this.parsers[language];
    const problems: { line: number; message: string }[] = [];
    const environment = { docId: section };
    const tokens = parser.parse(text, environment);
    const anchors = headingAnchors(tokens);
    const blocks: Block[] = [];
    const links: { href: string; line: number }[] = [];
    const figures: { id: string; line: number }[] = [];
    let words = 0;
    for (const { token, line } of flatten(tokens)) {
      const complain = (message: string) => problems.push({ line, message });
      if (token.type === 'fence') blocks.push(...this.block(token, line, complain));
      else if (token.type === 'html_block' || token.type === 'html_inline') complain(`raw HTML: ${token.content.trim().slice(0, 40)}`);
      else if (token.type === 'link_open') links.push({ href: String(token.attrGet('href') ?? ''), line });
      else if (token.type === 'image') figures.push({ id: figureId(token), line });
      else if (token.type === 'text') {
        words += countWords(token.content);
        if (token.content.includes('**')) complain('a literal "**" in the text');
        // A bar inside of code that is not escaped ends the cell of a table, and the rest of the row may be lost.
        if (token.content.includes('`')) complain('a literal "`" in the text: in a table a bar in code is written \\|');
      }
      if (token.type === 'inline') softBreaks(token, complain);
    }
    const plain = plainText(tokens);
    const terms = markTerms(tokens, this.terms[language], section);
    const html = parser.renderer.render(tokens, parser.options, environment);
    return { html, blocks, links, figures, tables: tableShapes(tokens), anchors, problems, words, text: plain, terms };
  }

  private block(token: Token, line: number, complain: (message: string) => void): Block[] {
    const fence = parseFence(token.info);
    if (typeof fence === 'string') {
      complain(fence);
      return [];
    }
    if (!this.highlight.knows(fence.language)) complain(`code in "${fence.language}" is not coloured: use a known language, or text`);
    return [{ fence, code: token.content, line }];
  }
}

function isFigure(token: Token | undefined): boolean {
  return token?.type === 'inline' && token.children?.length === 1 && token.children[0]!.type === 'image';
}

/** `figure:retry-budget` names the figure `retry-budget`; anything else is no figure of ours. */
function figureId(token: Token): string {
  const source = String(token.attrGet('src') ?? '');
  return source.startsWith('figure:') ? source.slice('figure:'.length) : source;
}

function* flatten(tokens: readonly Token[], line = 0): Iterable<{ token: Token; line: number }> {
  for (const token of tokens) {
    const here = token.map?.[0] ?? line;
    yield { token, line: here };
    if (token.children) yield* flatten(token.children, here);
    line = here;
  }
}

function headingAnchors(tokens: readonly Token[]): { id: string; line: number }[] {
  const anchors: { id: string; line: number }[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type !== 'heading_open') continue;
    const inline = tokens[index + 1]!;
    const last = inline.children?.at(-1);
    const match = last?.type === 'text' ? HEADING_ID.exec(last.content) : null;
    if (!match || !last) continue;
    last.content = last.content.slice(0, match.index);
    token.attrSet('id', match[1]!);
    anchors.push({ id: match[1]!, line: token.map?.[0] ?? 0 });
  }
  return anchors;
}

function softBreaks(inline: Token, complain: (message: string) => void): void {
  for (const [index, child] of (inline.children ?? []).entries()) {
    if (child.type !== 'softbreak') continue;
    const before = inline.children![index - 1]?.content ?? '';
    const after = inline.children![index + 1]?.content ?? '';
    if (HAN.test(before.slice(-1)) && HAN.test(after.slice(0, 1))) complain('a line break between two Chinese characters');
  }
}

function tableShapes(tokens: readonly Token[]): string[] {
  const shapes: string[] = [];
  let rows = 0;
  let cells = 0;
  for (const { type } of tokens) {
    if (type === 'table_open') rows = cells = 0;
    else if (type === 'tr_open') rows++;
    else if (type === 'th_open' || type === 'td_open') cells++;
    else if (type === 'table_close') shapes.push(`${rows}x${rows === 0 ? 0 : cells / rows}`);
  }
  return shapes;
}

/** The text a line for each paragraph and each row of a table. */
function plainText(tokens: readonly Token[]): string {
  const inline = (token: Token): string => (token.children ?? []).map((child) => (child.type === 'softbreak' || child.type === 'hardbreak' ? ' ' : child.type === 'image' ? '' : child.content)).join('').trim();
  const lines: string[] = [];
  let row: string[] | undefined;
  for (const token of tokens) {
    if (token.type === 'tr_open') row = [];
    else if (token.type === 'tr_close') {
      lines.push(row!.join(' | '));
      row = undefined;
    } else if (token.type === 'inline') (row ?? lines).push(inline(token));
  }
  return lines.filter((line) => line !== '').join('\n');
}

/** Words of a Latin text, and two Han characters for one. */
function countWords(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latin = text.match(/[\p{L}\p{N}_.-]+/gu)?.filter((word) => !/\p{Script=Han}/u.test(word)).length ?? 0;
  return latin + han / 2;
}
