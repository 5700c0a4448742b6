import * as vscode from 'vscode';
import type { ContentsTree } from './contentsTree.ts';
import type { Library } from './library.ts';
import type { Reader } from './reader.ts';

/** For writers: shows what `npm run watch` has just built, in the open reader and in the tree. */
export function watchContent(extensionUri: vscode.Uri, library: Library, reader: Reader, tree: ContentsTree): vscode.Disposable {
  const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(extensionUri, 'dist', 'data'), '**/*.json');
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      library.forget();
      tree.refresh();
      void reader.reload();
    }, 100);
  };
  return vscode.Disposable.from(watcher, watcher.onDidChange(changed), watcher.onDidCreate(changed), { dispose: () => clearTimeout(timer) });
}
