/**
 * A `.ded` file through the compiler: load, check, lower three times.
 *
 *     lockstep     all nodes in one program, round by round: what `run` runs, and what is checked
 *     nodes        the program of one node: what is analysed, coordinated and simulated
 *     assertions   what is evaluated over all nodes when they have come to rest
 *
 * Diagnostics are those of the lockstep program, whose rules are the ones written; a program that
 * is sound there and cannot be put on nodes says so in `obstacles`, and still runs in lockstep.
 */
import type { Value } from '../base/value.js';
import type { SourceFile, Span } from '../base/span.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { checkDedalus } from '../semantics/check-dedalus.js';
import { checkModule } from '../semantics/check-module.js';
import type { LoweredModule } from '../semantics/dedalus-lowering.js';
import { dedalusBuiltins, readDedalus } from '../semantics/dedalus-program.js';
import type { DedalusProgram } from '../semantics/dedalus-program.js';
import { atomsOf } from '../semantics/dedalus-program.js';
import { lowerAssertions } from '../semantics/lower-dedalus-assertions.js';
import { lowerLockstep } from '../semantics/lower-dedalus-lockstep.js';
import { lowerNodes } from '../semantics/lower-dedalus-nodes.js';
import { placeDedalus } from '../semantics/place-dedalus.js';
import type { Program } from '../semantics/program.js';
import { Reporter } from '../semantics/reporter.js';
import type { DedalusModule } from '../syntax/dedalus-ast.js';
import { loadDedalus } from './load-dedalus.js';
import type { SourceLoader } from './source-loader.js';

/** What the dialect adds to a compilation. */
export interface DedalusCompilation {
  /** All statements, includes resolved. */
  readonly module: DedalusModule;
  readonly lockstep: Program;
  /** Null for a program without assertions. */
  readonly assertions: DedalusAssertions | null;
  /** Names that stand in the location columns of facts, sorted. */
  readonly nodes: readonly string[];
  /** The last time that the program names; null if it reads `clock` and so never comes to rest. */
  readonly lastTime: number | null;
  /** Names of the observables, sorted. */
  readonly observables: readonly string[];
  /** Why no node can run the program by itself, as errors; empty if one can. */
  readonly obstacles: readonly Diagnostic[];
}
export interface DedalusAssertions {
  readonly program: Program;
  /** Relations of the nodes that it takes as inputs. */
  readonly reads: readonly string[];
}

export interface CompiledDedalus {
  readonly module: DedalusModule;
  readonly diagnostics: readonly Diagnostic[];
  /** Null if there are errors. */
  readonly dedalus: DedalusCompilation | null;
  /** The program of one node; null if there are errors or obstacles. */
  readonly nodeProgram: Program | null;
}

export function isDedalus({ path }: SourceFile): boolean {
  return path.endsWith('.ded');
}

export function compileDedalus(
  source: SourceFile,
  observe: readonly string[] | null,
  sources: SourceLoader,
): CompiledDedalus {
  const loaded = loadDedalus(source, sources);
  const program = readDedalus(loaded.value);
  const { module } = program;
  const reporter = new Reporter();
  checkDedalus(program, reporter);
  const places = placeDedalus(program, reporter);
  const shown = observe ?? defaultObservables(program);
  const lockstep = check(lowerLockstep(program, places), shown);
  const diagnostics = [...loaded.diagnostics, ...reporter.finish(), ...lockstep.diagnostics];
  if (lockstep.program === null || hasErrors(diagnostics))
    return { module, diagnostics, dedalus: null, nodeProgram: null };

  const { assertions } = places;
  const onNodes = shown.filter((name) => !assertions.has(name));
  const nodes = check(lowerNodes(program, places), onNodes);
  const lowered = lowerAssertions(program, places);
  const asserted = shown.filter((name) => assertions.has(name));
  const checked = lowered === null ? null : check(lowered, asserted);
  const obstacles = [...nodes.diagnostics, ...(checked?.diagnostics ?? [])].filter(
    ({ severity }) => severity === 'error',
  );
  const dedalus: DedalusCompilation = {
    module,
    lockstep: lockstep.program,
    assertions:
      lowered === null || checked === null || checked.program === null
        ? null
        : { program: checked.program, reads: lowered.reads },
    nodes: placesOfFacts(program),
    lastTime: program.lastTime,
    observables: [...new Set(shown)].sort(),
    obstacles,
  };
  const nodeProgram =
    obstacles.length > 0 || nodes.program === null ? null : sendAlways(nodes.program);
  return { module, diagnostics, dedalus, nodeProgram };
}

/** `@async` sends in every timestep in which it is derived, also what stands since boot. */
function sendAlways(program: Program): Program {
  const rules = program.rules.map((rule) =>
    rule.head.mode === 'async' ? { ...rule, eventDriven: true } : rule,
  );
  return { ...program, rules };
}

/** `post` if there is one, else what no other rule reads. */
function defaultObservables({ relations, rules }: DedalusProgram): readonly string[] {
  if (relations.has('post')) return ['post'];
  const declared = [...relations.values()].filter(
    ({ declaration }) => declaration?.collection === 'output' || declaration?.collection === 'view',
  );
  if (declared.length > 0) return declared.map(({ name }) => name);
  const read = new Set(
    rules.flatMap(({ head, body }) =>
      atomsOf(body)
        .map(({ relation }) => relation.text)
        .filter((name) => name !== head.relation.text),
    ),
  );
  return [...relations.keys()].filter((name) => !read.has(name) && !dedalusBuiltins.has(name));
}

function placesOfFacts({ facts }: DedalusProgram): readonly string[] {
  const names = new Set<Value>();
  for (const { head } of facts) {
    const place = head.arguments[0];
    if (place?.kind === 'term' && place.term.kind === 'constant') names.add(place.term.value);
  }
  return [...names].filter((name) => typeof name === 'string').sort();
}

/** Checks a lowered module and gives rules and facts the names that they have in the source. */
function check(
  { module, names }: LoweredModule,
  observe: readonly string[],
): { readonly program: Program | null; readonly diagnostics: readonly Diagnostic[] } {
  const { value, diagnostics } = checkModule(module, { params: new Map(), observe });
  if (value === null) return { program: null, diagnostics };
  const nameAt = (span: Span, otherwise: string): string => names.get(span) ?? otherwise;
  const program: Program = {
    ...value,
    rules: value.rules.map((rule) => {
      const name = nameAt(rule.origin.span, rule.name);
      return { ...rule, name, origin: { ...rule.origin, rule: name } };
    }),
    facts: value.facts.map((fact) => ({ ...fact, name: nameAt(fact.span, fact.name) })),
  };
  return { program, diagnostics };
}
