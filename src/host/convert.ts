import * as vscode from 'vscode';
import type { Span } from '../core/base/text.ts';
import type { Language } from '../core/base/language.ts';
import type { CompletionItem } from '../core/language/complete.ts';
import type { FieldHover, Hover, KindHover, VersionHover } from '../core/language/hover.ts';
import { expandSnippet } from '../core/language/snippets.ts';
import { currentApiVersion, currentVersion, typeName } from '../core/language/explain.ts';
import type { Field } from '../core/reference/model.ts';
import { isDocumentMarker } from '../core/yaml/documents.ts';
import { COMMANDS } from './names.ts';

/** The one place where offsets become ranges and data becomes Markdown. */

/** A document's text around a position, up to the nearest `---` on both sides, with where it begins. */
export interface TextAround {
  readonly text: string;
  readonly offset: number;
  readonly start: number;
}

/** The YAML document around a position. Only its lines are read, so the cost does not grow with the file. */
export function yamlDocumentAround(document: vscode.TextDocument, position: vscode.Position): TextAround {
  let first = position.line;
  while (first > 0 && !isDocumentMarker(document.lineAt(first).text)) first--;
  let last = position.line + 1;
  while (last < document.lineCount && !isDocumentMarker(document.lineAt(last).text)) last++;
  const range = new vscode.Range(first, 0, last, 0);
  const start = document.offsetAt(range.start);
  return { text: document.getText(range), offset: document.offsetAt(position) - start, start };
}

/** Whether a document can hold something of Istio at all, told before any of the language code is loaded. */
export function mayBeOurs(text: string): boolean {
  return text.includes('apiVersion') || text.includes('meshConfig');
}

export function toRange(document: vscode.TextDocument, span: Span, start = 0): vscode.Range {
  return new vscode.Range(document.positionAt(start + span.start), document.positionAt(start + span.end));
}

/** A link to a command, for Markdown that trusts it. */
export function commandLink(command: string, ...args: unknown[]): string {
  return `command:${command}?${encodeURIComponent(JSON.stringify(args))}`;
}

interface HoverWords {
  readonly required: string;
  readonly default: string;
  readonly unit: string;
  readonly since: string;
  readonly deprecated: string;
  readonly experimental: string;
  readonly mind: string;
  readonly snippets: string;
  readonly served: string;
  readonly notServed: string;
  readonly storage: string;
  readonly current: string;
  readonly definedIn: string;
  readonly notDefined: string;
}

const WORDS: Readonly<Record<Language, HoverWords>> = {
  en: {
    required: 'required',
    default: 'default',
    unit: 'unit',
    since: 'since',
    deprecated: 'Deprecated',
    experimental: 'experimental',
    mind: 'Mind',
    snippets: 'Snippets',
    served: 'served',
    notServed: 'no longer served',
    storage: 'stored',
    current: 'the version to write',
    definedIn: 'Defined in',
    notDefined: 'Not defined in this workspace.',
  },
  'zh-cn': {
    required: '必填',
    default: '默认',
    unit: '单位',
    since: '始于',
    deprecated: '已弃用',
    experimental: '实验性',
    mind: '注意',
    snippets: '代码片段',
    served: '可用',
    notServed: '不再提供',
    storage: '存储版本',
    current: '推荐书写的版本',
    definedIn: '定义于',
    notDefined: '本工作区中没有定义。',
  },
};

/** How much a hover says. */
export type HoverMode = 'full' | 'short' | 'link';

export interface HoverOptions {
  readonly language: Language;
  readonly mode: HoverMode;
  /** Where what the value refers to is defined; absent where it refers to nothing, or the workspace is not read yet. */
  readonly definitions?: readonly vscode.Location[];
}

/** A hover as Markdown; its links may run the two commands they name and nothing else. */
export function hoverMarkdown(hover: Hover, { language, mode, definitions }: HoverOptions): vscode.MarkdownString {
  const words = WORDS[language];
  const all =
    hover.type === 'field' ? fieldLines(hover, words, mode) : hover.type === 'kind' ? kindLines(hover, mode) : versionLines(hover, words);
  const lines = [definitionLine(definitions, words), ...(mode === 'link' ? [] : all), footer(hover, words)];
  const markdown = new vscode.MarkdownString(lines.filter((line) => line !== '').join('\n\n'));
  markdown.isTrusted = { enabledCommands: [COMMANDS.open, COMMANDS.insertSnippet] };
  return markdown;
}

/** At most this many definitions are named: a wildcard may have hundreds. */
const MOST_DEFINITIONS = 3;

function definitionLine(definitions: readonly vscode.Location[] | undefined, words: HoverWords): string {
  if (!definitions) return '';
  if (definitions.length === 0) return words.notDefined;
  const links = definitions.slice(0, MOST_DEFINITIONS).map(({ uri, range }) => {
    const line = range.start.line + 1;
    const target = uri.with({ fragment: `L${line},${range.start.character + 1}` });
    return `[${escape(`${uri.path.slice(uri.path.lastIndexOf('/') + 1)}:${line}`)}](${target.toString()})`;
  });
  if (definitions.length > MOST_DEFINITIONS) links.push(`+${definitions.length - MOST_DEFINITIONS}`);
  return `${words.definedIn} ${links.join(' · ')}`;
}

