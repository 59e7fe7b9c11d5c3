import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useMe } from '../session/session.tsx';
import { homes } from './nav.ts';

/** `/app/` is where the work of the person's role is. */
export function Home() {
  const { route } = useLocation();
  const href = homes[useMe().role];
  useEffect(() => route(href, true), [href]);
  return null;
}
