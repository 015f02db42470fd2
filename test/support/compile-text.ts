/** Compiles program text for tests, and the same program after it was printed and read again. */
import type { Value } from '../../src/base/value.js';
import { compileSource, defaultCompileOptions } from '../../src/compiler/compile-source.js';
import type {
  Compilation,
  CompileOptions,
  CompiledProgram,
} from '../../src/compiler/compile-source.js';
import { renderText } from '../../src/diagnostics/render-text.js';
import { programToModule } from '../../src/semantics/program-to-module.js';
import { printModule } from '../../src/syntax/print.js';

/** What the compiler says of a text and makes of it; without coordination unless asked for. */
export function compileText(
  text: string,
  options: Partial<CompileOptions> = {},
  path = 'test.bloom',
): Compilation {
  return compileSource(
    { path, text },
    { ...defaultCompileOptions, coordinate: 'none', ...options },
  );
}

/** The compiled program; throws the rendered diagnostics if there are errors. */
export function compileSound(
  text: string,
  options: Partial<CompileOptions> = {},
  path = 'test.bloom',
): CompiledProgram {
  const { compiled, diagnostics } = compileText(text, options, path);
  if (compiled === null)
    throw new Error(
      `the program has errors:\n${renderText(diagnostics, { color: false })}\n${text}`,
    );
  return compiled;
}

/** The program, printed as text and compiled from that text. */
export function compilePrinted(
  compiled: CompiledProgram,
  params: ReadonlyMap<string, Value>,
): CompiledProgram {
  const text = printModule(programToModule(compiled.program));
  const observed = [...compiled.program.relations.values()].some(
    ({ kind, builtin }) => builtin === null && (kind === 'output' || kind === 'view'),
  );
  return compileSound(
    text,
    { params, observe: observed ? null : compiled.program.observables },
    'printed.bloom',
  );
}
