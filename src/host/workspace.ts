import * as vscode from 'vscode';
import type { RootOptions } from '../core/checks/roots.ts';
import type { Together } from '../core/checks/together.ts';
import type { WorkspaceIndex } from '../core/language/workspaceIndex.ts';
import { SETTINGS } from './names.ts';

const PATTERN = '**/*.{yaml,yml}';
const IGNORED = '**/{node_modules,.git}/**';
/** How long a search provider may take before the folders are walked as well, in milliseconds. */
const SEARCH_TIME = 2_000;
/** How long the folders may take. */
const WALK_TIME = 10_000;
const MOST_FILES = 20_000;
const MOST_BYTES = 4_000_000;
/** Files read at a time, with a pause between for the rest of the host. */
const BATCH = 50;

/** What is kept of the workspace: for navigation, and for checking resources against each other. */
interface Kept {
  readonly index: WorkspaceIndex;
  readonly together: Together;
}

/**
 * Keeps what the workspace's files hold: reads every YAML file once, as text and without opening a document, then
 * follows edits and file events. Nothing is read before something is asked for.
 */
export class Workspace implements vscode.Disposable {
  private started: Promise<Kept> | undefined;
  private complete: Kept | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable[] = [this.changed];
  private readonly stale = new Set<vscode.TextDocument>();

  /** Fires when files of the workspace have changed, once they have been read. */
  readonly onDidChange = this.changed.event;

  /** The index, complete as far as the bounds allow. */
  async index(): Promise<WorkspaceIndex> {
    this.started ??= this.start();
    return this.refreshed(await this.started).index;
  }

  /** All resources that belong together. */
  async together(): Promise<Together> {
    this.started ??= this.start();
    return this.refreshed(await this.started).together;
  }

  /** The index, if the workspace has been read already; else begins to read it. */
  current(): WorkspaceIndex | undefined {
    this.started ??= this.start();
    return this.complete && this.refreshed(this.complete).index;
  }

  private refreshed(kept: Kept): Kept {
    for (const document of this.stale) if (!document.isClosed) take(kept, fileOf(document.uri), document.getText());
    this.stale.clear();
    return kept;
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async start(): Promise<Kept> {
    const { WorkspaceIndex, Together } = await import('./later.ts');
    const kept = { index: new WorkspaceIndex(), together: new Together(rootOptions()) };
    this.follow(kept);
    const files = await yamlFiles();
    for (let at = 0; at < files.length; at += BATCH) {
      await Promise.all(files.slice(at, at + BATCH).map((uri) => read(kept, uri)));
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    for (const document of vscode.workspace.textDocuments) this.touch(document);
    this.complete = kept;
    return kept;
  }

  private follow(kept: Kept): void {
    const watcher = vscode.workspace.createFileSystemWatcher(PATTERN);
    const again = (uri: vscode.Uri) => void read(kept, uri).then(() => this.changed.fire());
    const forget = (uri: vscode.Uri) => {
      for (const part of [kept.index, kept.together]) part.remove(fileOf(uri));
      this.changed.fire();
    };
    const forgetBelow = (uri: vscode.Uri) => {
      for (const part of [kept.index, kept.together]) part.removeBelow(`${fileOf(uri)}/`);
      this.changed.fire();
    };
    const decide = () => {
      kept.together.decide(rootOptions());
      this.changed.fire();
    };
    this.disposables.push(
      watcher,
      vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(SETTINGS.roots) && decide()),
      vscode.workspace.onDidChangeWorkspaceFolders(decide),
      watcher.onDidCreate(again),
      watcher.onDidChange(again),
      watcher.onDidDelete(forget),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.touch(document)),
      vscode.workspace.onDidOpenTextDocument((document) => this.touch(document)),
      vscode.workspace.onDidCloseTextDocument((document) => (document.isUntitled ? forget(document.uri) : again(document.uri))),
      vscode.workspace.onDidDeleteFiles(({ files }) => files.forEach(forgetBelow)),
      vscode.workspace.onDidRenameFiles(({ files }) => files.forEach(({ oldUri }) => forgetBelow(oldUri))),
    );
  }

  private touch(document: vscode.TextDocument): void {
    const { scheme } = document.uri;
    const ours = scheme === 'untitled' || vscode.workspace.getWorkspaceFolder(document.uri) !== undefined;
    if (ours && (document.languageId === 'yaml' || document.languageId === 'helm')) this.stale.add(document);
  }
}

/** What is set of the roots. */
function rootOptions(): RootOptions {
  const chosen = vscode.workspace.getConfiguration().get<unknown>(SETTINGS.roots);
  return {
    folders: (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => fileOf(uri)),
    patterns: Array.isArray(chosen) ? chosen.filter((pattern) => typeof pattern === 'string') : [],
  };
}

function take({ index, together }: Kept, file: string, text: string): void {
  index.update(file, text);
  together.update(file, text);
}

/** The name of a file in the index. */
export function fileOf(uri: vscode.Uri): string {
  return uri.toString();
}

async function read(kept: Kept, uri: vscode.Uri): Promise<void> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    if (bytes.byteLength <= MOST_BYTES) take(kept, fileOf(uri), new TextDecoder().decode(bytes));
  } catch {
    // Gone since it was listed, or not to be read: what is not there defines nothing.
    kept.index.remove(fileOf(uri));
    kept.together.remove(fileOf(uri));
  }
}

/**
 * The YAML files of the workspace: from the search provider, or from the folders where it finds none or takes its time.
 * Where a file system has no provider VS Code waits for one without end, whatever the token says.
 */
async function yamlFiles(): Promise<readonly vscode.Uri[]> {
  const stop = new vscode.CancellationTokenSource();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const search = Promise.resolve(vscode.workspace.findFiles(PATTERN, IGNORED, MOST_FILES, stop.token)).catch(() => []);
  const late = new Promise<readonly vscode.Uri[]>((resolve) => (timer = setTimeout(() => void walk().then(resolve), SEARCH_TIME)));
  const found = await Promise.race([search, late]);
  clearTimeout(timer);
  stop.cancel();
  return found.length > 0 ? found : walk();
}

async function walk(): Promise<readonly vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const until = Date.now() + WALK_TIME;
  for (let folder = folders.shift(); folder && found.length < MOST_FILES && Date.now() < until; folder = folders.shift()) {
    const here = folder;
    const entries = await Promise.resolve(vscode.workspace.fs.readDirectory(here)).catch((): [string, vscode.FileType][] => []);
    for (const [name, type] of entries) {
      const uri = vscode.Uri.joinPath(here, name);
      // Links are not followed: they may lead in circles.
      if (type === vscode.FileType.Directory && name !== 'node_modules' && name !== '.git') folders.push(uri);
      else if (type === vscode.FileType.File && /\.ya?ml$/.test(name)) found.push(uri);
    }
  }
  return found;
}
