import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** Makes `media/icon.png`, the extension's icon, from `media/icon.svg`. */

const SIDE = 256;

const media = join(import.meta.dirname, '../media');
const svg = await readFile(join(media, 'icon.svg'), 'utf8');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'] });
try {
  const page = await browser.newPage({ viewport: { width: SIDE, height: SIDE } });
  await page.setContent(`<body style="margin:0;line-height:0">${svg}`);
  await page.screenshot({ path: join(media, 'icon.png'), omitBackground: true });
} finally {
  await browser.close();
}
