import * as vscode from 'vscode';
import { completionMarkdown, HandbookCompletionItem, mayBeOurs, toRange, yamlDocumentAround } from './convert.ts';
import type { Library } from './library.ts';
import { YAML_DOCUMENTS } from './names.ts';
import type { Workspace } from './workspace.ts';

/** Offers what can be written in an Istio resource: keys, values, blocks and fragments. */
export function registerCompletion(library: Library, workspace: Workspace): vscode.Disposable {
  const provider: vscode.CompletionItemProvider<vscode.CompletionItem> = {
    async provideCompletionItems(document, position) {
      const around = yamlDocumentAround(document, position);
      if (!mayBeOurs(around.text)) return undefined;
      const { complete } = await import('./later.ts');
      const [context, snippets, index] = await Promise.all([library.context(), library.snippets(), workspace.index()]).catch(() => []);
      if (!context || !snippets) return undefined;
      const found = complete(context, around.text, around.offset, { indent: indentOf(document), snippets, index });
      if (!found) return undefined;
      const range = toRange(document, found.span, around.start);
      return found.items.map((item, order) => new HandbookCompletionItem(item, range, order));
    },
    resolveCompletionItem(item) {
      if (item instanceof HandbookCompletionItem) item.documentation = completionMarkdown(item.source, library.language);
      return item;
    },
  };
  return vscode.languages.registerCompletionItemProvider(YAML_DOCUMENTS, provider, ' ', '-');
}

/** The editor's indentation, for documents that show none. */
function indentOf(document: vscode.TextDocument): number {
  const editor = vscode.window.visibleTextEditors.find((candidate) => candidate.document === document);
  const size = editor?.options.tabSize;
  return typeof size === 'number' && size >= 2 && size <= 8 ? size : 2;
}
