/**
 * Generated code where `new Function` is forbidden, as in a browser with a strict policy or under
 * `node --disallow-code-generation-from-strings`: the very text that would have been compiled is
 * parsed, and each of its statements becomes a closure. So there is one set of templates and one
 * meaning, that of JavaScript; it is slower by an order of magnitude, and equal otherwise.
 */
import {
  parse,
  type ArrowFunctionExpression,
  type BlockStatement,
  type Expression,
  type ForOfStatement,
  type ForStatement,
  type Pattern,
  type Statement,
  type TryStatement,
  type VariableDeclaration,
} from 'acorn';
import { BugError } from '../base/assert.js';
import { Expressions, unknownNode } from './closure-expressions.js';
import { Scope, type Evaluate, type Frame } from './closure-scope.js';
import type { LinkedUnit } from './load.js';

/** How a statement ended, if not by coming to its end. */
interface Jump {
  readonly kind: 'break' | 'continue' | 'return';
  /** Null: the innermost loop. */
  readonly label: string | null;
  readonly value: unknown;
}
type Execute = (frame: Frame) => Jump | undefined;

/** Links the body of a generated linking function with its runtime `$`. */
export function linkClosures(source: string, runtime: object): LinkedUnit {
  const program = parse(source, { ecmaVersion: 2022, allowReturnOutsideFunction: true });
  const scope = Scope.ofFunction(null);
  const place = scope.declare('$');
  const run = block(program.body as readonly Statement[], scope);
  const frame: Frame = Array.from({ length: scope.size });
  frame[place] = runtime;
  const jump = run(frame);
  if (jump?.kind !== 'return') throw new BugError('generated code returns its functions');
  return jump.value as LinkedUnit;
}

const expressions = new Expressions((node, scope) => makeFunction(node, scope));

function makeFunction(
  { params, body }: Pick<ArrowFunctionExpression, 'params'> & { body: BlockStatement | Expression },
  outer: Scope,
): Evaluate {
  const scope = Scope.ofFunction(outer);
  const places = params.map((parameter) => scope.declare(nameOf(parameter)));
  const run: Execute =
    body.type === 'BlockStatement'
      ? block(body.body, scope)
      : returning(expressions.make(body, scope));
  return (frame) =>
    (...words: unknown[]) => {
      const own: Frame = Array.from({ length: scope.size });
      own[0] = frame;
      for (const [i, place] of places.entries()) own[place] = words[i];
      return run(own)?.value;
    };
}

function returning(value: Evaluate): Execute {
  return (frame) => ({ kind: 'return', label: null, value: value(frame) });
}

function nameOf(pattern: Pattern): string {
  return pattern.type === 'Identifier' ? pattern.name : unknownNode(pattern);
}

/** Statements one after the other; functions are there from the beginning. */
function block(statements: readonly Statement[], scope: Scope): Execute {
  for (const statement of statements)
    if (statement.type === 'FunctionDeclaration') scope.declare(statement.id.name);
  const steps = statements.map((statement) => execute(statement, scope));
  return (frame) => {
    for (const step of steps) {
      const jump = step(frame);
      if (jump !== undefined) return jump;
    }
    return undefined;
  };
}

