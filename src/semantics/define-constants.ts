/**
 * Values of `const` and `param`. A definition may use any other, in whatever order they stand, so
 * each is evaluated when it is first asked for; asking for one that is being evaluated is a cycle.
 * A param's value is what was set from outside, else its default.
 */
import type { Span } from '../base/span.js';
import { isInt, type Value } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import type * as ast from '../syntax/ast.js';
import { adaptConstant, evaluateClosed, isClosed } from './constants.js';
import { fitGiven } from './fit-given.js';
import { isLatticeType } from './lattice-shape.js';
import { latticeValueFor, revealedType } from './lattice-types.js';
import type { Constant, Term } from './program.js';
import { readType } from './read-type.js';
import { anyType, fits, literalIntType, typeText, unknownType, widenInt } from './relate-types.js';
import type { Reporter } from './reporter.js';
import { typeTerm } from './type-term.js';
import { valueType } from './value-type.js';
import type { Type } from './types.js';

/** The constants of a module: by name, params included; and the params alone, in source order. */
export interface Constants {
  readonly byName: ReadonlyMap<string, Constant>;
  readonly params: readonly { readonly name: string; readonly value: Value }[];
}

/** What names stand for besides constants. */
interface OuterNames {
  readonly isRelation: (name: string) => boolean;
  readonly lattices: ReadonlySet<string>;
}

export function defineConstants(
  module: ast.Module,
  set: ReadonlyMap<string, Value>,
  names: OuterNames,
  reporter: Reporter,
): Constants {
  const definitions = collectDefinitions(module, reporter);
  reportUnknownParams(definitions, set, reporter);
  const byName = new DefinitionMap(definitions, set, names, reporter);
  const values = new Map<string, Constant>();
  for (const name of definitions.keys()) values.set(name, byName.get(name)!);
  const params = [...definitions.values()]
    .filter((definition) => definition.kind === 'param')
    .map(({ name }) => ({ name: name.text, value: values.get(name.text)!.value }));
  return { byName: values, params };
}

function collectDefinitions(
  module: ast.Module,
  reporter: Reporter,
): ReadonlyMap<string, ast.Definition> {
  const definitions = new Map<string, ast.Definition>();
  for (const statement of module.statements) {
    if (statement.kind !== 'const' && statement.kind !== 'param') continue;
    const earlier = definitions.get(statement.name.text);
    if (earlier === undefined) definitions.set(statement.name.text, statement);
    else {
      reporter.error(
        'TRL0205',
        statement.name.span,
        `\`${statement.name.text}\` is defined twice`,
        {
          text: 'defined again here',
          secondary: [{ span: earlier.name.span, text: 'first defined here' }],
          help: 'remove one of the two, or rename it',
        },
      );
    }
  }
  return definitions;
}

function reportUnknownParams(
  definitions: ReadonlyMap<string, ast.Definition>,
  set: ReadonlyMap<string, Value>,
  reporter: Reporter,
): void {
  const params = [...definitions.values()]
    .filter((d) => d.kind === 'param')
    .map((d) => d.name.text);
  for (const name of [...set.keys()].sort()) {
    const definition = definitions.get(name);
    if (definition?.kind === 'param') continue;
    if (definition !== undefined) {
      const dot = name.lastIndexOf('.');
      const [alias, own] = [name.slice(0, dot), name.slice(dot + 1)];
      reporter.error(
        'TRL0206',
        definition.name.span,
        dot < 0
          ? `\`${name}\` cannot be set from outside: it is a const`
          : `\`${name}\` cannot be set from outside: it is inside the instance \`${alias}\``,
        {
          help:
            dot < 0
              ? `write \`param ${name} = ...;\` to make it settable`
              : `a param of a module is set where it is used, \`use ... as ${alias} (${own} = ...)\`, to a param of the program if need be`,
        },
      );
      continue;
    }
    const nearest = reporter.nearest(name, params);
    const known =
      params.length === 0
        ? 'the program has no params'
        : `its params are ${[...params].sort().join(', ')}`;
    reporter.error('TRL0206', null, `the program has no param \`${name}\``, {
      help: nearest === null ? known : `did you mean \`${nearest}\`?`,
    });
  }
}

