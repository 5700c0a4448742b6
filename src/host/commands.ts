import * as vscode from 'vscode';
import { COVER } from '../core/book/contents.ts';
import type { Library } from './library.ts';
import { COMMANDS } from './names.ts';
import { switchLanguage, type Reader } from './reader.ts';

/** The commands of the reader. Everything that leads to a section runs the first one. */
export function registerCommands(reader: Reader, library: Library): vscode.Disposable {
  const table: Readonly<Record<string, (argument?: unknown) => Promise<unknown>>> = {
    [COMMANDS.open]: (id) => reader.open(typeof id === 'string' && id !== '' ? id : COVER),
    [COMMANDS.back]: () => reader.go('back'),
    [COMMANDS.forward]: () => reader.go('forward'),
    [COMMANDS.previous]: () => reader.go('previous'),
    [COMMANDS.next]: () => reader.go('next'),
    [COMMANDS.switchLanguage]: () => switchLanguage(library),
  };
  return vscode.Disposable.from(...Object.entries(table).map(([name, run]) => vscode.commands.registerCommand(name, run)));
}
