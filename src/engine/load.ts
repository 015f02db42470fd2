/**
 * The one place where text becomes code. The text comes from the code generator, into which a
 * program's own text gets through constant pools and one quoting function alone.
 */

/** The functions of a generated unit, linked to what they work on. */
export type LinkedUnit = Readonly<Record<string, (...words: never[]) => void>>;

/** Links the body of a generated linking function with its runtime `$`. */
export function linkUnit(source: string, runtime: object): LinkedUnit {
  const link = new Function('$', source) as (runtime: object) => LinkedUnit;
  return link(runtime);
}
