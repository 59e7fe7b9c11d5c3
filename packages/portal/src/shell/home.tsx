import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useMe } from '../session/session.tsx';
import { sectionsFor } from './nav.ts';
import { NotFound } from './notFound.tsx';

/** `/app/` is the first section of the person's role. */
export function Home() {
  const { route } = useLocation();
  const first = sectionsFor(useMe().role)[0];
  useEffect(() => {
    if (first !== undefined) route(first.href, true);
  }, [first]);
  return first === undefined ? <NotFound /> : null;
}
