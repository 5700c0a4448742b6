import * as vscode from 'vscode';
import { otherLanguage } from '../core/base/language.ts';
import { COVER } from '../core/book/contents.ts';
import { History } from '../core/reader/history.ts';
import { readMessage, readState, type FromReader, type Navigation, type Page, type Target, type ToReader } from '../core/reader/messages.ts';
import { readerShell } from '../core/reader/shell.ts';
import { insertCode, openAsFile, type LastEditor } from './editors.ts';
import { ContentError, type Library } from './library.ts';
import { COMMANDS, READER, READER_ACTIVE, SETTINGS } from './names.ts';

/** The one reader panel: shows sections, keeps the way that was taken, and does what its page asks for. */
export class Reader implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private ready = false;
  private shown: { readonly id: string; readonly language: string } | undefined;
  private waiting: ToReader | undefined;
  private queuedNotice: ToReader | undefined;
  private reading: Target = {};
  private request = 0;
  private readonly history = new History();
  private readonly read = new vscode.EventEmitter<string>();
  private readonly subscriptions: vscode.Disposable[] = [];

  /** Fires with the id of the section that is being read. */
  readonly onDidRead = this.read.event;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly library: Library,
    private readonly editors: LastEditor,
  ) {
    this.subscriptions.push(
      this.read,
      library.onDidChange(() => void this.reload()),
      vscode.window.registerWebviewPanelSerializer(READER, {
        deserializeWebviewPanel: async (panel, state) => {
          this.adopt(panel);
          const kept = readState(state);
          await this.open(kept?.section ?? COVER, kept ? { offset: kept.offset } : {});
        },
      }),
    );
  }

  dispose(): void {
    this.panel?.dispose();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** Opens a section, a chapter or the cover, and notes it in the history. */
  async open(id: string, options: { readonly offset?: number; readonly column?: vscode.ViewColumn } = {}): Promise<void> {
    this.reveal(options.column);
    const target = await this.resolve(id);
    if (!target) return this.complainAbout(id);
    this.history.visit(target.section);
    const shown = await this.show(target.section, { section: target.section, offset: options.offset });
    // What could not be shown stays ahead: forward tries it again.
    if (!shown) this.history.back();
  }

  /** Goes back, forward, or to a neighbouring chapter. */
  async go(to: 'back' | 'forward' | 'previous' | 'next'): Promise<void> {
    if (!this.panel) return this.open(COVER);
    if (to === 'back' || to === 'forward') {
      const place = to === 'back' ? this.history.back() : this.history.forward();
      if (place !== undefined) await this.show(place, { section: place });
      return;
    }
    const contents = await this.library.contents();
    const current = this.shown?.id ?? COVER;
    const chapter = current === COVER ? (to === 'next' ? contents.chapters[0] : undefined) : contents.neighbour(current, to === 'next' ? 1 : -1);
    if (chapter) await this.open(chapter.id);
    else if (to === 'previous' && current !== COVER) await this.open(COVER);
  }

  /** Shows the same place again, in the language or from the files as they are now. */
  async reload(): Promise<void> {
    if (!this.panel || !this.shown) return;
    this.shown = undefined;
    await this.show(this.history.current ?? COVER, this.reading);
  }

  private async resolve(id: string): Promise<{ section: string } | undefined> {
    if (id === COVER) return { section: COVER };
    const contents = await this.library.contents().catch(() => undefined);
    const place = contents?.find(id);
    return place && { section: id.includes('--') ? id : id === place.chapter.id ? id : place.section.id };
  }

  /**
   * Brings a page to the panel: the same chapter is scrolled, another one is sent.
   * @returns false where the page cannot be read, which the reader has then been told
   */
  private async show(id: string, target: Target): Promise<boolean> {
    const request = ++this.request;
    try {
      const contents = await this.library.contents();
      const chapterId = contents.find(id)?.chapter.id ?? COVER;
      const section = id === chapterId ? undefined : target.section === COVER ? undefined : target.section;
      const place: Target = { ...target, section };
      this.reading = place;
      const navigation = this.navigation(chapterId, contents);
      if (this.shown?.id === chapterId && this.shown.language === this.library.language) {
        this.post({ type: 'reveal', target: place, navigation });
        return true;
      }
      const page = chapterId === COVER ? await this.library.coverPage() : await this.library.chapterPage(chapterId);
      // A later request has overtaken this one.
      if (request === this.request && page && this.panel) this.showPage(page, place, navigation);
      return true;
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      this.post({ type: 'notice', text: vscode.l10n.t('This page cannot be shown: {0} is missing or damaged.', error.file), query: '' });
      return false;
    }
  }

  private showPage(page: Page, target: Target, navigation: Navigation): void {
    this.shown = { id: page.id, language: page.language };
    this.panel!.title = page.title;
    this.post({ type: 'show', page, target, navigation });
  }

  private navigation(chapterId: string, contents: Awaited<ReturnType<Library['contents']>>): Navigation {
    const previous = contents.neighbour(chapterId, -1)?.title;
    const next = (chapterId === COVER ? contents.chapters[0] : contents.neighbour(chapterId, 1))?.title;
    return {
      back: this.history.canGoBack,
      forward: this.history.canGoForward,
      ...(previous === undefined ? {} : { previous }),
      ...(next === undefined ? {} : { next }),
    };
  }

  private complainAbout(id: string): void {
    const words = id.replace(/^[a-z]+-/, '').replace(/-+/g, ' ').slice(0, 60);
    const text = vscode.l10n.t('There is no section “{0}” in this book: the link may be older or newer than it.', id.slice(0, 80));
    if (!this.shown) void this.show(COVER, {}).then(() => this.post({ type: 'notice', text, query: words }));
    else this.post({ type: 'notice', text, query: words });
  }

  private post(message: ToReader): void {
    if (this.ready) void this.panel?.webview.postMessage(message);
    else if (this.waiting === undefined || message.type === 'show') this.waiting = message;
    else if (message.type === 'reveal' && this.waiting.type === 'show') this.waiting = { ...this.waiting, target: message.target };
    else if (message.type === 'notice') this.queuedNotice = message;
  }

  private reveal(column?: vscode.ViewColumn): void {
    if (this.panel) return this.panel.reveal(column, false);
    const panel = vscode.window.createWebviewPanel(READER, 'Istio Handbook', column ?? vscode.ViewColumn.Active, {
      enableFindWidget: true,
    });
    this.adopt(panel);
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    this.ready = false;
    this.shown = undefined;
    const { webview } = panel;
    const dist = vscode.Uri.joinPath(this.extensionUri, 'dist');
    webview.options = {
      enableScripts: true,
      enableCommandUris: false,
      localResourceRoots: [dist],
    };
    panel.iconPath = vscode.Uri.joinPath(this.extensionUri, 'media', 'icon.svg');
    webview.onDidReceiveMessage((value) => void this.receive(value));
    panel.onDidChangeViewState(() => {
      // A page that is hidden is gone, and says so when it is there again.
      if (!panel.visible && this.panel === panel) this.ready = false;
      void vscode.commands.executeCommand('setContext', READER_ACTIVE, panel.active);
    });
    panel.onDidDispose(() => this.forget(panel));
    void vscode.commands.executeCommand('setContext', READER_ACTIVE, panel.active);
    webview.html = readerShell({
      cspSource: webview.cspSource,
      script: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'reader.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'reader.css')).toString(),
      nonce: crypto.randomUUID().replaceAll('-', ''),
      language: this.library.language,
      title: 'Istio Handbook',
    });
  }

  private forget(panel: vscode.WebviewPanel): void {
    if (this.panel !== panel) return;
    this.panel = undefined;
    this.ready = false;
    this.shown = undefined;
    this.waiting = undefined;
    void vscode.commands.executeCommand('setContext', READER_ACTIVE, false);
  }

  private async receive(value: unknown): Promise<void> {
    const message = readMessage(value);
    if (message) await this.handle(message);
  }

  private async handle(message: FromReader): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.greet();
      case 'open':
        return this.open(message.section);
      case 'go':
        return this.go(message.to);
      case 'switchLanguage':
        return switchLanguage(this.library);
      case 'search':
        return void vscode.commands.executeCommand(COMMANDS.search, message.query);
      case 'copy':
        return void vscode.env.clipboard.writeText(message.text);
      case 'insert':
        return insertCode(this.editors, message.text);
      case 'openFile':
        return openAsFile(message.text, message.language);
      case 'insertSnippet':
        return void vscode.commands.executeCommand(COMMANDS.insertSnippet, message.section);
      case 'reading':
        return this.note(message.section, message.offset);
    }
  }

  /** The page is there, or there again after it was hidden: it gets what it is to show. */
  private greet(): void {
    this.ready = true;
    const { waiting, queuedNotice } = this;
    this.waiting = this.queuedNotice = undefined;
    if (waiting?.type === 'show') this.post(waiting);
    else if (this.shown) void this.reload();
    if (queuedNotice) this.post(queuedNotice);
  }

  private note(section: string, offset: number): void {
    if (!this.shown) return;
    this.reading = section === COVER ? {} : { section, offset };
    this.history.move(section);
    this.read.fire(section);
  }
}

/** Writes the other language to the setting, where the user has it, else for the user. */
export async function switchLanguage(library: Library): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  const inWorkspace = configuration.inspect(SETTINGS.language)?.workspaceValue !== undefined;
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await configuration.update(SETTINGS.language, otherLanguage(library.language), target);
}
