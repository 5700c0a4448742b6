import * as vscode from 'vscode';
import { mayBeOurs, yamlDocumentAround } from './convert.ts';
import type { Library } from './library.ts';
import { SETTINGS, YAML_DOCUMENTS } from './names.ts';
import type { Reader } from './reader.ts';

/** How long the cursor rests before the reader follows, in milliseconds. */
const REST = 250;

/** While the setting is on, the reader shows the section of the field under the cursor. */
export function registerFollow(reader: Reader, library: Library): vscode.Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const moved = (editor: vscode.TextEditor | undefined) => {
    clearTimeout(timer);
    if (!editor || vscode.languages.match(YAML_DOCUMENTS, editor.document) === 0) return;
    if (vscode.workspace.getConfiguration().get(SETTINGS.follow) !== true) return;
    timer = setTimeout(() => void follow(reader, library, editor), REST);
  };
  return vscode.Disposable.from(
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => moved(textEditor)),
    vscode.window.onDidChangeActiveTextEditor(moved),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(SETTINGS.follow) && moved(vscode.window.activeTextEditor)),
    { dispose: () => clearTimeout(timer) },
  );
}

async function follow(reader: Reader, library: Library, { document, selection }: vscode.TextEditor): Promise<void> {
  if (document.isClosed) return;
  const around = yamlDocumentAround(document, selection.active);
  if (!mayBeOurs(around.text)) return;
  const [{ hover }, context] = await Promise.all([import('./later.ts'), library.context()]);
  // Beside a key, or behind it, the line's own key counts.
  const lineStart = around.text.lastIndexOf('\n', around.offset - 1) + 1;
  const key = lineStart + (/^[ \t]*(?:- +)*/.exec(around.text.slice(lineStart))?.[0].length ?? 0);
  const found = hover(context, around.text, around.offset) ?? hover(context, around.text, key);
  if (found && found.section !== '') await reader.follow(found.section);
}
