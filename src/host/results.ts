import * as vscode from 'vscode';
import type { Hit } from '../core/book/search.ts';
import { COMMANDS, HAS_RESULTS, VIEWS } from './names.ts';

/** What a search found, kept in a view. */
export interface Results {
  readonly query: string;
  readonly hits: readonly Hit[];
  /** The words to mark in the pages. */
  readonly marks: readonly string[];
}

/** The view that keeps the results of a search while they are read one after the other. */
export class ResultsView implements vscode.TreeDataProvider<Hit>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly view: vscode.TreeView<Hit>;
  private readonly subscription: vscode.Disposable;
  private results: Results = { query: '', hits: [], marks: [] };
  readonly onDidChangeTreeData = this.changed.event;

  constructor() {
    this.view = vscode.window.createTreeView(VIEWS.results, { treeDataProvider: this });
    this.subscription = vscode.Disposable.from(this.changed, this.view, vscode.commands.registerCommand(COMMANDS.clearResults, () => this.show({ query: '', hits: [], marks: [] })));
  }

  /** Keeps results; none takes the view away. */
  async show(results: Results): Promise<void> {
    this.results = results;
    this.view.description = results.query;
    await vscode.commands.executeCommand('setContext', HAS_RESULTS, results.hits.length > 0);
    this.changed.fire();
    if (results.hits.length > 0) await vscode.commands.executeCommand(`${VIEWS.results}.focus`);
  }

  getChildren(parent?: Hit): Hit[] {
    return parent ? [] : [...this.results.hits];
  }

  getTreeItem(hit: Hit): vscode.TreeItem {
    const { label, detail } = hitText(hit);
    const item = new vscode.TreeItem({ label, highlights: highlights(label, this.results.marks) });
    item.description = detail;
    item.tooltip = `${label}\n${detail}`;
    item.iconPath = new vscode.ThemeIcon(hit.kind === 'field' ? 'symbol-field' : 'book');
    item.command = { command: COMMANDS.open, title: label, arguments: [{ id: hit.section, marks: this.results.marks }] };
    return item;
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

/** How a hit reads in a list: a field by its path, a section by its title. */
export function hitText(hit: Hit): { readonly label: string; readonly detail: string } {
  return hit.kind === 'field' ? { label: hit.excerpt, detail: hit.title } : { label: hit.title, detail: hit.excerpt };
}

/** Where a label holds one of the words. */
function highlights(label: string, marks: readonly string[]): [number, number][] {
  const lower = label.toLowerCase();
  const found = marks.map((mark) => mark.toLowerCase()).find((mark) => mark !== '' && lower.includes(mark));
  if (found === undefined) return [];
  const start = lower.indexOf(found);
  return [[start, start + found.length]];
}
