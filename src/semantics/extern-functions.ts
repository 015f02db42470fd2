/**
 * The functions from TypeScript that a program declares. What the checker knows of one is its
 * declaration and the signature in its file, which is read and never run; the two must agree.
 */
import type { Span } from '../base/span.js';
import { builtinFunctions } from '../builtins/functions.js';
import type * as ast from '../syntax/ast.js';
import { isBuiltinRelation } from './builtin-relations.js';
import { holdsLattice } from './lattice-shape.js';
import type { ExternFunction } from './program.js';
import { exportedNames, readSignature, splitTop, type ScriptSignature } from './read-signature.js';
import { readType } from './read-type.js';
import { typeText } from './relate-types.js';
import type { Reporter } from './reporter.js';
import type { SourceLinks } from './source-links.js';
import type { Type } from './types.js';

/** The functions of a flat module by name, in source order. */
export function collectFunctions(
  module: ast.Module,
  relationNames: ReadonlySet<string>,
  links: SourceLinks,
  reporter: Reporter,
): ReadonlyMap<string, ExternFunction> {
  const functions = new Map<string, ExternFunction>();
  for (const statement of module.statements) {
    if (statement.kind !== 'extern') continue;
    const { text, span } = statement.name;
    const taken = links.lattices.has(text) ? 'a lattice' : takenBy(text, relationNames, functions);
    if (taken !== null) {
      reporter.error('TRL0252', span, `\`${text}\` is ${taken} already`, {
        help: 'call the function otherwise; relations and functions share one namespace',
      });
      continue;
    }
    functions.set(text, readFunction(statement, links, reporter));
  }
  return functions;
}

function takenBy(
  name: string,
  relations: ReadonlySet<string>,
  functions: ReadonlyMap<string, ExternFunction>,
): string | null {
  if (functions.has(name)) return 'declared';
  if (relations.has(name) || isBuiltinRelation(name)) return 'a relation';
  return builtinFunctions.has(name) ? 'a built-in function' : null;
}

function readFunction(
  statement: ast.ExternFunction,
  links: SourceLinks,
  reporter: Reporter,
): ExternFunction {
  const { name, path, properties, doc, span } = statement;
  checkProperties(properties, reporter);
  const read = (expression: ast.TypeExpression): Type => {
    const type = readType(expression, reporter, links.lattices);
    if (holdsLattice(type)) {
      reporter.error(
        'TRL0253',
        expression.span,
        `${typeText(type)} does not cross the border to TypeScript`,
        {
          help: 'declare the type of the plain value, and reveal the lattice value in the call',
        },
      );
    }
    return type;
  };
  const parameters = statement.parameters.map((p) => ({ name: p.name.text, type: read(p.type) }));
  const result = read(statement.result);
  // An instance's function is exported under the name that its module gives it.
  const exportName = name.text.slice(name.text.lastIndexOf('.') + 1);
  const file = links.functionFileOf.get(path) ?? null;
  if (file !== null) {
    const signature = readSignature(file.source.text, exportName);
    if (signature === null) reportMissing(statement, exportName, file.source.text, reporter);
    else
      compare(
        statement,
        parameters.map((p) => p.type),
        result,
        signature,
        reporter,
      );
  }
  return {
    name: name.text,
    exportName,
    parameters,
    result,
    properties: [...new Set(properties.map((property) => property.text))].sort(),
    path: path.text,
    file,
    doc,
    span,
  };
}

/** Each at most once, and none that says the opposite of another. */
function checkProperties(properties: readonly ast.Identifier[], reporter: Reporter): void {
  const words = properties.map(({ text }) => text);
  for (const [i, { text, span }] of properties.entries()) {
    const before = words.slice(0, i);
    // With more, a morphism gives more.
    const opposite =
      text === 'antitone'
        ? before.find((word) => word === 'monotone' || word === 'morphism')
        : text === 'injective' || !before.includes('antitone')
          ? undefined
          : 'antitone';
    if (before.includes(text))
      reporter.error('TRL0255', span, `\`${text}\` is said twice`, { help: 'say it once' });
    else if (opposite !== undefined)
      reporter.error('TRL0255', span, `\`${text}\` and \`${opposite}\` are opposites`, {
        help: 'declare the one that holds: with a greater argument, a monotone function or a morphism never gives less, an antitone one never more',
      });
  }
}

function reportMissing(
  { name, path }: ast.ExternFunction,
  exportName: string,
  text: string,
  reporter: Reporter,
): void {
  const nearest = reporter.nearest(exportName, exportedNames(text));
  reporter.error('TRL0250', name.span, `${path.text} exports no function \`${exportName}\``, {
    secondary: [{ span: path.span, text: 'this file was read' }],
    help:
      nearest === null
        ? `write \`export function ${exportName}(...)\` there`
        : `did you mean \`${nearest}\`?`,
  });
}

