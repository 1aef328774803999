import { parser } from "@lezer/python";
import type { SyntaxNode } from "@lezer/common";

/** What a Python file defines at its top level, read from its syntax tree; nothing is run. */
export interface PythonFile {
  /** Dotted origin of each imported name: `F` -> `flask.Flask`; relative imports begin with dots. */
  readonly imports: ReadonlyMap<string, string>;
  /** Top-level `name = callee(…)`, with the callee's dotted origin. */
  readonly calls: ReadonlyMap<string, string>;
  /** Top-level functions: the dotted callee of what they return, and whether they need arguments. */
  readonly functions: ReadonlyMap<string, { readonly returns: string | undefined; readonly needsArguments: boolean }>;
  /** Top-level functions and classes whose calls are those of a server's interface (PEP 3333, ASGI 3). */
  readonly callables: ReadonlyMap<string, "wsgi" | "asgi">;
  /** Top-level names that are assigned a string. */
  readonly strings: ReadonlyMap<string, string>;
  /** Dotted origins of everything called at the top level or under `if __name__ == "__main__"`. */
  readonly runs: ReadonlySet<string>;
  readonly isScript: boolean;
}

/** Reads a Python file; text with syntax errors gives what could be read. */
export function readPython(text: string): PythonFile {
  const reader = new Reader(text);
  const top = parser.parse(text).topNode;
  for (let node = top.firstChild; node !== null; node = node.nextSibling) reader.statement(node);
  return reader;
}

class Reader implements PythonFile {
  readonly imports = new Map<string, string>();
  readonly calls = new Map<string, string>();
  readonly functions = new Map<string, { returns: string | undefined; needsArguments: boolean }>();
  readonly callables = new Map<string, "wsgi" | "asgi">();
  readonly strings = new Map<string, string>();
  readonly runs = new Set<string>();
  isScript = false;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  statement(node: SyntaxNode): void {
    if (node.name === "ImportStatement") this.#import(node);
    else if (node.name === "AssignStatement") this.#assign(node);
    else if (node.name === "FunctionDefinition") this.#define(node);
    else if (node.name === "ClassDefinition") this.#defineClass(node);
    else if (node.name === "DecoratedStatement") {
      const inner = node.getChild("FunctionDefinition");
      if (inner !== null) this.#define(inner);
    } else if (node.name === "IfStatement") this.#condition(node);
    else if (node.name === "TryStatement" || node.name === "WithStatement") this.#body(node);
    else if (node.name === "ExpressionStatement") this.#expression(node);
  }

  #of(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }

  #import(node: SyntaxNode): void {
    const words = this.#of(node)
      .replaceAll(/#.*$/gm, "")
      .replaceAll(/[()\\\n]/g, " ");
    const from = /^from\s+(\S+)\s+import\s+(.*)$/.exec(words.trim());
    const list = from?.[2] ?? words.trim().replace(/^import\s+/, "");
    for (const part of list.split(",")) {
      const [name = "", , alias] = part.trim().split(/\s+/);
      if (name === "") continue;
      if (from?.[1] !== undefined)
        this.imports.set(alias ?? name, `${from[1]}${from[1].endsWith(".") ? "" : "."}${name}`);
      else
        this.imports.set(
          alias ?? name.split(".")[0] ?? name,
          alias === undefined ? (name.split(".")[0] ?? name) : name,
        );
    }
  }

