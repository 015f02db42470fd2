/** Codes of area 09: what the simulator says about a run. None of them shows in a program's text. */
import type { CodeEntry } from '../code-entry.js';

export const simulationCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0901',
    title: 'an input is for a node that is not simulated',
    explanation:
      'An input names a node, in its `node` field or in the column marked `@`, that is not among the simulated ones. ' +
      'It was dropped and counted.\n\n' +
      'The simulated nodes are those given with --nodes or in the cluster file; without either, every node that a ' +
      'location column of the facts names.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0902',
    title: 'a node did not come to rest',
    explanation:
      'A node runs a timestep whenever the last one changed its state. One that changes its state in every timestep ' +
      'never comes to rest, and a simulation stops it after a bounded number of timesteps. What such a run shows is ' +
      'what it came to by then, no final outcome, and it is no evidence for or against confluence.\n\n' +
      'Rules like `n(x + 1)@next :- n(x);` do this on purpose; often it is a missing bound or a pair of rules that ' +
      'undo each other.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0903',
    title: 'a simulated run did not come to rest',
    explanation:
      "Besides the bound on each node's timesteps, a whole run has a bound on the events that it dispatches: inputs, " +
      'arrivals, timers and timesteps. A run that passes it is stopped, and what it shows is no final outcome.\n\n' +
      'Nodes that answer each message with another one, or a very short periodic under a long horizon, do this.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0904',
    title: 'nodes applied different entries of the ordered log',
    explanation:
      'The ordered log promises that all nodes apply the same entries in the same order. Two nodes of a simulated run ' +
      'did not. No program can cause this: it is a bug in Trellis.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0905',
    title: 'a node lacks entries of the ordered log',
    explanation:
      'A simulated run came to rest although a node had not yet applied entries of the ordered log that another had. ' +
      'No program can cause this: it is a bug in Trellis.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0906',
    title: 'a run differs from a sequential run of its ordered log',
    explanation:
      'What an ordered log coordinates should come out as if its entries had been applied one by one, each after ' +
      'everything that the one before it caused. The replicated state of a simulated run differs from that. Either ' +
      'some of this state also depends on the order of events that do not pass through the log (the report says which ' +
      'rules race), or it is a bug in Trellis.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0907',
    title: 'an invariant does not hold',
    explanation:
      'The simulator checks every `invariant` of the program after every timestep of every node, over what all nodes ' +
      'hold at that moment and over everything that outputs have ever released. It found tuples that the invariant ' +
      'forbids. The run with that seed shows it again.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0908',
    title: 'a file cannot be replayed',
    explanation:
      '`trellis replay` takes a witness, as `trellis report --witness-dir DIR` writes it, or a trace, as ' +
      '`trellis simulate --trace FILE` does. This file is neither, or something in it is not as it was written; the ' +
      'message says what.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0909',
    title: 'a replay of another program',
    explanation:
      'A witness or a trace names the program that it is about and holds a fingerprint of it. The program of that name ' +
      'now says something else: its rules, facts, params or functions have changed, so what happened then says nothing ' +
      'about it. Comments and layout do not count.\n\n' +
      'Write the witness again, or name the program as it was with --program.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0910',
    title: 'a replay came out differently',
    explanation:
      'A witness or a trace is run again step by step, and some step, or the outcome, is not what the file says. Either ' +
      'the file was edited, or it comes from a version of Trellis that runs programs in another way: then it proves ' +
      'nothing any more.',
    wrong: null,
    right: null,
  },
];
