/**
 * The sources of a firmware as the DeviceScript compiler sees them: the same files, options and type checker. The
 * compiler gives no types away, so they are worked out once more.
 */
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript-devs";

/** Where the compiler puts the declarations of what the VM has by itself. */
const DECLARATIONS = "node_modules/@devicescript/core/src";

/** As in the compiler (2.16.4, `tsiface.ts`). */
const OPTIONS: ts.CompilerOptions = {
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  alwaysStrict: false,
  experimentalDecorators: true,
  forceConsistentCasingInFileNames: true,
  module: ts.ModuleKind.ES2022,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  noEmit: true,
  noImplicitAny: true,
  noImplicitThis: true,
  noLib: true,
  noPropertyAccessFromIndexSignature: true,
  // The compiler names files as they are imported, also those behind a linked node_modules.
  preserveSymlinks: true,
  strict: true,
  strictNullChecks: false,
  target: ts.ScriptTarget.ES2022,
  useUnknownInCatchVariables: true,
  typeRoots: [],
  types: [],
  jsx: ts.JsxEmit.Preserve,
};

export interface Sources {
  program: ts.Program;
  checker: ts.TypeChecker;
  /** Sources with code in them. */
  code: readonly ts.SourceFile[];
  /** Declarations of what the VM has by itself. */
  ambient: readonly ts.SourceFile[];
  pathOf(file: ts.SourceFile): string;
}

/** `entry` is a path from `root`. The compiler must have run there once: it leaves the declarations. */
export function openSources(entry: string, root: string): Sources {
  const folder = join(root, DECLARATIONS);
  if (!existsSync(folder)) throw new Error(`no declarations of the compiler in ${folder}`);
  const declarations = readdirSync(folder).filter((file) => file.endsWith(".d.ts"));
  const host = ts.createCompilerHost(OPTIONS);
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  const program = ts.createProgram({
    host,
    rootNames: [...declarations.map((file) => join(folder, file)), join(root, entry)],
    options: OPTIONS,
  });
  const files = program.getSourceFiles();
  return {
    program,
    checker: program.getTypeChecker(),
    code: files.filter((file) => !file.isDeclarationFile),
    ambient: files.filter((file) => file.isDeclarationFile),
    pathOf: (file) => relative(root, file.fileName).replaceAll("\\", "/"),
  };
}
