/** Told how many bytes of how many have been read. */
export type ReadProgress = (done: number, total: number) => void;

/** Bytes between two reports. */
const REPORTED = 1 << 22;

/** Tells of a file of so many bytes as its reader comes to `at`, each time that it is far enough. */
export function reporting(progress: ReadProgress | undefined, total: number): (at: number) => void {
  if (progress === undefined) return () => {};
  let reportAt = REPORTED;
  return (at) => {
    if (at < reportAt) return;
    progress(at, total);
    reportAt = at + REPORTED;
  };
}
