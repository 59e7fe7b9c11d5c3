import type { ExtractFailure } from './document.ts';

/** Thrown while a file is read; the reading process turns it into a state and a sentence. */
export class ReadFailure extends Error {
  override name = 'ReadFailure';
  readonly state: ExtractFailure['state'];

  /** @param sentence for the people who uploaded the file. */
  constructor(state: ExtractFailure['state'], sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.state = state;
  }
}
