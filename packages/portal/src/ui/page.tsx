import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ButtonLink } from './button.tsx';

/** A link to a page's part that is a page of its own. */
export interface Tab {
  readonly href: string;
  readonly label: string;
  /** It stands for the pages below it too. */
  readonly under?: true;
}

/**
 * What every page has: its title, also in the window's; where it belongs; what can be done. When it shows after a
 * step within the pages, the title takes the focus, so that screen readers say where one is.
 */
export function Page({
  title,
  intro,
  back,
  actions,
  tabs,
  wide = false,
  children,
}: {
  readonly title: string;
  readonly intro?: ComponentChildren;
  readonly back?: Tab;
  readonly actions?: ComponentChildren;
  readonly tabs?: readonly Tab[];
  /** As wide as the window: for tables and dashboards. */
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Docent`;
  }, [title]);
  const { path } = useLocation();
  // Before anybody can press something: a button that was just reached must not lose the focus.
  useLayoutEffect(() => {
    const { activeElement } = document;
    const arrived = shown.path !== path;
    shown.stepped ||= shown.path !== null && arrived;
    shown.path = path;
    const lost = activeElement === null || activeElement === document.body;
    if (shown.stepped && (arrived || lost)) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class={`page${wide ? ' wide' : ''}`}>
      <header class="page-header">
        {back !== undefined && (
          <ButtonLink kind="quiet" icon="left" href={back.href} class="page-back">
            {back.label}
          </ButtonLink>
        )}
        <div class="page-title">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {actions !== undefined && <div class="actions">{actions}</div>}
        </div>
        {intro !== undefined && <p class="intro">{intro}</p>}
        {tabs !== undefined && <Tabs tabs={tabs} />}
      </header>
      {children}
    </div>
  );
}

/** Which page was shown last. At the first one the browser itself starts at the top. */
const shown: { path: string | null; stepped: boolean } = { path: null, stepped: false };

function Tabs({ tabs }: { readonly tabs: readonly Tab[] }) {
  const here = location.pathname.replace(/\/$/, '');
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    // On small screens the bar is wider than the page: where one is must be seen.
    const current = bar.current?.querySelector<HTMLElement>('[aria-current]');
    if (current && bar.current) bar.current.scrollLeft = current.offsetLeft - 48;
  }, [here]);
  const isHere = (href: string, under: true | undefined) => {
    const { pathname } = new URL(href, location.href);
    return here === pathname || (under === true && here.startsWith(`${pathname}/`));
  };
  return (
    <nav ref={bar} class="tabs" aria-label="Parts of this page">
      {tabs.map(({ href, label, under }) => (
        <a key={href} href={href} aria-current={isHere(href, under) ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}
