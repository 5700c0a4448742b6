import * as vscode from 'vscode';
import type { Contents } from '../core/book/contents.ts';
import type { Snippet } from '../core/book/model.ts';
import { expandSnippet } from '../core/language/snippets.ts';
import { insertSnippet, type LastEditor } from './editors.ts';
import type { Library } from './library.ts';
import { COMMANDS } from './names.ts';

interface SnippetItem extends vscode.QuickPickItem {
  readonly snippet?: Snippet;
}

/** The command that lists the snippets by task, shows each while it is looked at, and inserts the chosen one. */
export function registerSnippets(library: Library, editors: LastEditor): vscode.Disposable {
  const preview = new SnippetPreview();
  const command = vscode.commands.registerCommand(COMMANDS.insertSnippet, async (section?: unknown) => {
    const [snippets, contents] = await Promise.all([library.snippets(), library.contents()]);
    const chosen = await pickSnippet(snippets, contents, preview, typeof section === 'string' ? section : undefined);
    if (chosen) await insertSnippet(editors, chosen.body);
  });
  return vscode.Disposable.from(preview, command);
}

async function pickSnippet(
  snippets: readonly Snippet[],
  contents: Contents,
  preview: SnippetPreview,
  section: string | undefined,
): Promise<Snippet | undefined> {
  const pick = vscode.window.createQuickPick<SnippetItem>();
  const previewButton: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('open-preview'), tooltip: vscode.l10n.t('Preview') };
  pick.placeholder = vscode.l10n.t('Choose a snippet to insert at the cursor');
  pick.matchOnDescription = pick.matchOnDetail = true;
  pick.items = snippetItems(snippets, contents, section, previewButton);
  pick.onDidTriggerItemButton(({ item }) => item.snippet && preview.show(item.snippet));
  try {
    return await new Promise<Snippet | undefined>((resolve) => {
      pick.onDidAccept(() => resolve(pick.activeItems[0]?.snippet));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function snippetItems(
  snippets: readonly Snippet[],
  contents: Contents,
  section: string | undefined,
  button: vscode.QuickInputButton,
): SnippetItem[] {
  const place = section === undefined ? undefined : contents.find(section);
  const own = snippets.filter((snippet) => !snippet.standIn && snippet.section === place?.section.id);
  const rest = snippets.filter((snippet) => !own.includes(snippet));
  const groups = new Map<string, Snippet[]>();
  if (own.length > 0) groups.set(place!.section.title, own);
  for (const snippet of rest) {
    groups.set(snippet.task, [...(groups.get(snippet.task) ?? []), snippet]);
  }
  return [...groups].flatMap(([title, members]) => [
    { label: title, kind: vscode.QuickPickItemKind.Separator },
    ...members.map((snippet) => snippetItem(snippet, contents, button)),
  ]);
}

function snippetItem(snippet: Snippet, contents: Contents, button: vscode.QuickInputButton): SnippetItem {
  const lines = expandSnippet(snippet.body).split('\n').map((line) => line.trim());
  return {
    label: snippet.title,
    description: snippet.prefix,
    detail: `${contents.find(snippet.section)?.section.title ?? ''} · ${lines.slice(0, 6).join(' ⏎ ')}`,
    buttons: [button],
    snippet,
  };
}

/** Shows a snippet, expanded with its defaults, in a read-only document beside the editor. */
class SnippetPreview implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private static readonly SCHEME = 'istio-handbook-snippet';
  private readonly bodies = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SnippetPreview.SCHEME, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.bodies.get(uri.path) ?? '';
  }

  async show(snippet: Snippet): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SnippetPreview.SCHEME, path: `/${snippet.id}.yaml` });
    this.bodies.set(uri.path, expandSnippet(snippet.body));
    await vscode.window.showTextDocument(uri, { preview: true, preserveFocus: true, viewColumn: vscode.ViewColumn.Beside });
  }

  dispose(): void {
    this.registration.dispose();
  }
}
