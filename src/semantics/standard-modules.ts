/** In which file of the standard library each of its modules is, for suggestions alone. */
const modulesByFile = {
  'std/crdt.bloom': [
    'GrowCounter',
    'PNCounter',
    'LWWRegister',
    'MVRegister',
    'GSet',
    'TwoPhaseSet',
    'USet',
    'LWWElementSet',
    'PNSet',
    'ORSet',
    'Graph',
    'TextSequence',
  ],
  'std/delivery.bloom': ['ReliableDelivery'],
  'std/multicast.bloom': ['Multicast', 'ReliableMulticast'],
  'std/quorum.bloom': ['Quorum'],
};

/** Paths by the name of the module. */
export const standardModules: ReadonlyMap<string, string> = new Map(
  Object.entries(modulesByFile).flatMap(([path, names]) =>
    names.map((name) => [name, path] as const),
  ),
);
