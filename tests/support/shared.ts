import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './content.ts';

/** The material that lies beside some checkouts: official definitions and sample documents to compare with. */
export const SHARED = join(ROOT, '..', 'shared');

/** For a test's options: why it is left out, where the material is not there. */
export const needsShared: { readonly skip?: string } = existsSync(SHARED) ? {} : { skip: 'the material to compare with is not beside this checkout' };