const unknownConstant = (span: Span): Constant => ({
  kind: 'constant',
  value: null,
  type: unknownType,
  span,
});

/** The constants, evaluated on demand. Only `get` is meant to be used: it is what a scope needs. */
class DefinitionMap extends Map<string, Constant> {
  readonly #definitions: ReadonlyMap<string, ast.Definition>;
  readonly #set: ReadonlyMap<string, Value>;
  readonly #names: OuterNames;
  readonly #reporter: Reporter;
  /** Names under evaluation, outermost first. */
  readonly #open: string[] = [];

  constructor(
    definitions: ReadonlyMap<string, ast.Definition>,
    set: ReadonlyMap<string, Value>,
    names: OuterNames,
    reporter: Reporter,
  ) {
    super();
    this.#definitions = definitions;
    this.#set = set;
    this.#names = names;
    this.#reporter = reporter;
  }

  override get(name: string): Constant | undefined {
    const known = super.get(name);
    const definition = this.#definitions.get(name);
    if (known !== undefined || definition === undefined) return known;
    if (this.#open.includes(name)) return this.#reportCycle(name, definition);
    this.#open.push(name);
    const value = this.#evaluate(definition);
    this.#open.pop();
    // A cycle has given the name poison already.
    const settled = super.get(name) ?? value;
    this.set(name, settled);
    return settled;
  }

  #reportCycle(name: string, definition: ast.Definition): Constant {
    const cycle = [...this.#open.slice(this.#open.indexOf(name)), name];
    this.#reporter.error(
      'TRL0208',
      definition.name.span,
      `the value of \`${name}\` depends on itself: ${cycle.join(' -> ')}`,
      {
        secondary: cycle.slice(1, -1).map((other) => ({
          span: this.#definitions.get(other)!.name.span,
          text: 'by way of this one',
        })),
        help: 'give one of them a value of its own',
      },
    );
    const value = unknownConstant(definition.name.span);
    for (const member of cycle) this.set(member, value);
    return value;
  }

  #evaluate(definition: ast.Definition): Constant {
    const { name } = definition;
    const declared =
      definition.type === null
        ? null
        : readType(definition.type, this.#reporter, this.#names.lattices);
    const { value, replaced } = definition;
    const wanted = declared ?? (replaced === undefined ? null : this.#typeOf(definition, replaced));
    const byDefault = value === null ? null : this.#evaluateTerm(definition, value, wanted);
    const given = definition.kind === 'param' ? this.#set.get(name.text) : undefined;
    if (given !== undefined)
      return this.#override(definition, given, declared ?? (byDefault && typeOfDefault(byDefault)));
    if (byDefault !== null) return byDefault;
    this.#reporter.error(
      'TRL0207',
      name.span,
      `the param \`${name.text}\` has neither a default nor a value`,
      {
        help: `set it from outside (\`--set ${name.text}=...\`), or write \`param ${name.text} = ...;\``,
      },
    );
    return unknownConstant(name.span);
  }

  #typeOf(definition: ast.Definition, byDefault: ast.Term): Type {
    return typeOfDefault(this.#evaluateTerm(definition, byDefault, null));
  }

  #evaluateTerm(definition: ast.Definition, term: ast.Term, declared: Type | null): Constant {
    const { name } = definition;
    const value = evaluateConstantTerm(term, declared, this, this.#names, this.#reporter);
    if (value === null) return unknownConstant(name.span);
    if (declared === null) return value;
    const held = isLatticeType(declared) ? latticeValueFor(value.value, declared) : null;
    if (held !== null) return { ...value, value: held, type: declared };
    if (fits(value.type, declared)) {
      if (declared.kind === 'nat' && isInt(value.value) && value.value < 0)
        reportNegative(value, this.#reporter);
      return { ...value, type: declared };
    }
    this.#reporter.error(
      'TRL0324',
      term.span,
      definition.type === null
        ? `\`${name.text}\` is ${typeText(declared)} by its default, but this value is ${typeText(value.type)}`
        : `\`${name.text}\` is declared ${typeText(declared)}, but its value is ${typeText(value.type)}`,
      {
        text: `this is ${typeText(value.type)}`,
        help:
          definition.type === null
            ? `set it to a value of type ${typeText(declared)}, or declare the type of the param`
            : `change the type to ${typeText(value.type)}, or the value`,
      },
    );
    return { ...unknownConstant(name.span), type: declared };
  }

