import type { ComponentType } from 'preact';
import { lazy } from 'preact-iso';
import { Failed } from './failed.tsx';

/**
 * A page whose program is fetched when it is first shown. When it cannot be fetched, because the network is away or
 * another version was installed meanwhile, the page says so: without it, a link would do nothing.
 */
export function loaded<Props>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  return lazy(async (): Promise<ComponentType<Props>> => {
    try {
      return await load();
    } catch {
      return NotLoaded;
    }
  });
}

function NotLoaded() {
  return (
    <Failed title="This page could not be loaded">
      The network may be away, or a new version of Docent was installed.
    </Failed>
  );
}
