/** What a reader does with the handbook in the workbench. */

/** @typedef {Awaited<ReturnType<import('./browser.mjs').openWorkbench>>} Workbench */

/**
 * Opens the search and types; the first hit is chosen. A page that is still being opened takes the focus, and the list away
 * with it: then it is opened again.
 * @param {Workbench} workbench
 * @param {string} query
 */
export async function typeInSearch({ page, runCommand }, query) {
  // The palette that starts the command has the same input: its words tell them apart.
  const input = page.locator('.quick-input-widget input[placeholder^="Search titles"]');
  const row = page.locator('.quick-input-list .monaco-list-row').first();
  for (let tries = 0; tries < 5; tries++) {
    await runCommand('Istio Handbook: Search');
    const filled = await input.fill(query, { timeout: 3_000 }).then(() => row.waitFor({ timeout: 5_000 })).then(() => true, () => false);
    if (filled && (await input.isVisible())) return;
  }
  throw new Error('the list of hits does not stay open');
}
