/** Codes of area 06: what the confluence analysis could not prove. All are warnings or notes. */
import type { CodeEntry } from '../code-entry.js';

export const analysisCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0601',
    title: 'Two tuples may share a key',
    explanation:
      'A relation with `=>` holds one tuple a key. Where two tuples that agree on the key may differ elsewhere, the timestep that sees both fails, and which of them came first is up to the network: the outcome is a race. It is none if one rule computes the other columns from the key, or inserts only where the key is not taken yet.',
    wrong:
      'input put(key: string, value: int);\ntable kv(key: string => value: int);\nview shown(key: string, value: int);\nkv(k, v)@next :- put(k, v);\nshown(k, v) :- kv(k, v);\n',
    right:
      'input put(key: string, value: int);\ntable kv(key: string, value: int);\nview shown(key: string, value: int);\nkv(k, v)@next :- put(k, v);\nshown(k, max<v>) :- kv(k, v);\n',
  },
  {
    code: 'TRL0602',
    title: 'An output may be wrong in hindsight',
    explanation:
      'Whoever reads an output acts on it, so every tuple must be true of the final answer. This one negates or counts a set that may still grow. Declare it as a view if its readers can take corrections; or let the producers of the set say when it is complete.',
    wrong:
      'input vote(who: string);\nstatic member(who: string);\ntable voted(who: string);\noutput missing(who: string);\nvoted(w) :- vote(w);\nmissing(w) :- member(w), notin voted(w);\n',
    right:
      'input vote(who: string);\nstatic member(who: string);\ntable voted(who: string);\nview missing(who: string);\nvoted(w) :- vote(w);\nmissing(w) :- member(w), notin voted(w);\n',
  },
  {
    code: 'TRL0603',
    title: 'Replicas may disagree for ever',
    explanation:
      'Several nodes get the same messages, each in an order of its own, and what they keep depends on that order. Nothing brings them together again. Unless coordination is switched off, Trellis sends these messages through one ordered log where that suffices; a rule that does not depend on the order needs no log.',
    wrong:
      'static desk(node: addr);\ninput wish(id: int, seat: string);\nchannel ask(@desk: addr, id: int, seat: string);\ntable sold(seat: string, id: int);\noutput grant(seat: string, id: int);\nask(d, i, s)@async :- wish(i, s), desk(d);\ngrant(s, min<i>) :- ask(_, i, s), notin sold(s, _);\nsold(s, i)@next :- grant(s, i);\n',
    right:
      'static desk(node: addr);\ninput wish(id: int, seat: string);\nchannel ask(@desk: addr, id: int, seat: string);\ntable asked(id: int, seat: string);\nview first(seat: string, id: int);\nask(d, i, s)@async :- wish(i, s), desk(d);\nasked(i, s) :- ask(_, i, s);\nfirst(s, min<i>) :- asked(i, s);\n',
  },
  {
    code: 'TRL0604',
    title: 'The outcome varies from run to run',
    explanation:
      'What a single node shows here depends on which events arrive first or share a timestep. No message can help: the order of the node’s own timesteps is the order. Where events only have to meet, keep them in a table and join that.',
    wrong:
      'input ask(id: int);\ninput know(id: int);\noutput answer(id: int);\nanswer(i) :- ask(i), know(i);\n',
    right:
      'input ask(id: int);\ninput know(id: int);\ntable asked(id: int);\ntable known(id: int);\noutput answer(id: int);\nasked(i) :- ask(i);\nknown(i) :- know(i);\nanswer(i) :- asked(i), known(i);\n',
  },
];
