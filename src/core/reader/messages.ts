import type { Language } from '../base/language.ts';
import type { TokenColors } from './tokenColors.ts';

/** What the reader's page is told. */
export type ToReader =
  | { readonly type: 'show'; readonly page: Page; readonly target: Target; readonly navigation: Navigation }
  | { readonly type: 'reveal'; readonly target: Target; readonly navigation: Navigation }
  | { readonly type: 'notice'; readonly text: string; readonly query: string }
  | { readonly type: 'preferences'; readonly preferences: Preferences }
  | { readonly type: 'status'; readonly status: Status }
  | { readonly type: 'explained'; readonly explained: ExplainedField };

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
  | { readonly type: 'reading'; readonly section: string; readonly offset: number }
  | { readonly type: 'seen'; readonly section: string; readonly part: number }
  | { readonly type: 'bookmark'; readonly section: string }
  | { readonly type: 'copyLink'; readonly section: string }
  | { readonly type: 'revealInContents'; readonly section: string }
  | { readonly type: 'follow' }
  | { readonly type: 'explain'; readonly path: string };

/** Where to go in a page. */
export interface Target {
  /** A section or a heading; absent for the top of the page. */
  readonly section?: string;
  /** How much of the section has been read, from 0 to 1. */
  readonly offset?: number;
  /** The words that were searched for, to be marked; absent where nothing was. */
  readonly marks?: readonly string[];
  /** The place follows the cursor of an editor, which keeps the focus. */
  readonly quiet?: boolean;
}

/** Which ways lead from here. */
export interface Navigation {
  readonly back: boolean;
  readonly forward: boolean;
  readonly previous?: string;
  readonly next?: string;
}

/** How the reader wants its text. */
export interface Preferences {
  /** A CSS font family; empty for the page's own. */
  readonly fontFamily: string;
  /** Pixels. */
  readonly fontSize: number;
  /** Times the font size; 0 for the language's own. */
  readonly lineHeight: number;
  /** Characters of a line; 0 for the whole width. */
  readonly lineWidth: number;
  /** Colours of code, where the theme's own are known. */
  readonly colors: TokenColors;
}

/** What changes while a page is shown. */
export interface Status {
  /** How much of each section of the book was read, from 0 to 1; absent is 0. */
  readonly read: Readonly<Record<string, number>>;
  readonly bookmarks: readonly string[];
  /** Whether the page follows the cursor. */
  readonly following: boolean;
}

/** What the reference says of a field. */
export interface ExplainedField {
  readonly path: string;
  /** Type, default and the like, in the order of their weight. */
  readonly facts: readonly string[];
  /** Sentences; text between backticks is code. */
  readonly text: readonly string[];
  readonly example: string;
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
  /** The terms of the glossary that its text marks. */
  readonly terms: readonly PageTerm[];
  /** The cover's drawing and the book's contents. */
  readonly cover?: CoverContents;
  readonly words: ReaderWords;
}

export interface PageSection {
  readonly id: string;
  readonly title: string;
  readonly html: string;
  readonly minutes: number;
  /** Whether snippets are keyed to it. */
  readonly snippets: boolean;
  /** The fields that it explains. */
  readonly fields: readonly string[];
}

export interface PageTerm {
  readonly id: string;
  readonly term: string;
  /** What it is called in the other language. */
  readonly other: string;
  readonly doc: string;
  /** The section that explains it, with its title. */
  readonly section?: string;
  readonly sectionTitle?: string;
}

export interface CoverContents {
  readonly drawing: string;
  readonly parts: readonly {
    readonly title: string;
    readonly chapters: readonly CoverChapter[];
  }[];
  /** Where the reader left off last, and before that. */
  readonly recent: readonly { readonly id: string; readonly title: string; readonly chapter: string }[];
}

export interface CoverChapter {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  /** How much of it was read, from 0 to 1. */
  readonly read: number;
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
  readonly bookmark: string;
  readonly copyLink: string;
  readonly revealInContents: string;
  readonly follow: string;
  readonly enlarge: string;
  readonly close: string;
  readonly readOn: string;
  readonly fields: string;
  readonly done: string;
  readonly read: string;
  readonly resume: string;
  readonly recent: string;
  readonly found: string;
  readonly nextMatch: string;
  readonly previousMatch: string;
  readonly sectionActions: string;
  readonly readerActions: string;
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
  seen: ['section'],
  bookmark: ['section'],
  copyLink: ['section'],
  revealInContents: ['section'],
  follow: [],
  explain: ['path'],
};

/** Numbers from 0 to 1. */
const SHARE_FIELDS: Partial<Readonly<Record<FromReader['type'], string>>> = { reading: 'offset', seen: 'part' };

/** Checks what came from the page; anything else is dropped. */
export function readMessage(value: unknown): FromReader | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const message = value as Record<string, unknown>;
  const type = message['type'];
  if (typeof type !== 'string' || !Object.hasOwn(STRING_FIELDS, type)) return undefined;
  const known = type as FromReader['type'];
  if (STRING_FIELDS[known].some((field) => typeof message[field] !== 'string')) return undefined;
  if (type === 'go' && !['back', 'forward', 'previous', 'next'].includes(message['to'] as string)) return undefined;
  const share = SHARE_FIELDS[known];
  if (share !== undefined && !isShare(message[share])) return undefined;
  return message as unknown as FromReader;
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

/** Reads the state that VS Code kept for a page; undefined where it makes no sense. */
export function readState(value: unknown): ReaderState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { section, offset } = value as Record<string, unknown>;
  return typeof section === 'string' ? { section, offset: isShare(offset) ? (offset as number) : 0 } : undefined;
}
