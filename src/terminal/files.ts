import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Files that a person names at the terminal. */

/** The text of a file, or of standard input for `-`; undefined where it cannot be read, which is told. */
export function readText(file: string, complain: (line: string) => void): string | undefined {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    complain(`${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
    return undefined;
  }
}

interface Ignored {
  readonly folder: string;
  readonly rules: Ignore;
}

/**
 * The YAML files that a path means: itself, or those below a folder, in order; never what `.gitignore` names there or
 * in a folder on the way, `node_modules` or `.git`.
 */
export function yamlFiles(path: string, ignored: readonly Ignored[] = []): string[] {
  if (path === '-') return [path];
  try {
    if (!statSync(path).isDirectory()) return [path];
  } catch {
    return [path];
  }
  const rules = ignoredIn(path);
  const all = rules ? [...ignored, rules] : ignored;
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inner = `${path.replace(/\/$/, '')}/${entry.name}`;
      const folder = entry.isDirectory();
      if (all.some((one) => one.rules.ignores(relative(one.folder, inner).split(sep).join('/') + (folder ? '/' : '')))) return [];
      if (folder) return entry.name === 'node_modules' || entry.name === '.git' ? [] : yamlFiles(inner, all);
      return /\.ya?ml$/.test(entry.name) ? [inner] : [];
    });
}

function ignoredIn(folder: string): Ignored | undefined {
  try {
    return { folder, rules: ignore().add(readFileSync(join(folder, '.gitignore'), 'utf8')) };
  } catch {
    return undefined;
  }
}
