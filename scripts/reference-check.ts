import { readFileSync } from 'node:fs';
import { compareWithDefinitions } from '../src/build/definitions.ts';
import { referenceIn } from '../tests/support/content.ts';

/**
 * Compares the reference with the CRDs of a file: `npm run reference:check -- FILE...`. Prints what a new release adds,
 * removes and changes; ends with status 1 where there is anything, with 2 for a file that cannot be read.
 */

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: npm run reference:check -- FILE...');
  process.exitCode = 2;
}
for (const file of files) {
  try {
    const { missing, invented, differing, compared } = compareWithDefinitions(referenceIn('en'), readFileSync(file, 'utf8'));
    for (const path of missing) console.log(`+ ${path}`);
    for (const path of invented) console.log(`- ${path}`);
    for (const what of differing) console.log(`~ ${what}`);
    console.log(`${file}: ${compared} fields, ${missing.length} added, ${invented.length} removed, ${differing.length} changed`);
    if (missing.length + invented.length + differing.length > 0) process.exitCode ||= 1;
  } catch (error) {
    console.error(`${file}: ${(error as Error).message}`);
    process.exitCode = 2;
  }
}
