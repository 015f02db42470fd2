/**
 * Functions of TypeScript as functions over values: arguments are turned into what TypeScript
 * knows, the result into a value of the declared type. Whatever a function does that it must not
 * (throw, answer later, give something else) fails the timestep, with the rule and its bindings.
 *
 *     int nat float   number          list tuple   array        null    null
 *     string addr     string          set          Set          any     by what the value is
 *     bool            boolean         map          Map          bytes   Uint8Array
 */
import { linkFunctions, type OuterFunction } from '../reference/link-functions.js';
import type { Program } from '../semantics/program.js';
import { scriptCall } from './call-script.js';

/** As TypeScript exports it. */
export type ScriptFunction = (...values: readonly unknown[]) => unknown;

/** No functions, for programs that declare none. */
export const noFunctions: ReadonlyMap<string, ScriptFunction> = new Map();

/** The program with its functions in place, fit to be evaluated. */
export function linkProgram(
  program: Program,
  implementations: ReadonlyMap<string, ScriptFunction>,
): Program {
  return linkFunctions(program, bindFunctions(program, implementations));
}

/** The program's functions over values; `implementations` by the names that the program calls. */
export function bindFunctions(
  program: Program,
  implementations: ReadonlyMap<string, ScriptFunction>,
): ReadonlyMap<string, OuterFunction> {
  return new Map(
    program.functions.flatMap((extern) => {
      const implementation = implementations.get(extern.name);
      return implementation === undefined
        ? []
        : [[extern.name, scriptCall(extern.name, implementation, extern.result)] as const];
    }),
  );
}
