import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/**
 * Runs test files one after the other, in the order of the arguments: `node --test` would sort them by name. Its last lines
 * are the test runner's summary.
 */

/** Milliseconds for one file. */
const LIMIT = 15 * 60_000;

run({ files: process.argv.slice(2), concurrency: 1, timeout: LIMIT })
  .on('test:fail', ({ todo }) => {
    if (todo === undefined || todo === false) process.exitCode = 1;
  })
  .compose(new spec())
  .pipe(process.stdout);
