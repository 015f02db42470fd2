/**
 * Brings the functions that a program takes from TypeScript into this process, before it starts.
 * A file is bundled with what it imports and loaded once, however many functions come from it.
 * Nothing of it runs during `check`, which translates it only; here, its top level runs.
 */
import { build, transformSync } from 'esbuild';

import type { SourceFile, Span } from '../base/span.js';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';

/** Where one function is to be found. */
export interface FunctionSource {
  /** As the program calls it. */
  readonly name: string;
  readonly exportName: string;
  /** The file on disk, and its name as it is shown. */
  readonly file: string;
  readonly shown: string;
  readonly span: Span;
}
export type LoadedFunction = (...values: readonly unknown[]) => unknown;

/** The functions by name; every file that cannot be loaded is told once. */
export async function loadFunctions(
  sources: readonly FunctionSource[],
): Promise<Checked<ReadonlyMap<string, LoadedFunction>>> {
  const functions = new Map<string, LoadedFunction>();
  const diagnostics: Diagnostic[] = [];
  const exportsByFile = new Map<string, Readonly<Record<string, unknown>> | null>();
  for (const source of sources) {
    const { file, shown, span } = source;
    if (!exportsByFile.has(file)) {
      try {
        exportsByFile.set(file, await loadFile(file));
      } catch (error) {
        exportsByFile.set(file, null);
        diagnostics.push(problem(span, `${shown} cannot be loaded: ${firstLine(error)}`));
      }
    }
    const exported = exportsByFile.get(file);
    if (exported === null || exported === undefined) continue;
    const found = exported[source.exportName];
    if (typeof found === 'function') functions.set(source.name, found as LoadedFunction);
    else diagnostics.push(problem(span, `${shown} exports no function \`${source.exportName}\``));
  }
  return { value: functions, diagnostics };
}

/** Tells of each file that does not translate, once; runs nothing and reads no other file. */
export function findScriptErrors(
  files: readonly { readonly source: SourceFile; readonly shown: string; readonly span: Span }[],
): readonly Diagnostic[] {
  const seen = new Set<string>();
  return files.flatMap(({ source, shown, span }): Diagnostic[] => {
    if (seen.has(source.path)) return [];
    seen.add(source.path);
    try {
      const loader = /\.[cm]?js$/.test(source.path) ? 'js' : 'ts';
      transformSync(source.text, { loader, logLevel: 'silent' });
      return [];
    } catch (error) {
      return [problem(span, `${shown} cannot be loaded: ${firstLine(error)}`, 'mend the file')];
    }
  });
}

/** What the file exports. */
async function loadFile(file: string): Promise<Readonly<Record<string, unknown>>> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
  });
  const text = outputFiles[0]?.text ?? '';
  const url = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
  return (await import(url)) as Readonly<Record<string, unknown>>;
}

function firstLine(error: unknown): string {
  const failures = (
    error as {
      errors?: readonly {
        readonly text: string;
        readonly location: { readonly line: number } | null;
      }[];
    }
  ).errors;
  const first = failures?.[0];
  if (first !== undefined)
    return first.location === null ? first.text : `line ${first.location.line}: ${first.text}`;
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function problem(
  span: Span,
  message: string,
  help = 'the file is run once before the program starts; mend what it does at its top level',
): Diagnostic {
  return {
    code: 'TRL0812',
    severity: 'error',
    message,
    primary: { span, text: 'declared here' },
    help,
  };
}
