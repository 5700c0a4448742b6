/** The addresses that the page is allowed to load. */
export interface ShellOptions {
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
  readonly nonce: string;
  readonly language: string;
  readonly title: string;
}

/** The reader's document. Everything in it comes later, by message; nothing inline and nothing remote may run or load. */
export function readerShell({ cspSource, script, style, nonce, language, title }: ShellOptions): string {
  const policy = `default-src 'none'; style-src ${cspSource}; script-src 'nonce-${nonce}'; img-src ${cspSource}; font-src ${cspSource}`;
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${style}">
</head>
<body id="istio-handbook">
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
