import * as vscode from 'vscode';
import { toggleBookmark } from '../core/reader/memory.ts';
import type { ExplainedField, FromReader } from '../core/reader/messages.ts';
import { fieldFacts } from './convert.ts';
import { insertCode, openAsFile, type LastEditor } from './editors.ts';
import type { Library } from './library.ts';
import { COMMANDS } from './names.ts';
import type { Reader } from './reader.ts';
import type { Reading } from './reading.ts';
import { sectionLink } from './uri.ts';

type Handlers = { readonly [Type in FromReader['type']]?: (message: Extract<FromReader, { type: Type }>) => unknown };

/** Answers what the reader's page asks for: one row for each message that is not about moving in the book. */
export function answerRequests({ reader, library, editors, reading }: { reader: Reader; library: Library; editors: LastEditor; reading: Reading }): void {
  const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(command, ...args);
  const table: Handlers = {
    switchLanguage: () => run(COMMANDS.switchLanguage),
    search: ({ query }) => run(COMMANDS.search, query),
    copy: ({ text }) => vscode.env.clipboard.writeText(text),
    insert: ({ text }) => insertCode(editors, text),
    openFile: ({ text, language }) => openAsFile(text, language),
    insertSnippet: ({ section }) => run(COMMANDS.insertSnippet, section),
    bookmark: ({ section }) => withSection(library, section, () => reading.update((memory, now) => toggleBookmark(memory, section, now))),
    copyLink: ({ section }) => withSection(library, section, () => copyLink(section)),
    revealInContents: ({ section }) => run(COMMANDS.revealInContents, section),
    follow: () => run(COMMANDS.toggleFollow),
    explain: async ({ path }) => {
      const explained = await explainField(library, path);
      if (explained) reader.post({ type: 'explained', explained });
    },
  };
  reader.onRequest((message) => Promise.resolve((table[message.type] as ((message: FromReader) => unknown) | undefined)?.(message)));
}

/** Does something with a section of this book; nothing with any other id. */
async function withSection(library: Library, section: string, work: () => unknown): Promise<void> {
  const contents = await library.contents().catch(() => undefined);
  if (contents?.find(section)) await work();
}

/** Puts the address of a section on the clipboard. */
export async function copyLink(section: string): Promise<void> {
  await vscode.env.clipboard.writeText(sectionLink(section).toString());
  vscode.window.setStatusBarMessage(vscode.l10n.t('Link copied'), 2000);
}

async function explainField(library: Library, path: string): Promise<ExplainedField | undefined> {
  const [{ explain }, context] = await Promise.all([import('./later.ts'), library.context()]);
  const [found] = explain(context, path);
  const field = found?.place.field;
  if (!field) return undefined;
  return {
    path,
    facts: fieldFacts(field, library.language),
    text: [field.doc, ...(field.mind === undefined ? [] : [field.mind]), ...Object.entries(field.enum ?? {}).map(([name, doc]) => `\`${name}\`: ${doc}`)],
    example: field.example ?? '',
  };
}
