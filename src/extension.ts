import * as vscode from 'vscode';
import { registerCommands } from './host/commands.ts';
import { ContentsTree } from './host/contentsTree.ts';
import { Diagnostics } from './host/diagnostics.ts';
import { LastEditor } from './host/editors.ts';
import { registerCompletion } from './host/complete.ts';
import { registerHover } from './host/hover.ts';
import { Library } from './host/library.ts';
import { Reader } from './host/reader.ts';
import { registerNavigation } from './host/navigation.ts';
import { registerSearch } from './host/search.ts';
import { registerSnippets } from './host/snippets.ts';
import { registerUriHandler } from './host/uri.ts';
import { watchContent } from './host/watch.ts';
import { Workspace } from './host/workspace.ts';

/** Wires the extension; nothing is read before it is asked for. */
export function activate(context: vscode.ExtensionContext): void {
  const library = new Library(context.extensionUri);
  const editors = new LastEditor();
  const reader = new Reader(context.extensionUri, library, editors);
  const tree = new ContentsTree(library);
  const workspace = new Workspace();
  context.subscriptions.push(
    library,
    editors,
    reader,
    tree,
    workspace,
    reader.onDidRead((section) => tree.follow(section)),
    registerCommands(reader, library),
    registerHover(library, workspace),
    registerCompletion(library, workspace),
    registerNavigation(workspace),
    new Diagnostics(library, workspace),
    registerSearch(library),
    registerSnippets(library, editors),
    registerUriHandler(),
  );
  if (context.extensionMode === vscode.ExtensionMode.Development) {
    context.subscriptions.push(watchContent(context.extensionUri, library, reader, tree));
  }
}
