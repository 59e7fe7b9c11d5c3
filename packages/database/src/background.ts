import { AsyncLocalStorage } from 'node:async_hooks';

const here = new AsyncLocalStorage<boolean>();

/**
 * Everything that `work` starts is background work: where one connection serves everybody, requests go first. Jobs
 * are background work without being told.
 */
export function inBackground<T>(work: () => Promise<T>): Promise<T> {
  return here.run(true, work);
}

export function isBackground(): boolean {
  return here.getStore() === true;
}
