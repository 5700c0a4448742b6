import * as vscode from 'vscode';
import { hoverMarkdown, toRange, yamlDocumentAround } from './convert.ts';
import type { Library } from './library.ts';

/** The languages whose documents are YAML, in every scheme. */
export const YAML_DOCUMENTS: vscode.DocumentSelector = [{ language: 'yaml' }, { language: 'helm' }];

/** Says what a key or value of an Istio resource means, with the way to its section. */
export function registerHover(library: Library): vscode.Disposable {
  return vscode.languages.registerHoverProvider(YAML_DOCUMENTS, {
    async provideHover(document, position) {
      const around = yamlDocumentAround(document, position);
      if (!around.text.includes('apiVersion')) return undefined;
      // Loaded with the first hover: the YAML parser is half of the extension's code.
      const { hover } = await import('../core/language/hover.ts');
      const context = await library.context().catch(() => undefined);
      const found = context && hover(context, around.text, around.offset);
      return found && new vscode.Hover(hoverMarkdown(found, library.language), toRange(document, found.span, around.start));
    },
  });
}
