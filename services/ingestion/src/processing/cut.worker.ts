import { parentPort, workerData } from 'node:worker_threads';
import { chunk } from '../chunk/chunk.ts';
import type { CutRequest } from './cut.ts';

const { document, targetTokens }: CutRequest = workerData;
parentPort?.postMessage(chunk(document, { targetTokens }));
