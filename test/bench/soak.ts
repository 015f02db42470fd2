/**
 * `npm run soak [-- TIMESTEPS]`: a node takes 5,000,000 timesteps (unless told), each with fresh
 * strings, and tells every twentieth of the way what memory it takes. It fails if that is not flat
 * after the first quarter.
 */
import { soak, type SoakSample } from '../support/soak-run.js';

const timesteps = Number(process.argv[2] ?? 5_000_000);
const samples = 20;
const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1).padStart(7);
const taken: SoakSample[] = [];

soak(timesteps, samples, (sample) => {
  taken.push(sample);
  console.log(
    `${String(sample.timesteps).padStart(9)} timesteps  heap ${megabytes(sample.heapBytes)} MiB  arrays ${megabytes(sample.arrayBytes)} MiB`,
  );
});

const sizes = taken.slice(samples / 4).map(({ heapBytes, arrayBytes }) => heapBytes + arrayBytes);
const growth = Math.max(...sizes) / Math.min(...sizes);
console.log(`after warm-up the most is ${growth.toFixed(2)} times the least`);
process.exitCode = growth > 1.3 ? 1 : 0;
