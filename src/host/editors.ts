import * as vscode from 'vscode';

/** Remembers the last text editor: while the reader has the focus there is no active one. */
export class LastEditor implements vscode.Disposable {
  private editor = vscode.window.activeTextEditor;
  private readonly subscription = vscode.window.onDidChangeActiveTextEditor((editor) => {
    if (editor) this.editor = editor;
  });

  /** The last text editor that is still there. */
  get current(): vscode.TextEditor | undefined {
    const active = vscode.window.activeTextEditor ?? this.editor;
    if (active && vscode.window.visibleTextEditors.includes(active)) return active;
    const uri = this.editor?.document.uri.toString();
    return vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
  }

  /** The last text editor, brought back where it is covered by another tab; undefined where it is closed. */
  async reveal(): Promise<vscode.TextEditor | undefined> {
    if (this.current) return this.current;
    const document = this.editor?.document;
    if (!document || document.isClosed) return undefined;
    return vscode.window.showTextDocument(document, { viewColumn: this.editor?.viewColumn, preserveFocus: false });
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

/** Opens code as an unsaved file of its language. */
export async function openAsFile(content: string, language: string): Promise<void> {
  const known = await vscode.languages.getLanguages();
  const document = await vscode.workspace.openTextDocument({ content, language: known.includes(language) ? language : 'plaintext' });
  await vscode.window.showTextDocument(document);
}

/** Inserts code at the cursor, to the letter; where no editor can take it, it becomes a new file. */
export async function insertCode(editors: LastEditor, code: string): Promise<void> {
  const editor = await editors.reveal();
  if (!editor) return openAsFile(code, 'yaml');
  await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn });
  const done = await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, indented(code, editor.document, selection));
  });
  if (!done) await openAsFile(code, 'yaml');
}

/** Code whose further lines begin where its first one does. */
function indented(code: string, document: vscode.TextDocument, at: vscode.Range): string {
  const before = document.lineAt(at.start.line).text.slice(0, at.start.character);
  return /^\s+$/.test(before) ? code.replace(/\n(?=.)/g, `\n${before}`) : code;
}

/** Inserts a snippet at the cursor, with its tab stops. */
export async function insertSnippet(editors: LastEditor, body: string): Promise<void> {
  const editor = await editors.reveal();
  if (editor) {
    await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn });
    if (await editor.insertSnippet(new vscode.SnippetString(body))) return;
  }
  const document = await vscode.workspace.openTextDocument({ language: 'yaml' });
  const created = await vscode.window.showTextDocument(document);
  await created.insertSnippet(new vscode.SnippetString(body));
}