function execute(node: Statement, scope: Scope, label: string | null = null): Execute {
  switch (node.type) {
    case 'EmptyStatement':
      return () => undefined;
    case 'ExpressionStatement': {
      const evaluate = expressions.make(node.expression, scope);
      return (frame) => void evaluate(frame);
    }
    case 'VariableDeclaration':
      return declaration(node, scope);
    case 'FunctionDeclaration': {
      const make = makeFunction(node, scope);
      const assign = scope.write(node.id.name);
      return (frame) => assign(frame, make(frame)) as undefined;
    }
    case 'BlockStatement':
      return block(node.body, scope.inner());
    case 'IfStatement': {
      const test = expressions.make(node.test, scope);
      const yes = execute(node.consequent, scope.inner());
      const { alternate } = node;
      const no = isAbsent(alternate) ? null : execute(alternate, scope.inner());
      return (frame) => (test(frame) ? yes(frame) : no?.(frame));
    }
    case 'ForStatement':
      return forLoop(node, scope.inner(), label);
    case 'ForOfStatement':
      return forOf(node, scope.inner(), label);
    case 'WhileStatement': {
      const test = expressions.make(node.test, scope);
      return loop(test, execute(node.body, scope.inner()), null, label);
    }
    case 'LabeledStatement': {
      const { name } = node.label;
      const inner = execute(node.body, scope.inner(), name);
      return (frame) => {
        const jump = inner(frame);
        return jump?.kind === 'break' && jump.label === name ? undefined : jump;
      };
    }
    case 'BreakStatement':
    case 'ContinueStatement': {
      const kind = node.type === 'BreakStatement' ? 'break' : 'continue';
      const jump: Jump = { kind, label: node.label?.name ?? null, value: undefined };
      return () => jump;
    }
    case 'ReturnStatement':
      return returning(
        isAbsent(node.argument) ? () => undefined : expressions.make(node.argument, scope),
      );
    case 'ThrowStatement': {
      const error = expressions.make(node.argument, scope);
      return (frame) => {
        throw error(frame);
      };
    }
    case 'TryStatement':
      return guarded(node, scope);
    default:
      return unknownNode(node);
  }
}

function declaration({ declarations }: VariableDeclaration, scope: Scope): Execute {
  const steps = declarations.map(({ id, init }) => {
    const value = isAbsent(init) ? (): undefined => undefined : expressions.make(init, scope);
    scope.declare(nameOf(id));
    return { value, assign: scope.write(nameOf(id)) };
  });
  return (frame) => {
    for (const { value, assign } of steps) assign(frame, value(frame));
    return undefined;
  };
}

function forLoop(
  { init, test, update, body }: ForStatement,
  scope: Scope,
  label: string | null,
): Execute {
  const begin: Execute = isAbsent(init)
    ? () => undefined
    : init.type === 'VariableDeclaration'
      ? declaration(init, scope)
      : execute({ type: 'ExpressionStatement', expression: init } as Statement, scope);
  const holds = isAbsent(test) ? (): boolean => true : expressions.make(test, scope);
  const next = isAbsent(update) ? null : expressions.make(update, scope);
  const run = loop(holds, execute(body, scope.inner()), next, label);
  return (frame) => {
    begin(frame);
    return run(frame);
  };
}

function loop(test: Evaluate, body: Execute, next: Evaluate | null, label: string | null): Execute {
  return (frame) => {
    for (; test(frame); next?.(frame)) {
      const jump = body(frame);
      if (jump === undefined || continues(jump, label)) continue;
      return leaves(jump, label) ? undefined : jump;
    }
    return undefined;
  };
}

function forOf({ left, right, body }: ForOfStatement, scope: Scope, label: string | null): Execute {
  const all = expressions.make(right, scope) as (frame: Frame) => Iterable<unknown>;
  if (left.type !== 'VariableDeclaration') return unknownNode(left);
  const name = nameOf(left.declarations[0]!.id);
  scope.declare(name);
  const assign = scope.write(name);
  const run = execute(body, scope.inner());
  return (frame) => {
    for (const item of all(frame)) {
      assign(frame, item);
      const jump = run(frame);
      if (jump === undefined || continues(jump, label)) continue;
      return leaves(jump, label) ? undefined : jump;
    }
    return undefined;
  };
}

function continues(jump: Jump, label: string | null): boolean {
  return jump.kind === 'continue' && (jump.label === null || jump.label === label);
}

function leaves(jump: Jump, label: string | null): boolean {
  return jump.kind === 'break' && (jump.label === null || jump.label === label);
}

function guarded(node: TryStatement, scope: Scope): Execute {
  const { block: tried, handler, finalizer } = node;
  if (isAbsent(handler) || !isAbsent(finalizer)) return unknownNode(node);
  const run = block(tried.body, scope.inner());
  const inner = scope.inner();
  const place = isAbsent(handler.param) ? null : inner.declare(nameOf(handler.param));
  const caught = block(handler.body.body, inner.inner());
  return (frame) => {
    try {
      return run(frame);
    } catch (error) {
      if (place !== null) frame[place] = error;
      return caught(frame);
    }
  };
}

/** The parser leaves out what is not there, in one way or the other. */
function isAbsent(part: object | null | undefined): part is null | undefined {
  return part === null || part === undefined;
}
