import type { Metafile } from 'esbuild';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const PREFACE = `THIRD-PARTY NOTICES

Istio Handbook bundles the packages below. The names, types and bounds of API fields in its reference are facts of the
Istio API (Copyright Istio Authors) and the Kubernetes Gateway API (Copyright The Kubernetes Authors), both under the
Apache License 2.0; the texts are the handbook's own. Istio Handbook is not affiliated with the Istio project.
`;

/** The notices for every package of which a bundle holds a part, in the order of their names. */
export async function thirdPartyNotices(root: string, metafiles: readonly Metafile[]): Promise<string> {
  const names = new Set<string>();
  for (const metafile of metafiles) {
    for (const input of Object.keys(metafile.inputs)) {
      const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (match) names.add(match[1]!);
    }
  }
  const notices = await Promise.all([...names].sort().map((name) => notice(root, name)));
  return [PREFACE, ...notices].join('\n');
}

async function notice(root: string, name: string): Promise<string> {
  const folder = join(root, 'node_modules', name);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string; license: string };
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} ships no licence text`);
  const text = await readFile(join(folder, file), 'utf8');
  return `${'-'.repeat(80)}\n${name} ${manifest.version} (${manifest.license})\n\n${text.trim()}\n`;
}
