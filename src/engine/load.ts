/**
 * The one place where text becomes code. The text comes from the code generator, into which a
 * program's own text gets through constant pools and one quoting function alone.
 *
 * A host may forbid code from text; the same text then runs as closures (closure-unit.ts), which are
 * loaded only there.
 */

/** The functions of a generated unit, linked to what they work on. */
export type LinkedUnit = Readonly<Record<string, (...words: never[]) => void>>;

/** Links the body of a generated linking function with its runtime `$`. */
export type Linker = (source: string, runtime: object, url: string) => LinkedUnit;

/** `url` is what stack traces call the text; the functions in it bear the names of their rules. */
const compileUnit: Linker = (source, runtime, url) => {
  const link = new Function('$', `${source}//# sourceURL=${url}\n`) as (
    runtime: object,
  ) => LinkedUnit;
  return link(runtime);
};

/** Whether this process may make code of text. */
function mayCompile(): boolean {
  try {
    return typeof new Function('return true') === 'function';
  } catch (error) {
    if (error instanceof EvalError) return false;
    throw error;
  }
}

/** Compiles, or makes closures where compiling is forbidden. */
export const linkUnit: Linker = mayCompile()
  ? compileUnit
  : (await import('./closure-unit.js')).linkClosures;
