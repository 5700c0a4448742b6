import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contextIn, ROOT, snippetsIn } from '../tests/support/content.ts';
import { fuzz } from '../tests/support/fuzz.ts';

/**
 * Damages documents at random and asks every feature about them: `npm run fuzz`, or `npm run fuzz -- SEED RUNS FOLDER`
 * for other documents than the samples. Prints the slowest answers; a thrown error ends it, with what repeats it.
 */

const [seed = String(Date.now() % 1_000_000), runs = '5000', folder = join(ROOT, 'samples/bookinfo')] = process.argv.slice(2);
const documents = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.ya?ml$/.test(file))
  .map((file) => readFileSync(join(folder, file), 'utf8'));

console.log(`seed ${seed}, ${runs} runs over ${documents.length} files`);
const { slowest } = fuzz(contextIn('en'), snippetsIn('en'), documents, { seed: Number(seed), runs: Number(runs) });
for (const { feature, milliseconds, text } of slowest) console.log(`${milliseconds.toFixed(1).padStart(8)} ms  ${feature}, ${text.length} characters`);
