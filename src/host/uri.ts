import * as vscode from 'vscode';
import { COMMANDS } from './names.ts';

/** Opens the section that a link such as `vscode://istio-handbook.istio-handbook/vs-http-retries` names. */
export function registerUriHandler(): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri(uri) {
      const section = uri.path.replace(/^\/+/, '').slice(0, 200);
      return void vscode.commands.executeCommand(COMMANDS.open, ...(section === '' ? [] : [section]));
    },
  });
}
