/**
 * Expressions of generated code as closures. Only what the code generator writes is known; anything
 * else is a bug, found by the tests that run every program this way.
 */
import type {
  AnyNode,
  ArrowFunctionExpression,
  AssignmentExpression,
  CallExpression,
  Expression,
  MemberExpression,
  ObjectExpression,
  UpdateExpression,
} from 'acorn';
import { BugError } from '../base/assert.js';
import type { Evaluate, Frame, Scope } from './closure-scope.js';

/** Makes a function of parameters and a body; statements' business. */
export type MakeFunction = (node: ArrowFunctionExpression, scope: Scope) => Evaluate;

type Operator = (a: never, b: never) => unknown;

const binary: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['+', (a: number, b: number) => a + b],
  ['-', (a: number, b: number) => a - b],
  ['*', (a: number, b: number) => a * b],
  ['&', (a: number, b: number) => a & b],
  ['|', (a: number, b: number) => a | b],
  ['^', (a: number, b: number) => a ^ b],
  ['<<', (a: number, b: number) => a << b],
  ['>>', (a: number, b: number) => a >> b],
  ['>>>', (a: number, b: number) => a >>> b],
  ['<', (a: number, b: number) => a < b],
  ['<=', (a: number, b: number) => a <= b],
  ['>', (a: number, b: number) => a > b],
  ['>=', (a: number, b: number) => a >= b],
  ['===', (a: unknown, b: unknown) => a === b],
  ['!==', (a: unknown, b: unknown) => a !== b],
]);

const unary: ReadonlyMap<string, (a: never) => unknown> = new Map<string, (a: never) => unknown>([
  ['!', (a: unknown) => a === false || a === null || a === undefined || a === 0],
  ['-', (a: number) => -a],
  ['~', (a: number) => ~a],
]);

export class Expressions {
  readonly #makeFunction: MakeFunction;

  constructor(makeFunction: MakeFunction) {
    this.#makeFunction = makeFunction;
  }

  make(node: Expression, scope: Scope): Evaluate {
    switch (node.type) {
      case 'Identifier':
        return scope.read(node.name);
      case 'Literal': {
        const { value } = node;
        return () => value;
      }
      case 'ParenthesizedExpression':
        return this.make(node.expression, scope);
      case 'ArrayExpression': {
        const items = node.elements.map((item) => this.#plain(item, scope));
        return (frame) => items.map((item) => item(frame));
      }
      case 'ObjectExpression':
        return this.#object(node, scope);
      case 'ArrowFunctionExpression':
        return this.#makeFunction(node, scope);
      case 'UnaryExpression': {
        const operator = known(unary, node.operator) as (a: unknown) => unknown;
        const argument = this.make(node.argument, scope);
        return (frame) => operator(argument(frame));
      }
      case 'BinaryExpression': {
        const operator = known(binary, node.operator) as (a: unknown, b: unknown) => unknown;
        const [left, right] = [this.#plain(node.left, scope), this.make(node.right, scope)];
        return (frame) => operator(left(frame), right(frame));
      }
      case 'LogicalExpression': {
        const [left, right] = [this.make(node.left, scope), this.make(node.right, scope)];
        if (node.operator === '&&') return (frame) => left(frame) && right(frame);
        if (node.operator === '||') return (frame) => left(frame) || right(frame);
        return (frame) => left(frame) ?? right(frame);
      }
      case 'ConditionalExpression': {
        const test = this.make(node.test, scope);
        const [yes, no] = [this.make(node.consequent, scope), this.make(node.alternate, scope)];
        return (frame) => (test(frame) ? yes(frame) : no(frame));
      }
      case 'SequenceExpression': {
        const parts = node.expressions.map((part) => this.make(part, scope));
        return (frame) => parts.reduce<unknown>((_, part) => part(frame), undefined);
      }
      case 'MemberExpression':
        return this.#member(node, scope);
      case 'CallExpression':
        return this.#call(node, scope);
      case 'AssignmentExpression':
        return this.#assignment(node, scope);
      case 'UpdateExpression':
        return this.#update(node, scope);
      default:
        return unknownNode(node);
    }
  }

  #plain(node: AnyNode | null, scope: Scope): Evaluate {
    if (node === null || node.type === 'SpreadElement' || node.type === 'PrivateIdentifier')
      throw new BugError('generated code holds a hole, a spread or a private name');
    return this.make(node as Expression, scope);
  }

  #object(node: ObjectExpression, scope: Scope): Evaluate {
    const entries = node.properties.map((property) => {
      if (property.type !== 'Property' || property.key.type !== 'Identifier' || property.computed)
        return unknownNode(property);
      return [property.key.name, this.make(property.value, scope)] as const;
    });
    return (frame) => Object.fromEntries(entries.map(([name, value]) => [name, value(frame)]));
  }

