import * as vscode from 'vscode';
import { registerBookmarks } from './host/bookmarks.ts';
import { registerCommands } from './host/commands.ts';
import { registerCompletion } from './host/complete.ts';
import { ContentsTree } from './host/contentsTree.ts';
import { Diagnostics } from './host/diagnostics.ts';
import { LastEditor } from './host/editors.ts';
import { registerExport } from './host/export.ts';
import { registerFollow } from './host/follow.ts';
import { registerHover } from './host/hover.ts';
import { Library } from './host/library.ts';
import { registerNavigation } from './host/navigation.ts';
import { Reader } from './host/reader.ts';
import { Reading } from './host/reading.ts';
import { answerRequests } from './host/requests.ts';
import { ResultsView } from './host/results.ts';
import { registerSearch } from './host/search.ts';
import { registerSnippets } from './host/snippets.ts';
import { registerStatusBar } from './host/statusBar.ts';
import { registerTools } from './host/tools.ts';
import { registerUriHandler } from './host/uri.ts';
import { watchContent } from './host/watch.ts';
import { Workspace } from './host/workspace.ts';

/** Wires the extension; nothing is read before it is asked for. */
export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions } = context;
  const library = new Library(extensionUri);
  const editors = new LastEditor();
  const reading = new Reading(context.globalState);
  const reader = new Reader(extensionUri, library, reading);
  const tree = new ContentsTree(library, reading);
  const results = new ResultsView();
  const workspace = new Workspace();
  answerRequests({ reader, library, editors, reading });
  subscriptions.push(library, editors, reading, reader, tree, results, workspace);
  subscriptions.push(
    reader.onDidRead((section) => tree.follow(section)),
    registerCommands({ reader, library, reading, tree }),
    registerBookmarks(library, reading),
    registerSearch(library, results),
    registerSnippets(library, editors),
    registerFollow(reader, library),
    registerExport(extensionUri, library, reader),
    registerStatusBar(),
    registerTools(library),
    registerUriHandler(),
    registerHover(library, workspace),
    registerCompletion(library, workspace),
    registerNavigation(workspace),
    new Diagnostics(library, workspace),
  );
  if (context.extensionMode === vscode.ExtensionMode.Development) subscriptions.push(watchContent(extensionUri, library, reader, tree));
}
