/**
 * Typing a call: which signature of a builtin do the argument types fit, what do its type
 * variables stand for, and what comes out.
 *
 * A type variable stands for the join of all arguments in its places, so `xs ++ ys` joins the two
 * item types, and an int literal beside a float becomes a float (`x + 1`). `number` is a variable
 * that only int and float satisfy. An `addr` is accepted where a function asks for a string: a
 * name can be read as text, though never the other way round.
 *
 * With arguments of unknown type several signatures may fit; the result is then known only as far
 * as they agree.
 */
import type { Signature } from '../builtins/function.js';
import { anyType, fits, joinTypes, stringType, unknownType, widenInt } from './relate-types.js';
import type { Type } from './types.js';

/** A call that a signature fits. */
export interface Match {
  /** What each argument is taken for. */
  readonly parameters: readonly Type[];
  readonly result: Type;
}

type Shape =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'type'; readonly type: Type }
  | {
      readonly kind: 'composite';
      readonly constructor: 'list' | 'set' | 'map';
      readonly parts: readonly Shape[];
    };

const shapes = new Map<string, Shape>();

function shapeOf(text: string): Shape {
  let shape = shapes.get(text);
  if (shape === undefined) {
    shape = readShape(text);
    shapes.set(text, shape);
  }
  return shape;
}

function readShape(text: string): Shape {
  const composite = /^(list|set|map)<(.*)>$/.exec(text);
  if (composite !== null) {
    const constructor = composite[1] as 'list' | 'set' | 'map';
    return { kind: 'composite', constructor, parts: splitArguments(composite[2]!).map(shapeOf) };
  }
  if (/^[A-Z]$/.test(text) || text === 'number') return { kind: 'variable', name: text };
  return { kind: 'type', type: { kind: text as 'int' } };
}

/** Splits `K, list<V>` at the commas outside of brackets. */
function splitArguments(text: string): string[] {
  const pieces: string[] = [];
  let [depth, start] = [0, 0];
  for (let i = 0; i <= text.length; i++) {
    if (text[i] === '<') depth++;
    if (text[i] === '>') depth--;
    if (i === text.length || (text[i] === ',' && depth === 0)) {
      pieces.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return pieces;
}

/** The call's typing under one signature, or null if the arguments do not fit it. */
export function matchSignature(signature: Signature, types: readonly Type[]): Match | null {
  if (signature.parameters.length !== types.length) return null;
  const variables = new Map<string, Type>();
  for (const [i, parameter] of signature.parameters.entries()) {
    if (!accept(shapeOf(parameter), types[i]!, variables)) return null;
  }
  const number = variables.get('number');
  if (number !== undefined && !['int', 'nat', 'float', 'unknown'].includes(number.kind))
    return null;
  return {
    parameters: signature.parameters.map((parameter) => substitute(shapeOf(parameter), variables)),
    result: widenInt(substitute(shapeOf(signature.result), variables)),
  };
}

function accept(shape: Shape, type: Type, variables: Map<string, Type>): boolean {
  switch (shape.kind) {
    case 'type':
      return fits(type, shape.type) || (type.kind === 'addr' && shape.type.kind === 'string');
    case 'variable': {
      const joined = joinTypes(variables.get(shape.name) ?? unknownType, type);
      if (joined === null) return false;
      variables.set(shape.name, joined);
      return true;
    }
    case 'composite': {
      if (type.kind === 'unknown') return true;
      if (type.kind !== shape.constructor) return false;
      const parts = type.kind === 'map' ? [type.key, type.value] : [(type as { item: Type }).item];
      return shape.parts.every((part, i) => accept(part, parts[i]!, variables));
    }
  }
}

function substitute(shape: Shape, variables: ReadonlyMap<string, Type>): Type {
  switch (shape.kind) {
    case 'type':
      return shape.type.kind === 'string'
        ? stringType
        : shape.type.kind === 'any'
          ? anyType
          : shape.type;
    case 'variable':
      return variables.get(shape.name) ?? unknownType;
    case 'composite': {
      const parts = shape.parts.map((part) => substitute(part, variables));
      if (shape.constructor === 'map') return { kind: 'map', key: parts[0]!, value: parts[1]! };
      return { kind: shape.constructor, item: parts[0]! };
    }
  }
}

/** Every signature that the argument types fit, in order. */
export function matchSignatures(
  signatures: readonly Signature[],
  types: readonly Type[],
): readonly Match[] {
  const matches: Match[] = [];
  for (const signature of signatures) {
    const match = matchSignature(signature, types);
    if (match !== null) matches.push(match);
  }
  return matches;
}
