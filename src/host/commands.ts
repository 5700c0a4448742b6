import * as vscode from 'vscode';
import { otherLanguage } from '../core/base/language.ts';
import { COVER } from '../core/book/contents.ts';
import { bookmarks, moveBookmarks, recentlyRead, resetMemory, toggleBookmark } from '../core/reader/memory.ts';
import type { ContentsTree } from './contentsTree.ts';
import type { Library } from './library.ts';
import { COMMANDS, SETTINGS } from './names.ts';
import type { Reader } from './reader.ts';
import type { Reading } from './reading.ts';
import { copyLink } from './requests.ts';

/** What the commands work with. */
export interface CommandContext {
  readonly reader: Reader;
  readonly library: Library;
  readonly reading: Reading;
  readonly tree: ContentsTree;
}

/** How many sections the list of those read last holds. */
const MOST_RECENT = 30;

/** The commands of the reader. Everything that leads to a section runs the first one. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  const { reader, library, reading, tree } = context;
  const move = (section: string, step: -1 | 1) => reading.update((memory, now) => {
    const order = bookmarks(memory);
    const at = order.indexOf(section);
    const before = step < 0 ? order[at - 1] : order[at + 2];
    return at < 0 || (step < 0 && at === 0) ? memory : moveBookmarks(memory, [section], before, now);
  });
  const table: Readonly<Record<string, (argument?: unknown) => Promise<unknown> | unknown>> = {
    [COMMANDS.open]: (id) => reader.open(sectionOf(id) ?? COVER, marksOf(id)),
    [COMMANDS.openToSide]: (id) => reader.open(sectionOf(id) ?? reader.current ?? COVER, { column: vscode.ViewColumn.Beside }),
    [COMMANDS.resume]: () => resume(context),
    [COMMANDS.recent]: () => pickRecent(context),
    [COMMANDS.back]: () => reader.go('back'),
    [COMMANDS.forward]: () => reader.go('forward'),
    [COMMANDS.previous]: () => reader.go('previous'),
    [COMMANDS.next]: () => reader.go('next'),
    [COMMANDS.switchLanguage]: () => switchLanguage(library),
    [COMMANDS.revealInContents]: (id) => tree.reveal(sectionOf(id) ?? reader.current),
    [COMMANDS.copyLink]: (id) => onSection(sectionOf(id) ?? reader.current, copyLink),
    [COMMANDS.toggleFollow]: () => toggle(SETTINGS.follow),
    [COMMANDS.toggleBookmark]: (id) => onSection(sectionOf(id) ?? reader.current, (section) => reading.update((memory, now) => toggleBookmark(memory, section, now))),
    [COMMANDS.removeBookmark]: (id) => onSection(sectionOf(id), (section) => reading.update((memory, now) => (bookmarks(memory).includes(section) ? toggleBookmark(memory, section, now) : memory))),
    [COMMANDS.moveBookmarkUp]: (id) => onSection(sectionOf(id), (section) => move(section, -1)),
    [COMMANDS.moveBookmarkDown]: (id) => onSection(sectionOf(id), (section) => move(section, 1)),
    [COMMANDS.resetReading]: () => resetReading(reading),
  };
  return vscode.Disposable.from(...Object.entries(table).map(([name, run]) => vscode.commands.registerCommand(name, run)));
}

/** A section's id, as a link gives it, or as a row of a view does. */
function sectionOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument === '' ? undefined : argument;
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { id } = argument as { id?: unknown };
  return typeof id === 'string' ? id : undefined;
}

/** The words that led to a section, which the page marks. */
function marksOf(argument: unknown): { readonly marks?: readonly string[] } {
  const marks = typeof argument === 'object' && argument !== null ? (argument as { marks?: unknown }).marks : undefined;
  return Array.isArray(marks) && marks.every((mark) => typeof mark === 'string') ? { marks } : {};
}

function onSection(section: string | undefined, run: (section: string) => unknown): unknown {
  return section === undefined || section === COVER ? undefined : run(section);
}

async function resume({ reader, reading, library }: CommandContext): Promise<void> {
  const { last } = reading.current;
  const contents = await library.contents();
  // A section that is gone since: the cover shows what else was read.
  if (last && contents.find(last.section)) await reader.open(last.section, { offset: last.offset });
  else await reader.open(COVER);
}

async function pickRecent({ reader, reading, library }: CommandContext): Promise<void> {
  const contents = await library.contents();
  const items = recentlyRead(reading.current, MOST_RECENT).flatMap((id) => {
    const place = contents.find(id);
    return place ? [{ label: place.section.title, description: place.chapter.title, id }] : [];
  });
  const picked = await vscode.window.showQuickPick(items, { placeHolder: items.length === 0 ? vscode.l10n.t('Nothing has been read yet') : vscode.l10n.t('Recently read'), matchOnDescription: true });
  if (picked) await reader.open(picked.id);
}

async function resetReading(reading: Reading): Promise<void> {
  const yes = vscode.l10n.t('Forget');
  const question = vscode.l10n.t('Forget how far you have read, and all bookmarks? Other machines in Settings Sync forget them too.');
  if ((await vscode.window.showWarningMessage(question, { modal: true }, yes)) === yes) await reading.reset(resetMemory);
}

/** Writes a setting where the user has it, else for the user. */
async function write(name: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  const inWorkspace = configuration.inspect(name)?.workspaceValue !== undefined;
  await configuration.update(name, value, inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global);
}

async function toggle(name: string): Promise<void> {
  await write(name, vscode.workspace.getConfiguration().get(name) !== true);
}

async function switchLanguage(library: Library): Promise<void> {
  await write(SETTINGS.language, otherLanguage(library.language));
}
