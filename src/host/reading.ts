import * as vscode from 'vscode';
import { EMPTY_MEMORY, mergeMemories, readMemory, type Memory } from '../core/reader/memory.ts';

/** What Settings Sync carries to other machines, which may replace it at any time. */
const SYNCED = 'reading';
/** This machine's own record: what a replacement would have lost is merged from here. */
const LOCAL = 'reading.local';
/** How long changes are collected before they are stored, in milliseconds. */
const DELAY = 1500;

/** What the reader has read and marked, kept over restarts and machines. */
export class Reading implements vscode.Disposable {
  private memory: Memory | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private complained = false;
  private readonly changed = new vscode.EventEmitter<void>();

  /** Fires when something was read, marked or forgotten. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly state: vscode.ExtensionContext['globalState']) {
    state.setKeysForSync([SYNCED]);
  }

  /** The record as it is now. It is read when it is first asked for. */
  get current(): Memory {
    return (this.memory ??= this.merged(readMemory(this.state.get(LOCAL))));
  }

  /**
   * Changes the record; it is stored a little later.
   * @param quietly whether nothing that is shown depends on the change
   */
  update(change: (memory: Memory, now: number) => Memory, quietly = false): void {
    const before = this.current;
    this.memory = change(before, Date.now());
    if (this.memory === before) return;
    if (!quietly) this.changed.fire();
    this.timer ??= setTimeout(() => void this.store(), DELAY);
  }

  /** Forgets everything, here and on the machines that are in sync. */
  async reset(forget: (now: number) => Memory): Promise<void> {
    this.memory = forget(Date.now());
    this.changed.fire();
    await this.store();
  }

  /** With what another machine has sent meanwhile. */
  private merged(memory: Memory): Memory {
    return mergeMemories(memory, readMemory(this.state.get(SYNCED)));
  }

  private async store(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.memory = this.merged(this.memory ?? EMPTY_MEMORY);
    try {
      await this.state.update(LOCAL, this.memory);
      await this.state.update(SYNCED, this.memory);
    } catch {
      // A full or locked storage: reading goes on, and this window still knows it.
      if (this.complained) return;
      this.complained = true;
      void vscode.window.showWarningMessage(vscode.l10n.t('Istio Handbook cannot store how far you have read: VS Code refuses to keep it. Reading goes on.'));
    }
  }

  dispose(): void {
    if (this.timer !== undefined) void this.store();
    this.changed.dispose();
  }
}