const COMPLETION_KINDS: Readonly<Record<CompletionItem['type'], vscode.CompletionItemKind>> = {
  field: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  name: vscode.CompletionItemKind.Reference,
  fragment: vscode.CompletionItemKind.Snippet,
  kind: vscode.CompletionItemKind.Class,
};

/** A completion item of VS Code that knows what it was made from, so that its documentation is written when it is looked at. */
export class HandbookCompletionItem extends vscode.CompletionItem {
  constructor(
    readonly source: CompletionItem,
    range: vscode.Range,
    order: number,
  ) {
    super({ label: source.label, description: 'Istio Handbook' }, COMPLETION_KINDS[source.type]);
    this.insertText = new vscode.SnippetString(source.insert);
    // Every blank is written already: the document's indentation is not the editor's.
    this.keepWhitespace = true;
    this.range = range;
    this.filterText = source.label.replace(/^- /, '');
    this.sortText = String(order).padStart(4, '0');
    this.detail = source.detail;
    if (source.deprecated) this.tags = [vscode.CompletionItemTag.Deprecated];
    if (source.more) this.command = { command: 'editor.action.triggerSuggest', title: '' };
  }
}

/** What the book says of a completion item. */
export function completionMarkdown({ hover, snippet }: CompletionItem, language: Language): vscode.MarkdownString | undefined {
  if (hover) return hoverMarkdown(hover, { language, mode: 'full' });
  return snippet && new vscode.MarkdownString(codeBlock(expandSnippet(snippet.body).trimEnd()));
}

/** What is short to say of a field, as plain text: type, default, unit and the like. */
export function fieldFacts(field: Field, language: Language): string[] {
  return factsOf(field, WORDS[language], (text) => text, String);
}

function factsOf(field: Field, words: HoverWords, plain: (text: string) => string, code: (value: string | number | boolean) => string): string[] {
  return [
    plain(typeName(field.type)),
    ...(field.required ? [words.required] : []),
    ...(field.default === undefined ? [] : [`${words.default} ${code(field.default)}`]),
    ...(field.unit === undefined ? [] : [`${words.unit} ${plain(field.unit)}`]),
    ...(field.since === undefined ? [] : [`${words.since} ${plain(field.since)}`]),
    ...(field.channel === undefined ? [] : [words.experimental]),
    ...(field.status === undefined ? [] : [plain(field.status)]),
  ];
}

function fieldLines({ name, path, field, value }: FieldHover, words: HoverWords, mode: HoverMode): string[] {
  const facts = [`**${escape(name)}**`, ...factsOf(field, words, escape, literal), `\`${path}\``];
  return [
    facts.join(' · '),
    value === undefined ? '' : `\`${value.name}\`: ${value.doc}`,
    field.deprecated === undefined ? '' : `**${words.deprecated}**: ${field.deprecated}`,
    field.doc,
    ...(mode === 'short' ? [] : fieldDetails(field, value?.name, words)),
  ];
}

function fieldDetails(field: Field, value: string | undefined, words: HoverWords): string[] {
  return [
    enumLines(field.enum, value),
    field.mind === undefined ? '' : `**${words.mind}**: ${field.mind}`,
    field.example === undefined ? '' : codeBlock(field.example),
  ];
}

function kindLines({ kind }: KindHover, mode: HoverMode): string[] {
  const title = `**${kind.kind}** · \`${currentApiVersion(kind)}\``;
  return [title, kind.doc, kind.example === undefined || mode === 'short' ? '' : codeBlock(kind.example.trimEnd())];
}

function versionLines({ kind, version }: VersionHover, words: HoverWords): string[] {
  const current = currentVersion(kind);
  const rows = kind.versions.map(({ name, served, storage, since }) => {
    const facts = [
      served ? words.served : words.notServed,
      ...(storage ? [words.storage] : []),
      ...(since === undefined ? [] : [`${words.since} ${since}`]),
      ...(name === current ? [words.current] : []),
    ];
    return `- ${name === version ? `**\`${name}\`**` : `\`${name}\``}: ${facts.join(' · ')}`;
  });
  return [`**${kind.kind}** · \`${kind.group}\``, rows.join('\n')];
}

/** The other values of an enumeration: the one under the cursor has been explained already. */
function enumLines(values: FieldHover['field']['enum'], current: string | undefined): string {
  return Object.entries(values ?? {})
    .filter(([name]) => name !== current)
    .map(([name, doc]) => `- \`${name}\`: ${doc}`)
    .join('\n');
}

function footer(hover: Hover, words: HoverWords): string {
  if (hover.sectionTitle === '') return '';
  const title = `${hover.sectionTitle} — ${hover.chapterTitle}`;
  const links = [
    `[$(book) ${escape(title)}](${commandLink(COMMANDS.open, hover.section)})`,
    `[${words.snippets}](${commandLink(COMMANDS.insertSnippet, hover.section)})`,
  ];
  return links.join(' · ').replace('$(book) ', '');
}

function literal(value: string | number | boolean): string {
  const text = String(value);
  return /[\s\p{Script=Han}`]/u.test(text) ? text : `\`${text}\``;
}

function codeBlock(text: string): string {
  return `\`\`\`yaml\n${text}\n\`\`\``;
}

function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>]/g, '\\$&');
}
