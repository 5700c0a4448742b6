import * as vscode from 'vscode';
import { COVER } from '../core/book/contents.ts';
import { History } from '../core/reader/history.ts';
import { bookmarks, noteLast, noteRead, shareOf } from '../core/reader/memory.ts';
import { readMessage, readState, type FromReader, type Navigation, type Page, type Status, type Target, type ToReader } from '../core/reader/messages.ts';
import { readerShell } from '../core/reader/shell.ts';
import { ContentError, type Library } from './library.ts';
import { READER, READER_ACTIVE, SETTINGS } from './names.ts';
import { affectsPreferences, readerPreferences } from './preferences.ts';
import type { Reading } from './reading.ts';
import { themeColors } from './theme.ts';

/** How a section is opened. */
export interface OpenOptions {
  /** How much of it has been read, from 0 to 1. */
  readonly offset?: number;
  readonly column?: vscode.ViewColumn;
  /** The words that were searched for. */
  readonly marks?: readonly string[];
}

/** What the page asks for that is not the reader's own business. */
export type Answer = (message: FromReader) => Promise<unknown> | undefined;

/** The one reader panel: shows sections, keeps the way that was taken, and does what its page asks for. */
export class Reader implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private ready = false;
  private shown: { readonly id: string; readonly language: string } | undefined;
  private waiting: ToReader | undefined;
  private queuedNotice: ToReader | undefined;
  private place: Target = {};
  private request = 0;
  private following = false;
  private answer: Answer = () => undefined;
  private readonly history = new History();
  private readonly read = new vscode.EventEmitter<string>();
  private readonly subscriptions: vscode.Disposable[] = [];

  /** Fires with the id of the section that is being read. */
  readonly onDidRead = this.read.event;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly library: Library,
    private readonly reading: Reading,
  ) {
    this.subscriptions.push(
      this.read,
      library.onDidChange(() => void this.reload()),
      reading.onDidChange(() => this.postStatus()),
      vscode.window.onDidChangeActiveColorTheme(() => void this.postPreferences()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affectsPreferences(event)) void this.postPreferences();
        if (event.affectsConfiguration(SETTINGS.follow)) this.postStatus();
      }),
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

  /** Answers what the page asks for beside reading: code, bookmarks, links. */
  onRequest(answer: Answer): void {
    this.answer = answer;
  }

  /** The section that is being read; undefined where none is shown. */
  get current(): string | undefined {
    return this.shown ? this.history.current : undefined;
  }

  /** The chapter that is shown; undefined for the cover, and where none is. */
  get chapter(): string | undefined {
    return this.shown && this.shown.id !== COVER ? this.shown.id : undefined;
  }

  /** Opens a section, a chapter or the cover, and notes it in the history. */
  async open(id: string, { offset, column, marks }: OpenOptions = {}): Promise<void> {
    this.reveal(column);
    const target = await this.resolve(id);
    if (!target) return this.complainAbout(id);
    this.following = false;
    this.history.visit(target.section);
    const shown = await this.show(target.section, { section: target.section, offset, marks });
    // What could not be shown stays ahead: forward tries it again.
    if (!shown) this.history.back();
  }

  /** Shows a section beside the editor that keeps the focus. A reader that is not in sight is left alone. */
  async follow(id: string): Promise<void> {
    if (!this.panel?.visible || !this.ready) return;
    const target = await this.resolve(id);
    if (!target || target.section === this.current) return;
    // The way that the cursor took is one step of the history.
    if (this.following) this.history.move(target.section);
    else this.history.visit(target.section);
    this.following = true;
    await this.show(target.section, { section: target.section, quiet: true });
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
    await this.show(this.history.current ?? COVER, { ...this.place, marks: undefined });
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
      this.place = place;
      const navigation = this.navigation(chapterId, contents);
      if (this.shown?.id === chapterId && this.shown.language === this.library.language) {
        this.post({ type: 'reveal', target: place, navigation });
        return true;
      }
      const page = chapterId === COVER ? await this.library.coverPage(this.reading.current) : await this.library.chapterPage(chapterId);
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
    this.postStatus();
  }

  private postStatus(): void {
    const { current: memory } = this.reading;
    const status: Status = {
      read: Object.fromEntries(Object.keys(memory.read).map((section) => [section, shareOf(memory, section)])),
      bookmarks: bookmarks(memory),
      following: vscode.workspace.getConfiguration().get(SETTINGS.follow) === true,
    };
    this.post({ type: 'status', status });
  }

  private async postPreferences(): Promise<void> {
    if (this.panel) this.post({ type: 'preferences', preferences: readerPreferences(await themeColors()) });
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

  /** Tells the page something. While there is none, what it is to show is kept; what it gets at its beginning anyway is not. */
  post(message: ToReader): void {
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

  private async handle(message: FromReader): Promise<unknown> {
    switch (message.type) {
      case 'ready':
        return this.greet();
      case 'open':
        return this.open(message.section);
      case 'go':
        return this.go(message.to);
      case 'reading':
        return this.note(message.section, message.offset);
      case 'seen':
        return this.reading.update((memory, now) => noteRead(memory, message.section, message.part, now));
      default:
        return this.answer(message);
    }
  }

  /** The page is there, or there again after it was hidden: it gets what it is to show. */
  private greet(): void {
    this.ready = true;
    const { waiting, queuedNotice } = this;
    this.waiting = this.queuedNotice = undefined;
    void this.postPreferences();
    if (waiting?.type === 'show') this.post(waiting);
    else if (this.shown) void this.reload();
    this.postStatus();
    if (queuedNotice) this.post(queuedNotice);
  }

  private note(section: string, offset: number): void {
    if (!this.shown) return;
    this.place = section === COVER ? {} : { section, offset };
    this.history.move(section);
    this.read.fire(section);
    if (section !== COVER) this.reading.update((memory, now) => noteLast(memory, section, offset, now), true);
  }
}
