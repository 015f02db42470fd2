/**
 * Every case of this folder under every treatment, against its one expected file, which says what
 * the language means and is never rewritten by a program:
 *
 *     local       the node on the reference evaluator, input by input
 *     engine      the same on the engine
 *     closures    the same where code may not be made of text
 *     printed     the same after the program was printed and read again
 *     seeds       the simulator: delays, reordering, duplicates, boot jitter
 *     replicated  on three nodes among which the inputs are dealt out, every node shows the same
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linkClosures } from '../../src/engine/closure-unit.js';
import { explore } from '../../src/simulator/explore.js';
import type { Exploration } from '../../src/simulator/explore.js';
import { defaultSimulationOptions } from '../../src/simulator/outcome.js';
import { compilePrinted } from '../support/compile-text.js';
import { compileCase, readCase, sectionsOfOutcome, sectionsOfRun, subjectOf, tablesOf } from '../support/conformance-case.js';
import type { ConformanceCase, Sections } from '../support/conformance-case.js';
import { runLocally } from '../support/local-cluster.js';
import type { ClusterSubject, LocalRun } from '../support/local-cluster.js';
import { repositoryRoot } from '../support/trellis-command.js';

const root = join(repositoryRoot, 'test/conformance');
const cases = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ name, one: readCase(join(root, name)) }));
const having = (treatment: ConformanceCase['treatments'][number]): typeof cases => cases.filter(({ one }) => one.treatments.includes(treatment));

/** Consecutive seeds: one for every habit of the scheduler. */
const runs = process.env['TRELLIS_NIGHTLY'] === '1' ? 200 : 9;

function checkLocalRun(one: ConformanceCase, subject: ClusterSubject): void {
  const run = runLocally(subject, one.untilMs);
  checkFailures(one, run);
  // A node that cannot boot or stops for a bound halts by itself, with its failure.
  const halts = one.expected.errors.length > 0 && one.expected.halts.length === 0 ? [] : run.haltCodes;
  expect(halts).toEqual(one.expected.halts);
  expect(sectionsOfRun(one, subject, run)).toEqual(one.expected.sections);
}

function checkFailures({ expected }: ConformanceCase, { failures }: Pick<LocalRun, 'failures'>): void {
  const codes = new Set(failures.map(({ code }) => code));
  expect([...codes].sort()).toEqual([...new Set(expected.errors.map(({ code }) => code))].sort());
  for (const { code, name } of expected.errors) {
    expect(failures.filter((failure) => failure.code === code).map(({ message }) => message).join('\n')).toContain(name);
  }
}

function exploreCase(one: ConformanceCase, subject: ClusterSubject, replicated: readonly string[]): Exploration {
  return explore(
    { ...subject, replicated, stored: tablesOf(one), log: { retryMs: 100, catchUpMs: 1000 } },
    { ...defaultSimulationOptions, duplicate: 0.2, untilMs: one.untilMs, runs, firstSeed: 1 },
  );
}

function withoutSteps(sections: Sections): Sections {
  return Object.fromEntries(Object.entries(sections).filter(([header]) => header !== 'steps'));
}

/** What each of three nodes is to show if it shows what one node alone would. */
function onEveryNode(sections: Sections, nodes: readonly string[], locations: ReadonlyMap<string, number>): Sections {
  const spread = (header: string, lines: readonly string[]): readonly string[] =>
    locations.has(header.split(' ')[1]!) ? lines : nodes.flatMap((node) => lines.map((line) => `${node} ${line}`)).sort();
  return Object.fromEntries(Object.entries(withoutSteps(sections)).map(([header, lines]) => [header, spread(header, lines)]));
}

/** The inputs go to the nodes in turn. */
function dealt(subject: ClusterSubject): ClusterSubject {
  const inputs = subject.workload.inputs.map((input, i) => ({ ...input, node: subject.nodes[i % subject.nodes.length]! }));
  return { ...subject, workload: { ...subject.workload, inputs } };
}

describe('local', () => {
  it.each(having('local'))('$name', ({ one }) => {
    checkLocalRun(one, subjectOf(one, compileCase(one), one.nodes, 'reference'));
  });
});

describe('engine', () => {
  it.each(having('local'))('$name', ({ one }) => {
    checkLocalRun(one, subjectOf(one, compileCase(one), one.nodes, 'engine'));
  });
});

describe('closures', () => {
  it.each(having('local'))('$name', ({ one }) => {
    checkLocalRun(one, subjectOf(one, compileCase(one), one.nodes, 'engine', { linker: linkClosures }));
  });
});

describe('printed', () => {
  it.each(having('printed'))('$name', ({ one }) => {
    const compiled = compileCase(one);
    const written = { ...compiled, program: compiled.written };
    checkLocalRun(one, subjectOf(one, compilePrinted(written, one.params), one.nodes));
  });
});

describe('seeds', () => {
  it.each(having('seeds'))('$name', ({ one }) => {
    const subject = subjectOf(one, compileCase(one), one.nodes);
    const { outcomes, violations } = exploreCase(one, subject, []);
    expect(outcomes.map(({ seed, quiescent }) => ({ seed, quiescent }))).toEqual([{ seed: 1, quiescent: true }]);
    const { outcome } = outcomes[0]!;
    checkFailures(one, { failures: violations.flatMap(({ cause }) => cause ?? []) });
    if (one.expected.errors.length === 0) expect(sectionsOfOutcome(one, subject, outcome)).toEqual(withoutSteps(one.expected.sections));
  });
});

describe('replicated', () => {
  const nodes = ['n1', 'n2', 'n3'];
  it.each(having('replicated'))('$name', ({ one }) => {
    const subject = dealt(subjectOf(one, compileCase(one), nodes));
    const expected = onEveryNode(one.expected.sections, nodes, subject.program.locationByRelation);
    expect(sectionsOfRun({ ...one, expected: { ...one.expected, sections: expected } }, subject, runLocally(subject, one.untilMs))).toEqual(expected);
    const { outcomes } = exploreCase(one, subject, [...subject.program.observables.keys()]);
    expect(outcomes.map(({ replicasAgree }) => replicasAgree)).toEqual([true]);
    expect(sectionsOfOutcome(one, subject, outcomes[0]!.outcome)).toEqual(expected);
  });
});

it('has every case in some treatment, and a case for nearly everything', () => {
  expect(cases.length).toBeGreaterThan(90);
  expect(cases.filter(({ one }) => one.treatments.length === 0)).toEqual([]);
});
