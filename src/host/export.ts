import * as vscode from 'vscode';
import type { Library } from './library.ts';
import { COMMANDS } from './names.ts';
import type { Reader } from './reader.ts';

/** The commands that write a chapter, or the whole book, to one HTML file for printing. */
export function registerExport(extensionUri: vscode.Uri, library: Library, reader: Reader): vscode.Disposable {
  const write = (whole: boolean) => exportHtml(extensionUri, library, whole ? undefined : reader.chapter);
  return vscode.Disposable.from(
    // A chapter that is named by a row of the contents, or the one that is shown.
    vscode.commands.registerCommand(COMMANDS.exportChapter, (node?: unknown) => {
      const { id } = (typeof node === 'object' && node !== null ? node : {}) as { id?: unknown };
      return typeof id === 'string' ? exportHtml(extensionUri, library, id) : write(false);
    }),
    vscode.commands.registerCommand(COMMANDS.exportBook, () => write(true)),
  );
}

async function exportHtml(extensionUri: vscode.Uri, library: Library, chapter: string | undefined): Promise<void> {
  const { printPage } = await import('./later.ts');
  const contents = await library.contents();
  const wanted = contents.chapters.filter(({ id }) => chapter === undefined || id === chapter);
  if (wanted.length === 0) return;
  const pages = (await Promise.all(wanted.map(({ id }) => library.chapterPage(id)))).filter((page) => page !== undefined);
  const style = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'dist', 'reader.css')));
  const title = wanted.length === 1 ? wanted[0]!.title : library.language === 'en' ? 'Istio Handbook' : 'Istio 手册';
  const terms = [...new Map(pages.flatMap((page) => page.terms).map((term) => [term.id, term])).values()];
  const html = printPage({ language: library.language, title, chapters: pages, terms, style });
  const target = await vscode.window.showSaveDialog({ defaultUri: defaultFile(`${chapter ?? 'istio-handbook'}.${library.language}.html`), filters: { HTML: ['html'] } });
  if (!target) return;
  try {
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(html));
    const open = vscode.l10n.t('Open');
    const message = vscode.l10n.t('Exported to {0}. Print it from a browser.', target.path.slice(target.path.lastIndexOf('/') + 1));
    if ((await vscode.window.showInformationMessage(message, open)) === open) await vscode.env.openExternal(target);
  } catch (error) {
    void vscode.window.showErrorMessage(vscode.l10n.t('The file cannot be written: {0}', error instanceof Error ? error.message : String(error)));
  }
}

function defaultFile(name: string): vscode.Uri | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder && vscode.Uri.joinPath(folder, name);
}