  #override(definition: ast.Definition, outside: Value, declared: Type | null): Constant {
    const { name } = definition;
    const given = declared === null ? outside : givenFor(outside, declared);
    const type = valueType(given);
    const constant = adaptConstant(
      { kind: 'constant', value: given, type, span: name.span },
      declared,
    );
    const isNegative = declared?.kind === 'nat' && isInt(given) && given < 0;
    if (declared === null || (fits(type, declared) && !isNegative))
      return declared === null ? constant : { ...constant, type: declared };
    this.#reporter.error(
      'TRL0324',
      name.span,
      `\`${name.text}\` is set to ${valueText(given)}, which is not ${typeText(declared)}`,
      {
        text: `this param is ${typeText(declared)}`,
        help: `set it to a value of type ${typeText(declared)}`,
      },
    );
    return { ...unknownConstant(name.span), type: declared };
  }
}

/** What a param may be set to if only its default says so: of `null` nothing is known. */
function typeOfDefault({ type }: Constant): Type {
  return type.kind === 'null' ? anyType : widenInt(type);
}

function reportNegative(value: Constant, reporter: Reporter): void {
  reporter.error(
    'TRL0315',
    value.span,
    `${valueText(value.value)} is negative, and a nat never is`,
    {
      help: 'use a value of 0 or more, or the type int',
    },
  );
}

/** The value of a term that must be constant, as `expected` wants it; null after an error. */
export function evaluateConstantTerm(
  term: ast.Term,
  expected: Type | null,
  constants: ReadonlyMap<string, Constant>,
  names: OuterNames,
  reporter: Reporter,
): Constant | null {
  let isConstant = true;
  const variableType = (): Type => {
    isConstant = false;
    return unknownType;
  };
  const typed = typeTerm(term, { constants, ...names, reporter, variableType }, expected);
  if (!isConstant) {
    reporter.error(
      'TRL0214',
      term.span,
      'this must be a constant term, but it uses a name that is no constant',
      {
        help: 'use literals, other constants, and functions of them',
        ...suggestConstant(term, constants, reporter),
      },
    );
    return null;
  }
  if (!isClosed(typed) || usesUnknown(typed)) return null;
  return evaluateTyped(typed, expected, reporter);
}

/** Whether it needs a constant of which an error has been told: it has a type, and null for its value. */
function usesUnknown(term: Term): boolean {
  if (term.kind === 'constant')
    return term.value === null && term.type.kind !== 'null' && term.type.kind !== 'any';
  return term.kind === 'apply' && term.arguments.some(usesUnknown);
}

function suggestConstant(
  term: ast.Term,
  constants: ReadonlyMap<string, Constant>,
  reporter: Reporter,
): { help?: string | null } {
  return term.kind === 'name' ? reporter.suggestion(term.text, term.span, constants.keys()) : {};
}

/** The value of a closed typed term; null if a function in it fails, which is reported. */
export function evaluateTyped(
  typed: Constant | Parameters<typeof evaluateClosed>[0],
  expected: Type | null,
  reporter: Reporter,
): Constant | null {
  if (typed.kind === 'constant') return typed;
  const result = evaluateClosed(typed);
  if (result.kind === 'failure') {
    reporter.error(
      'TRL0321',
      typed.span,
      `this constant expression has no value: ${result.message}`,
      {
        help: 'change it so that it can be computed',
      },
    );
    return null;
  }
  const type = typed.type.kind === 'int' ? literalIntType : typed.type;
  return adaptConstant({ kind: 'constant', value: result.value, type, span: typed.span }, expected);
}

/** A value from outside as the type wants it; in place of a lattice value its plain value will do. */
function givenFor(outside: Value, type: Type): Value {
  const given = fitGiven(outside, revealedType(type));
  return latticeValueFor(given, type) ?? given;
}
