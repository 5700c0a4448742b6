import * as vscode from 'vscode';
import { COMMANDS, SETTINGS, YAML_DOCUMENTS } from './names.ts';

/** Only the beginning of a long file is looked at. */
const LINES = 2_000;
const OURS = /^[ \t-]*apiVersion[ \t]*:[ \t]*["']?(?:[\w.-]*\.)?(?:istio\.io|gateway\.networking\.k8s\.io|inference\.networking\.k8s\.io)\//m;

/** An entry of the status bar that opens the handbook; only while a file with Istio or Gateway API resources is being edited. */
export function registerStatusBar(): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('istioHandbook.open', vscode.StatusBarAlignment.Right, 80);
  item.name = 'Istio Handbook';
  item.text = '$(book) Istio';
  item.tooltip = vscode.l10n.t('Open the Istio Handbook to the side');
  item.command = COMMANDS.openToSide;
  const update = (editor = vscode.window.activeTextEditor) => {
    const shown = editor !== undefined && vscode.workspace.getConfiguration().get(SETTINGS.statusBar) !== false && isOurs(editor.document);
    if (shown) item.show();
    else item.hide();
  };
  update();
  return vscode.Disposable.from(
    item,
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidSaveTextDocument(() => update()),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(SETTINGS.statusBar) && update()),
  );
}

function isOurs(document: vscode.TextDocument): boolean {
  return vscode.languages.match(YAML_DOCUMENTS, document) > 0 && OURS.test(document.getText(new vscode.Range(0, 0, LINES, 0)));
}