function compare(
  statement: ast.ExternFunction,
  parameters: readonly Type[],
  result: Type,
  signature: ScriptSignature,
  reporter: Reporter,
): void {
  const complain = (span: Span, message: string, help: string): void =>
    reporter.error('TRL0251', span, message, { help });
  const { name } = statement;
  const resultSpan = statement.result.span;
  const given = signature.result === null ? [] : membersOf(signature.result);
  if (signature.isAsync || given.some((member) => /^Promise\s*</.test(member))) {
    complain(
      resultSpan,
      `\`${name.text}\` returns a Promise, but a timestep cannot wait`,
      'compute it at once; what takes time comes in through an `input`',
    );
    return;
  }
  if (signature.isGenerator) {
    complain(
      resultSpan,
      `\`${name.text}\` is a generator: a call gives no value, but something that makes values`,
      'write a function that returns them at once, as an array say',
    );
    return;
  }
  compareParameters(statement, parameters, signature, complain);
  const { result: there } = signature;
  if (there === null) return;
  if (given.some((member) => /^(?:undefined|void)$/.test(member)))
    complain(
      resultSpan,
      `the file says \`${there}\`, but a call must give a value`,
      'return one for all arguments; `null` is a value of the type any',
    );
  else if (!given.every((member) => mayHold(member, result)))
    complain(resultSpan, mismatch(result, there), hint(result));
}

function compareParameters(
  { name, parameters: declared }: ast.ExternFunction,
  types: readonly Type[],
  { parameters: written }: ScriptSignature,
  complain: (span: Span, message: string, help: string) => void,
): void {
  if (written === null) return;
  const required = written.filter(({ isOptional }) => !isOptional).length;
  const last = written.at(-1);
  const rest = last?.isRest === true ? last : null;
  if (types.length < required || (types.length > written.length && rest === null)) {
    complain(
      name.span,
      `\`${name.text}\` is declared with ${count(types.length)}, but its file has ${count(written.length)}`,
      'declare as many as the function has',
    );
    return;
  }
  for (const [i, type] of types.entries()) {
    const { span } = declared[i]!.type;
    const at = written[i] ?? rest!;
    const there = at.isRest ? itemOf(at.type) : at.type;
    if (there === null || membersOf(there).some((member) => mayHold(member, type))) continue;
    if (at.isRest)
      complain(
        span,
        `this is declared ${typeText(type)}, but the file says \`...${at.type ?? ''}\`: each further argument is one \`${there}\``,
        'declare a parameter for each argument, or take an array in the file',
      );
    else complain(span, mismatch(type, there), hint(type));
  }
}

/** Of the type of an array, as far as it is plain to see, that of its items. */
function itemOf(type: string | null): string | null {
  const text = (type ?? '').replace(/^readonly\s+/, '').trim();
  const generic = /^(?:Readonly)?Array\s*<(.*)>$/s.exec(text);
  if (generic !== null) return generic[1]!.trim();
  return text.endsWith('[]') && !text.includes('|') ? text.slice(0, -2).trim() : null;
}

/** What a union is made of; a type with an arrow is left whole. */
function membersOf(type: string): readonly string[] {
  if (type.includes('=>')) return [type];
  return splitTop(type, '|')
    .map((member) => member.trim())
    .filter((member) => member !== '');
}

function count(n: number): string {
  return n === 1 ? '1 parameter' : `${n} parameters`;
}
function mismatch(type: Type, there: string): string {
  return `this is declared ${typeText(type)}, but the file says \`${there}\``;
}
function hint(type: Type): string {
  const shape = shapeOf(type);
  return shape === null
    ? 'change one of the two'
    : `${typeText(type)} is \`${shape}\` in TypeScript`;
}

/** What a value of the type is in TypeScript, as its outermost word; null for anything. */
function shapeOf(type: Type): string | null {
  switch (type.kind) {
    case 'int':
    case 'nat':
    case 'float':
      return 'number';
    case 'string':
    case 'addr':
      return 'string';
    case 'bool':
      return 'boolean';
    case 'bytes':
      return 'Uint8Array';
    case 'list':
    case 'tuple':
      return 'array';
    case 'set':
      return 'Set';
    case 'map':
      return 'Map';
    default:
      return null;
  }
}

/** Whether a type of TypeScript, as far as it is plain to see, may hold such values. */
function mayHold(there: string, type: Type): boolean {
  const shape = shapeOf(type);
  const plain = plainShape(there);
  return shape === null || plain === null || shape === plain;
}

/** The outermost word of a type that is plain to see; null for names, unions and the like. */
function plainShape(there: string): string | null {
  const text = there.replace(/^readonly\s+/, '').trim();
  if (/^(?:number|string|boolean|Uint8Array)$/.test(text)) return text;
  if (/^(?:void|undefined|null|never|symbol|bigint|object)$/.test(text)) return text;
  if (text.includes('|') || text.includes('&') || text.includes('=>')) return null;
  if (text.endsWith('[]') || /^\[.*\]$/.test(text) || /^(?:Readonly)?Array\s*</.test(text))
    return 'array';
  if (/^(?:Readonly)?Set\s*</.test(text)) return 'Set';
  return /^(?:Readonly)?Map\s*</.test(text) ? 'Map' : null;
}
