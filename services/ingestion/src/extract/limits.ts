/** Bounds of reading one file. */
export interface ExtractLimits {
  /** Largest file that is opened, bytes. */
  maxFileBytes: number;
  /** Largest text that is kept, UTF-16 code units. */
  maxTextLength: number;
  /** Largest sum of the inflated parts of a ZIP container, bytes. */
  maxInflatedBytes: number;
  /** Resident memory at which the reading process is killed, bytes. */
  maxMemoryBytes: number;
  /** Wall-clock time at which the reading process is killed, milliseconds. */
  timeoutMs: number;
}

export const defaultLimits: ExtractLimits = {
  maxFileBytes: 100 * 1024 * 1024,
  maxTextLength: 20_000_000,
  maxInflatedBytes: 200 * 1024 * 1024,
  maxMemoryBytes: 512 * 1024 * 1024,
  timeoutMs: 60_000,
};
