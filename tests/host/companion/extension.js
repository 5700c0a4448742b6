// @ts-nocheck: loaded by VS Code as it is, without a build.
// Stands in for what the handbook meets in the field: the YAML extension's id, and a file system that lives in memory
// and has no search provider.
const vscode = require('vscode');

const FILES = {
  '/shop/rules/destination-rule.yaml': `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  subsets:
  - name: v1
    labels: {version: v1}
  - name: v2
    labels: {version: v2}
`,
  '/shop/service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  ports: [{name: http, port: 9080}]
`,
  '/shop/rules/gateway.yaml': `apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: ingress
spec:
  servers: []
`,
  '/shop/routes.yaml': `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews
  gateways:
  - ingress/public
  http:
  - route:
    - destination:
        host: reviews
        subset: v2
`,
};

const bytes = (text) => new TextEncoder().encode(text);
const missing = (uri) => vscode.FileSystemError.FileNotFound(uri);

class MemoryFileSystem {
  changes = new vscode.EventEmitter();
  onDidChangeFile = this.changes.event;
  watch() {
    return new vscode.Disposable(() => {});
  }
  stat(uri) {
    const text = FILES[uri.path];
    if (text !== undefined) return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: bytes(text).length };
    if (this.readDirectory(uri).length > 0) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    throw missing(uri);
  }
  readDirectory(uri) {
    const below = uri.path.replace(/\/?$/, '/');
    const names = new Map();
    for (const path of Object.keys(FILES).filter((file) => file.startsWith(below))) {
      const [name, ...rest] = path.slice(below.length).split('/');
      names.set(name, rest.length > 0 ? vscode.FileType.Directory : vscode.FileType.File);
    }
    return [...names];
  }
  readFile(uri) {
    if (FILES[uri.path] === undefined) throw missing(uri);
    return bytes(FILES[uri.path]);
  }
  writeFile(uri, content) {
    FILES[uri.path] = new TextDecoder().decode(content);
    this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }
  delete(uri) {
    delete FILES[uri.path];
  }
  createDirectory() {}
  rename() {
    throw vscode.FileSystemError.NoPermissions();
  }
}

exports.activate = (context) => {
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('memory', new MemoryFileSystem()));
};
