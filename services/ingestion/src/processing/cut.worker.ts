import { parentPort, workerData } from 'node:worker_threads';
import { type CutRequest, cutAndLook } from './cut.ts';

const request: CutRequest = workerData;
parentPort?.postMessage(cutAndLook(request));
