import * as vscode from 'vscode';
import { COMMANDS } from './names.ts';

/** This extension's name in links; a test compares it with the manifest. */
const EXTENSION = 'istio-handbook.istio-handbook';

/** The address of a section: `vscode://istio-handbook.istio-handbook/vs-http-retries`, in the scheme of the VS Code that runs. */
export function sectionLink(section: string): vscode.Uri {
  return vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: EXTENSION, path: `/${section}` });
}

/** Opens the section that such a link names. */
export function registerUriHandler(): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri(uri) {
      const section = uri.path.replace(/^\/+/, '').slice(0, 200);
      return void vscode.commands.executeCommand(COMMANDS.open, ...(section === '' ? [] : [section]));
    },
  });
}
