import * as vscode from 'vscode';
import type { Chapter, Part, Section } from '../core/book/model.ts';
import type { Library } from './library.ts';
import { COMMANDS, VIEWS } from './names.ts';

type Node =
  | { readonly type: 'part'; readonly part: Part }
  | { readonly type: 'chapter'; readonly chapter: Chapter; readonly parent: Node }
  | { readonly type: 'section'; readonly section: Section; readonly parent: Node };

/** The contents of the book: parts, chapters, sections. */
export class ContentsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly view: vscode.TreeView<Node>;
  private readonly subscription: vscode.Disposable;
  private readonly nodes = new Map<string, Node>();
  private pending: string | undefined;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly library: Library) {
    this.view = vscode.window.createTreeView(VIEWS.contents, { treeDataProvider: this, showCollapseAll: true });
    this.subscription = vscode.Disposable.from(
      library.onDidChange(() => this.refresh()),
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible && this.pending !== undefined) this.follow(this.pending);
      }),
    );
  }

  dispose(): void {
    this.subscription.dispose();
    this.view.dispose();
    this.changed.dispose();
  }

  refresh(): void {
    this.nodes.clear();
    this.changed.fire();
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
    if (node.type === 'part') return node.part.chapters.map((chapter) => this.known(chapter.id, { type: 'chapter', chapter, parent: node }));
    if (node.type === 'chapter') return node.chapter.sections.map((section) => this.known(section.id, { type: 'section', section, parent: node }));
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
      chapter.iconPath = new vscode.ThemeIcon('book');
      return chapter;
    }
    const { id, title, minutes } = node.section;
    const section = item(title, `section:${id}`, vscode.TreeItemCollapsibleState.None, id);
    section.tooltip = title;
    section.accessibilityInformation = { label: `${title}, ${minutes} min` };
    return section;
  }
}

function item(label: string, id: string, state: vscode.TreeItemCollapsibleState, target?: string): vscode.TreeItem {
  const treeItem = new vscode.TreeItem(label, state);
  treeItem.id = id;
  if (target !== undefined) treeItem.command = { command: COMMANDS.open, title: label, arguments: [target] };
  return treeItem;
}
