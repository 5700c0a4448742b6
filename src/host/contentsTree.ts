import * as vscode from 'vscode';
import type { Chapter, Part, Section } from '../core/book/model.ts';
import { progressOf, shareOf, type Memory } from '../core/reader/memory.ts';
import type { Library } from './library.ts';
import { COMMANDS, VIEWS } from './names.ts';
import type { Reading } from './reading.ts';

/** A row; the commands of its menu get it, and read its id. */
type Node =
  | { readonly type: 'part'; readonly part: Part }
  | { readonly type: 'chapter'; readonly id: string; readonly chapter: Chapter; readonly parent: Node }
  | { readonly type: 'section'; readonly id: string; readonly section: Section; readonly parent: Node };

/** How long reading is collected before the tree shows it, in milliseconds. */
const CALM = 1000;

/** The contents of the book: parts, chapters, sections, and how much of them was read. */
export class ContentsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Node | undefined>();
  private readonly view: vscode.TreeView<Node>;
  private readonly subscription: vscode.Disposable;
  private readonly nodes = new Map<string, Node>();
  private pending: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The progress that the rows show. */
  private shown: Memory;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly library: Library,
    private readonly reading: Reading,
  ) {
    this.shown = reading.current;
    this.view = vscode.window.createTreeView(VIEWS.contents, { treeDataProvider: this, showCollapseAll: true });
    this.subscription = vscode.Disposable.from(
      library.onDidChange(() => this.refresh()),
      reading.onDidChange(() => (this.timer ??= setTimeout(() => this.showProgress(), CALM))),
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible && this.pending !== undefined) this.follow(this.pending);
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
    this.view.dispose();
    this.changed.dispose();
  }

  refresh(): void {
    this.nodes.clear();
    this.changed.fire(undefined);
  }

  /** Shows what was read since: only the rows that say something else are drawn again. */
  private showProgress(): void {
    this.timer = undefined;
    const before = this.shown;
    this.shown = this.reading.current;
    for (const node of this.nodes.values()) if (progressWords(node, before) !== progressWords(node, this.shown)) this.changed.fire(node);
  }

  /** Selects a section in the contents because the reader asked for it, which opens the view where it is hidden. */
  async reveal(section: string | undefined): Promise<void> {
    if (this.nodes.size === 0) await this.getChildren();
    const node = section === undefined ? undefined : this.nodes.get(section);
    if (node) await this.view.reveal(node, { select: true, focus: true, expand: true });
    else await vscode.commands.executeCommand(`${VIEWS.contents}.focus`);
  }

  /** Selects the section that is being read. A hidden view is left alone and catches up when it is shown. */
  follow(section: string): void {
    this.pending = section;
    const node = this.nodes.get(section);
    if (!this.view.visible || !node) return;
    this.pending = undefined;
    const expand = node.type === 'chapter';
    void Promise.resolve(this.view.reveal(node, { select: true, focus: false, expand })).catch(() => undefined);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) return this.roots();
    if (node.type === 'part') return node.part.chapters.map((chapter) => this.known(chapter.id, { type: 'chapter', id: chapter.id, chapter, parent: node }));
    if (node.type === 'chapter') return node.chapter.sections.map((section) => this.known(section.id, { type: 'section', id: section.id, section, parent: node }));
    return [];
  }

  private async roots(): Promise<Node[]> {
    const { book } = await this.library.contents();
    const roots = book.parts.map((part): Node => ({ type: 'part', part }));
    // Every node is known at once, so that any section can be revealed before its parents were opened.
    for (const root of roots) for (const chapter of await this.getChildren(root)) await this.getChildren(chapter);
    return roots;
  }

  private known(id: string, node: Node): Node {
    const known = this.nodes.get(id);
    if (known) return known;
    this.nodes.set(id, node);
    return node;
  }

  getParent(node: Node): Node | undefined {
    return node.type === 'part' ? undefined : node.parent;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.type === 'part') return item(node.part.title, `part:${node.part.id}`, vscode.TreeItemCollapsibleState.Expanded);
    if (node.type === 'chapter') {
      const { id, title, summary } = node.chapter;
      const chapter = item(title, `chapter:${id}`, vscode.TreeItemCollapsibleState.Collapsed, id);
      chapter.tooltip = summary;
      chapter.description = progressWords(node, this.shown);
      chapter.contextValue = 'chapter';
      chapter.iconPath = new vscode.ThemeIcon('book');
      return chapter;
    }
    const { id, title } = node.section;
    const section = item(title, `section:${id}`, vscode.TreeItemCollapsibleState.None, id);
    section.tooltip = title;
    section.description = progressWords(node, this.shown);
    section.contextValue = 'section';
    section.accessibilityInformation = { label: `${title}, ${section.description}` };
    return section;
  }
}

/** What stands behind a title: the minutes it takes, or how much of it was read. */
function progressWords(node: Node, memory: Memory): string {
  if (node.type === 'part') return '';
  const sections = node.type === 'chapter' ? node.chapter.sections : [node.section];
  const minutes = sections.reduce((sum, section) => sum + section.minutes, 0);
  const done = sections.every(({ id }) => shareOf(memory, id) === 1);
  if (done) return '✓';
  const share = Math.round(100 * progressOf(memory, sections));
  return node.type === 'chapter' && share > 0 ? `${share} %` : `${minutes} min`;
}

function item(label: string, id: string, state: vscode.TreeItemCollapsibleState, target?: string): vscode.TreeItem {
  const treeItem = new vscode.TreeItem(label, state);
  treeItem.id = id;
  if (target !== undefined) treeItem.command = { command: COMMANDS.open, title: label, arguments: [target] };
  return treeItem;
}
