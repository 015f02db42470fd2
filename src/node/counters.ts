/** What a node has counted since its start. */
export interface NodeCounters {
  /** Committed timesteps. */
  timesteps: number;
  /** Timesteps that failed, over one batch or several. */
  failedTimesteps: number;
  rejectedBatches: number;
  /** Frames of peers that made no sense. */
  garbageFrames: number;
  /** Data frames that had arrived before. */
  duplicateFrames: number;
  /** Data frames that overflowed the outbox. */
  droppedFrames: number;
  /** Parts of timesteps that were sent to names outside the cluster. */
  unknownAddresses: number;
  appliedEntries: number;
  /** Parts of timesteps that were sent to other nodes about a barrier. */
  barrierMessages: number;
}

/** The counters of a node that has not started. */
export function noCounts(): NodeCounters {
  return {
    timesteps: 0,
    failedTimesteps: 0,
    rejectedBatches: 0,
    garbageFrames: 0,
    duplicateFrames: 0,
    droppedFrames: 0,
    unknownAddresses: 0,
    appliedEntries: 0,
    barrierMessages: 0,
  };
}