  #assign(node: SyntaxNode): void {
    const name = node.firstChild;
    const value = node.lastChild;
    if (name?.name !== "VariableName" || value === null) return;
    const callee = this.#callee(value);
    if (callee !== undefined) {
      this.calls.set(this.#of(name), callee);
      this.runs.add(callee);
    }
    if (value.name === "MemberExpression") this.calls.set(this.#of(name), this.#dotted(value));
    if (value.name === "String")
      this.strings.set(this.#of(name), this.#of(value).replaceAll(/^[rbfu]*["']+|["']+$/gi, ""));
  }

  #define(node: SyntaxNode): void {
    const name = node.getChild("VariableName");
    const parameters = node.getChild("ParamList");
    if (name === null) return;
    const kind = this.#interfaceOf(node, 0);
    if (kind !== undefined) this.callables.set(this.#of(name), kind);
    const locals = new Map<string, string>();
    let returns: string | undefined;
    node.cursor().iterate((each) => {
      if (each.name === "AssignStatement") {
        const target = each.node.firstChild;
        const callee = each.node.lastChild === null ? undefined : this.#callee(each.node.lastChild);
        if (target?.name === "VariableName" && callee !== undefined) locals.set(this.#of(target), callee);
      }
      if (each.name === "ReturnStatement") {
        const value = each.node.lastChild;
        if (value?.name === "VariableName") returns ??= locals.get(this.#of(value));
        else if (value !== null) returns ??= this.#callee(value);
      }
    });
    this.functions.set(this.#of(name), { returns, needsArguments: parameters !== null && needsArguments(parameters) });
  }

  /** A class whose instances are called as a function of the interface would be. */
  #defineClass(node: SyntaxNode): void {
    const name = node.getChild("VariableName");
    const methods = node.getChild("Body")?.getChildren("FunctionDefinition") ?? [];
    const call = methods.find((method) => this.#of(method.getChild("VariableName") ?? method) === "__call__");
    const kind = call === undefined ? undefined : this.#interfaceOf(call, 1);
    if (name !== null && kind !== undefined) this.callables.set(this.#of(name), kind);
  }

  /** The interface that a function's parameters are those of, after so many of its own. */
  #interfaceOf(node: SyntaxNode, own: number): "wsgi" | "asgi" | undefined {
    const names = (node.getChild("ParamList")?.getChildren("VariableName") ?? []).map((each) => this.#of(each));
    const [first = "", second = "", third] = names.slice(own);
    if (names.length === own + 2 && /^env(iron)?$/.test(first) && second === "start_response") return "wsgi";
    return names.length === own + 3 && first === "scope" && second === "receive" && third === "send"
      ? "asgi"
      : undefined;
  }

  #condition(node: SyntaxNode): void {
    if (/^if\s+\(?\s*(__name__\s*==|["']__main__["']\s*==)/.test(this.#of(node))) this.isScript = true;
    this.#body(node);
  }

  #body(node: SyntaxNode): void {
    for (const body of node.getChildren("Body")) {
      for (let inner = body.firstChild; inner !== null; inner = inner.nextSibling) this.statement(inner);
    }
  }

  #expression(node: SyntaxNode): void {
    const callee = node.firstChild === null ? undefined : this.#callee(node.firstChild);
    if (callee !== undefined) this.runs.add(callee);
  }

  /** The dotted origin of what a call calls; undefined for anything but a call. */
  #callee(node: SyntaxNode): string | undefined {
    if (node.name === "AwaitExpression" && node.lastChild !== null) return this.#callee(node.lastChild);
    if (node.name !== "CallExpression" || node.firstChild === null) return undefined;
    return this.#dotted(node.firstChild);
  }

  #dotted(node: SyntaxNode): string {
    const [first = "", ...rest] = this.#of(node).replaceAll(/\s/g, "").split(".");
    const origin = this.imports.get(first) ?? this.calls.get(first);
    return [origin ?? first, ...rest].join(".");
  }
}

/** Whether a function cannot be called without arguments. */
function needsArguments(parameters: SyntaxNode): boolean {
  let pending = false;
  let keywordOnly = false;
  for (let node = parameters.firstChild; node !== null; node = node.nextSibling) {
    if (node.name === "VariableName") {
      if (!keywordOnly) pending = true;
      keywordOnly = false;
    } else if (node.name === "AssignOp") pending = false;
    else if (node.name === "*" || node.name === "**") keywordOnly = true;
    else if (node.name === "," && pending) return true;
    if (node.name === "AssignOp") node = node.nextSibling ?? node;
  }
  return pending;
}
