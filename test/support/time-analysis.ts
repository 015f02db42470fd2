/**
 * What the analysis of a program costs: all that a report says (verdicts, blame, mechanisms, repairs,
 * rules, the coordination plan), after parsing and checking, without witness search. Processor time,
 * so that other work on the machine counts little.
 */
import { analyzeConfluence } from '../../src/analysis/confluence.js';
import { assembleReport } from '../../src/report/assemble-report.js';
import { coordinateProgram } from '../../src/rewrite/coordinate.js';
import type { Program } from '../../src/semantics/program.js';
import type { MonotonicityReport } from '../../src/report/monotonicity-report.js';
import { compileSound } from './compile-text.js';

/** Analyses a program from scratch, provided that nothing analysed it before. */
export function reportOn(program: Program): MonotonicityReport {
  const confluence = analyzeConfluence(program);
  const { program: coordinated, plan } = coordinateProgram(program, confluence, {
    mode: 'auto',
    members: null,
  });
  const plain = { written: program, entries: new Map(), alike: new Set<string>(), exchanges: [] };
  return assembleReport(
    {
      ...plain,
      program,
      confluence,
      coordinated,
      onNodes: program,
      bare: program,
      guarded: program,
      carriers: new Map(),
      barrier: null,
      plan,
    },
    null,
  );
}

/** Milliseconds of processor time; each call compiles the text anew, so that nothing is known. */
export function timeAnalysis(text: string): number {
  const program = { ...compileSound(text).program };
  const before = process.cpuUsage();
  reportOn(program);
  return process.cpuUsage(before).user / 1000;
}