  #member(node: MemberExpression, scope: Scope): Evaluate {
    const object = this.#plain(node.object, scope) as (frame: Frame) => never;
    const key = this.#key(node, scope);
    if (typeof key === 'string') return (frame) => object(frame)[key];
    return (frame) => object(frame)[key(frame)];
  }

  /** The name of a member, or the expression for its position. */
  #key({ property, computed }: MemberExpression, scope: Scope): string | ((frame: Frame) => never) {
    if (!computed && property.type === 'Identifier') return property.name;
    return this.#plain(property, scope) as (frame: Frame) => never;
  }

  #call({ callee, arguments: given }: CallExpression, scope: Scope): Evaluate {
    const words = given.map((argument) => this.#plain(argument, scope));
    if (callee.type !== 'MemberExpression') {
      const called = this.#plain(callee, scope) as (frame: Frame) => (...all: unknown[]) => unknown;
      return (frame) => called(frame)(...words.map((word) => word(frame)));
    }
    const object = this.#plain(callee.object, scope) as (frame: Frame) => never;
    const key = this.#key(callee, scope);
    return (frame) => {
      const target = object(frame);
      const method = target[typeof key === 'string' ? key : key(frame)] as (
        ...all: unknown[]
      ) => unknown;
      return method.apply(
        target,
        words.map((word) => word(frame)),
      );
    };
  }

  #assignment({ left, right, operator }: AssignmentExpression, scope: Scope): Evaluate {
    const value = this.make(right, scope);
    if (operator === '=') return this.#store(left, scope, (frame) => value(frame));
    const apply = known(binary, operator.slice(0, -1)) as (a: unknown, b: unknown) => unknown;
    return this.#store(left, scope, (frame, before) => apply(before(), value(frame)));
  }

  #update({ argument, operator, prefix }: UpdateExpression, scope: Scope): Evaluate {
    const step = operator === '++' ? 1 : -1;
    const store = this.#store(argument, scope, (_, before) => (before() as number) + step);
    return prefix ? store : (frame) => (store(frame) as number) - step;
  }

  /** Stores into a variable or a member, and gives what was stored; where comes before what. */
  #store(
    node: AnyNode,
    scope: Scope,
    compute: (frame: Frame, before: () => unknown) => unknown,
  ): Evaluate {
    if (node.type === 'Identifier') {
      const [read, write] = [scope.read(node.name), scope.write(node.name)];
      return (frame) => {
        const result = compute(frame, () => read(frame));
        write(frame, result);
        return result;
      };
    }
    if (node.type !== 'MemberExpression') return unknownNode(node);
    const object = this.#plain(node.object, scope) as (
      frame: Frame,
    ) => Record<PropertyKey, unknown>;
    const key = this.#key(node, scope);
    return (frame) => {
      const target = object(frame);
      const name = typeof key === 'string' ? key : key(frame);
      const result = compute(frame, () => target[name]);
      target[name] = result;
      return result;
    };
  }
}

function known<T>(table: ReadonlyMap<string, T>, operator: string): T {
  const found = table.get(operator);
  if (found === undefined) throw new BugError(`generated code uses the operator ${operator}`);
  return found;
}

export function unknownNode(node: { readonly type: string }): never {
  throw new BugError(`generated code holds a ${node.type}, which closures do not know`);
}
