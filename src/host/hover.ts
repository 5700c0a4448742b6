import * as vscode from 'vscode';
import { hoverMarkdown, mayBeOurs, toRange, yamlDocumentAround, type HoverMode } from './convert.ts';
import type { Library } from './library.ts';
import { SETTINGS, YAML_DOCUMENTS } from './names.ts';
import { definitionsAt } from './navigation.ts';
import type { Workspace } from './workspace.ts';

/** The extension that shows the definitions' own text for the same keys. */
const YAML_EXTENSION = 'redhat.vscode-yaml';

/** Says what a key or value of an Istio resource means, with the way to its section. */
export function registerHover(library: Library, workspace: Workspace): vscode.Disposable {
  return vscode.languages.registerHoverProvider(YAML_DOCUMENTS, {
    async provideHover(document, position) {
      const around = yamlDocumentAround(document, position);
      if (!mayBeOurs(around.text)) return undefined;
      const { hover } = await import('./later.ts');
      const context = await library.context().catch(() => undefined);
      const found = context && hover(context, around.text, around.offset);
      if (!found) return undefined;
      const definitions = await definitionsAt(workspace, document, position);
      const options = { language: library.language, mode: hoverMode(document), definitions };
      return new vscode.Hover(hoverMarkdown(found, options), toRange(document, found.span, around.start));
    },
  });
}

/** The setting's mode; by itself short beside an extension that says the rest. */
function hoverMode(document: vscode.TextDocument): HoverMode {
  const chosen = vscode.workspace.getConfiguration(undefined, document).get<string>(SETTINGS.hover);
  if (chosen === 'full' || chosen === 'short' || chosen === 'link') return chosen;
  return vscode.extensions.getExtension(YAML_EXTENSION)?.isActive ? 'short' : 'full';
}
