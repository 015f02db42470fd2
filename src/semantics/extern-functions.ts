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
import { readSignature, type ScriptSignature } from './read-signature.js';
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

function reportMissing(
  { name, path }: ast.ExternFunction,
  exportName: string,
  text: string,
  reporter: Reporter,
): void {
  const known = [...text.matchAll(/\bexport\s+(?:async\s+)?function\s+(\w+)/g)].map((m) => m[1]!);
  const nearest = reporter.nearest(exportName, known);
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
  const written = signature.parameters;
  if (signature.isAsync || /^Promise\s*</.test(signature.result ?? '')) {
    complain(
      statement.result.span,
      `\`${name.text}\` returns a Promise, but a timestep cannot wait`,
      'compute it at once; what takes time comes in through an `input`',
    );
    return;
  }
  const required = written.filter(({ isOptional }) => !isOptional).length;
  const hasRest = written.at(-1)?.isRest === true;
  if (parameters.length < required || (parameters.length > written.length && !hasRest)) {
    complain(
      name.span,
      `\`${name.text}\` is declared with ${count(parameters.length)}, but its file has ${count(written.length)}`,
      'declare as many as the function has',
    );
    return;
  }
  for (const [i, type] of parameters.entries()) {
    const there = written[i]?.isRest === false ? written[i].type : null;
    const span = statement.parameters[i]!.type.span;
    if (there !== null && !mayHold(there, type)) complain(span, mismatch(type, there), hint(type));
  }
  if (signature.result !== null && !mayHold(signature.result, result))
    complain(statement.result.span, mismatch(result, signature.result), hint(result));
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
