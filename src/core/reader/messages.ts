import type { Language } from '../base/language.ts';

/** What the reader's page is told. */
export type ToReader =
  | { readonly type: 'show'; readonly page: Page; readonly target: Target; readonly navigation: Navigation }
  | { readonly type: 'reveal'; readonly target: Target; readonly navigation: Navigation }
  | { readonly type: 'notice'; readonly text: string; readonly query: string };

/** What the reader's page tells. */
export type FromReader =
  | { readonly type: 'ready' }
  | { readonly type: 'open'; readonly section: string }
  | { readonly type: 'go'; readonly to: 'back' | 'forward' | 'previous' | 'next' }
  | { readonly type: 'switchLanguage' }
  | { readonly type: 'search'; readonly query: string }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'insert'; readonly text: string }
  | { readonly type: 'openFile'; readonly text: string; readonly language: string }
  | { readonly type: 'insertSnippet'; readonly section: string }
  | { readonly type: 'reading'; readonly section: string; readonly offset: number };

/** Where to go in a page. */
export interface Target {
  /** A section or a heading; absent for the top of the page. */
  readonly section?: string;
  /** How much of the section has been read, from 0 to 1. */
  readonly offset?: number;
}

/** Which ways lead from here. */
export interface Navigation {
  readonly back: boolean;
  readonly forward: boolean;
  readonly previous?: string;
  readonly next?: string;
}

/** A page of the reader: a chapter, or the cover. */
export interface Page {
  readonly kind: 'chapter' | 'cover';
  readonly id: string;
  readonly language: Language;
  readonly part: string;
  readonly title: string;
  readonly summary: string;
  /** Minutes of reading. */
  readonly minutes: number;
  readonly verified: string;
  readonly sections: readonly PageSection[];
  readonly sources: readonly string[];
  /** The cover's drawing and the book's contents. */
  readonly cover?: CoverContents;
  readonly words: ReaderWords;
}

export interface PageSection {
  readonly id: string;
  readonly title: string;
  readonly html: string;
  /** Whether snippets are keyed to it. */
  readonly snippets: boolean;
}

export interface CoverContents {
  readonly drawing: string;
  readonly parts: readonly {
    readonly title: string;
    readonly chapters: readonly { readonly id: string; readonly title: string; readonly summary: string; readonly minutes: number }[];
  }[];
}

/** What the page keeps for VS Code, to be opened again after a restart. */
export interface ReaderState {
  readonly section: string;
  /** How much of the section has been read, from 0 to 1. */
  readonly offset: number;
}

/** The words on the page's buttons, in the book's language. */
export interface ReaderWords {
  readonly back: string;
  readonly forward: string;
  readonly previous: string;
  readonly next: string;
  readonly contents: string;
  readonly search: string;
  readonly switchLanguage: string;
  readonly copy: string;
  readonly copied: string;
  readonly insert: string;
  readonly openFile: string;
  readonly snippets: string;
  readonly minutes: string;
  readonly verified: string;
  readonly sources: string;
  readonly wrongExample: string;
  readonly dismiss: string;
  readonly codeActions: string;
}

const STRING_FIELDS: Readonly<Record<FromReader['type'], readonly string[]>> = {
  ready: [],
  open: ['section'],
  go: ['to'],
  switchLanguage: [],
  search: ['query'],
  copy: ['text'],
  insert: ['text'],
  openFile: ['text', 'language'],
  insertSnippet: ['section'],
  reading: ['section'],
};

/** Checks what came from the page; anything else is dropped. */
export function readMessage(value: unknown): FromReader | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const message = value as Record<string, unknown>;
  const type = message['type'];
  if (typeof type !== 'string' || !Object.hasOwn(STRING_FIELDS, type)) return undefined;
  if (STRING_FIELDS[type as FromReader['type']].some((field) => typeof message[field] !== 'string')) return undefined;
  if (type === 'go' && !['back', 'forward', 'previous', 'next'].includes(message['to'] as string)) return undefined;
  if (type === 'reading' && typeof message['offset'] !== 'number') return undefined;
  return message as unknown as FromReader;
}

/** Reads the state that VS Code kept for a page; undefined where it makes no sense. */
export function readState(value: unknown): ReaderState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { section, offset } = value as Record<string, unknown>;
  return typeof section === 'string' ? { section, offset: typeof offset === 'number' && offset >= 0 && offset <= 1 ? offset : 0 } : undefined;
}
