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
import { findLattice } from '../lattice/lattices.js';
import { holdsLattice, isLatticeType } from './lattice-shape.js';
import {
  anyType,
  fits,
  joinTypes,
  stringType,
  typeParts,
  unknownType,
  widenInt,
} from './relate-types.js';
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
      /** A lattice goes by its name, a tuple by `()`. */
      readonly constructor: string;
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
  const composite = /^([a-z]+)<(.*)>$/.exec(text) ?? /^(\()(.*)\)$/.exec(text);
  if (composite !== null) {
    const constructor = composite[1] === '(' ? '()' : composite[1]!;
    return { kind: 'composite', constructor, parts: splitArguments(composite[2]!).map(shapeOf) };
  }
  if (findLattice(text) !== undefined) return { kind: 'composite', constructor: text, parts: [] };
  if (/^[A-Z]$/.test(text) || text === 'number') return { kind: 'variable', name: text };
  return { kind: 'type', type: { kind: text as 'int' } };
}

/** Splits `K, list<V>` at the commas outside of brackets. */
function splitArguments(text: string): string[] {
  const pieces: string[] = [];
  let [depth, start] = [0, 0];
  for (let i = 0; i <= text.length; i++) {
    if (text[i] === '<' || text[i] === '(') depth++;
    if (text[i] === '>' || text[i] === ')') depth--;
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

/** The word before the parts of a composite type; a lattice's name, `()` for tuples. */
function constructorOf(type: Type): string {
  return type.kind === 'lattice' ? type.name : type.kind === 'tuple' ? '()' : type.kind;
}

function accept(shape: Shape, type: Type, variables: Map<string, Type>): boolean {
  switch (shape.kind) {
    case 'type':
      return fits(type, shape.type) || (type.kind === 'addr' && shape.type.kind === 'string');
    case 'variable': {
      // `L` and `M` stand for lattices, every other letter for plain values.
      const wantsLattice = shape.name === 'L' || shape.name === 'M';
      const isFit = wantsLattice ? isLatticeType(type) : !holdsLattice(type);
      if (type.kind !== 'unknown' && !isFit) return false;
      const joined = joinTypes(variables.get(shape.name) ?? unknownType, type);
      if (joined === null) return false;
      variables.set(shape.name, joined);
      return true;
    }
    case 'composite': {
      if (type.kind === 'unknown') return true;
      if (constructorOf(type) !== shape.constructor) return false;
      const parts = typeParts(type);
      return (
        parts.length === shape.parts.length &&
        shape.parts.every((part, i) => accept(part, parts[i]!, variables))
      );
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
      const { constructor } = shape;
      if (constructor === 'map') return { kind: 'map', key: parts[0]!, value: parts[1]! };
      if (constructor === '()') return { kind: 'tuple', items: parts };
      if (constructor === 'list' || constructor === 'set')
        return { kind: constructor, item: parts[0]! };
      return { kind: 'lattice', name: constructor, arguments: parts };
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
