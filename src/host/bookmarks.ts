import * as vscode from 'vscode';
import { bookmarks, moveBookmarks } from '../core/reader/memory.ts';
import type { Library } from './library.ts';
import { COMMANDS, VIEWS } from './names.ts';
import type { Reading } from './reading.ts';

interface Bookmark {
  readonly id: string;
  readonly title: string;
  readonly chapter: string;
}

const MIME = 'application/vnd.code.tree.istiohandbook.bookmarks';

/** The view of the bookmarks, in the reader's own order: dragged, or moved by commands. */
class Bookmarks implements vscode.TreeDataProvider<Bookmark>, vscode.TreeDragAndDropController<Bookmark>, vscode.Disposable {
  readonly dropMimeTypes = [MIME];
  readonly dragMimeTypes = [MIME];
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscription: vscode.Disposable;
  private shown = '';
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly library: Library,
    private readonly reading: Reading,
  ) {
    const refresh = () => {
      const now = bookmarks(reading.current).join();
      if (now !== this.shown) this.changed.fire();
      this.shown = now;
    };
    this.subscription = vscode.Disposable.from(
      this.changed,
      library.onDidChange(() => this.changed.fire()),
      reading.onDidChange(refresh),
      vscode.window.createTreeView(VIEWS.bookmarks, { treeDataProvider: this, dragAndDropController: this, canSelectMany: true }),
    );
  }

  /** Bookmarks of sections that this edition does not have are kept and not shown. */
  async getChildren(parent?: Bookmark): Promise<Bookmark[]> {
    if (parent) return [];
    const contents = await this.library.contents();
    return bookmarks(this.reading.current).flatMap((id) => {
      const place = contents.find(id);
      return place ? [{ id, title: place.section.title, chapter: place.chapter.title }] : [];
    });
  }

  getTreeItem({ id, title, chapter }: Bookmark): vscode.TreeItem {
    const item = new vscode.TreeItem(title);
    item.id = id;
    item.description = chapter;
    item.iconPath = new vscode.ThemeIcon('bookmark');
    item.contextValue = 'bookmark';
    item.command = { command: COMMANDS.open, title, arguments: [id] };
    item.accessibilityInformation = { label: `${title}, ${chapter}` };
    return item;
  }

  handleDrag(source: readonly Bookmark[], data: vscode.DataTransfer): void {
    data.set(MIME, new vscode.DataTransferItem(source.map(({ id }) => id)));
  }

  handleDrop(target: Bookmark | undefined, data: vscode.DataTransfer): void {
    const ids = data.get(MIME)?.value as unknown;
    if (Array.isArray(ids)) this.reading.update((memory, now) => moveBookmarks(memory, ids.map(String), target?.id, now));
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

/** Registers the view of the bookmarks. */
export function registerBookmarks(library: Library, reading: Reading): vscode.Disposable {
  return new Bookmarks(library, reading);
}
