import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';

const URI = 'file:///bench/file.yaml';

/** yaml-language-server over its own protocol, with one schema for every file. */
export class Peer {
  private version = 1;
  private text = '';

  private constructor(
    private readonly process: ChildProcess,
    private readonly connection: MessageConnection,
  ) {}

  /** @param settled waits a second, so that what it does at its start is not measured */
  static async start(schemaFile: string, settled = true): Promise<Peer> {
    const folder = dirname(createRequire(import.meta.url).resolve('yaml-language-server/package.json'));
    const server = spawn(process.execPath, [join(folder, 'bin/yaml-language-server'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    const settings = {
      yaml: { schemas: { [`file://${schemaFile}`]: ['*.yaml'] }, hover: true, completion: true, validate: true, schemaStore: { enable: false } },
      http: {},
    };
    connection.onRequest('workspace/configuration', ({ items }: { items: { section: string }[] }) =>
      items.map(({ section }) => (settings as Record<string, unknown>)[section] ?? {}),
    );
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('vscode/content', () => '');
    connection.onRequest('custom/schema/content', () => readFileSync(schemaFile, 'utf8'));
    connection.listen();
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: { workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } }, textDocument: { hover: { contentFormat: ['markdown'] }, completion: { completionItem: { snippetSupport: true } } } },
    });
    await connection.sendNotification('initialized', {});
    await connection.sendNotification('workspace/didChangeConfiguration', { settings });
    if (settled) await new Promise((resolve) => setTimeout(resolve, 1_000));
    return new Peer(server, connection);
  }

  async open(text: string): Promise<void> {
    this.text = text;
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri: URI, languageId: 'yaml', version: ++this.version, text } });
  }

  async close(): Promise<void> {
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri: URI } });
  }

  /** Replaces a part of the text and waits until diagnostics are told for it. */
  async diagnosticsAfter(start: number, end: number, text: string): Promise<void> {
    const told = new Promise<void>((resolve) => {
      const listening = this.connection.onNotification('textDocument/publishDiagnostics', () => {
        listening.dispose();
        resolve();
      });
    });
    await this.edit(start, end, text);
    await told;
  }

  /** Replaces a part of the text, as typing does. */
  async edit(start: number, end: number, text: string): Promise<void> {
    const range = { start: this.position(start), end: this.position(end) };
    this.text = this.text.slice(0, start) + text + this.text.slice(end);
    await this.connection.sendNotification('textDocument/didChange', { textDocument: { uri: URI, version: ++this.version }, contentChanges: [{ range, text }] });
  }

  async hover(offset: number): Promise<string> {
    const answer = await this.connection.sendRequest<{ contents: { value: string } } | null>('textDocument/hover', { textDocument: { uri: URI }, position: this.position(offset) });
    return answer?.contents.value ?? '';
  }

  async complete(offset: number): Promise<number> {
    const answer = await this.connection.sendRequest<{ items: unknown[] } | unknown[] | null>('textDocument/completion', { textDocument: { uri: URI }, position: this.position(offset) });
    return Array.isArray(answer) ? answer.length : (answer?.items.length ?? 0);
  }

  /** Resident memory in megabytes. */
  memory(): number {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }

  stop(): void {
    this.connection.dispose();
    this.process.kill();
  }

  private position(offset: number): { line: number; character: number } {
    const before = this.text.slice(0, offset);
    const line = before.split('\n').length - 1;
    return { line, character: offset - (before.lastIndexOf('\n') + 1) };
  }
}
