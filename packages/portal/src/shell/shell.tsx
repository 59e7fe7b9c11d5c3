import type { Me } from '@docent/contracts/directory';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useMe, useSession } from '../session/session.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { counted, roleName } from '../ui/words.ts';
import { sectionsFor } from './nav.ts';
import { applyTheme, isDark } from './theme.ts';

/** The frame of every page: where one can go, who one is. On small screens the menu opens over the page. */
export function Shell({ children }: { readonly children: ComponentChildren }) {
  const { path } = useLocation();
  const [open, setOpen] = useState(false);
  const menuButton = useRef<HTMLButtonElement>(null);
  useEffect(() => setOpen(false), [path]);
  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      menuButton.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [open]);
  return (
    <div class="shell">
      <a class="skip" href="#main">
        To the content
      </a>
      <header class="top-bar">
        <button
          ref={menuButton}
          type="button"
          class="button quiet icon-only"
          aria-expanded={open}
          aria-controls="menu"
          aria-label="Menu"
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'close' : 'menu'} />
        </button>
        <span class="brand">Docent</span>
      </header>
      <aside id="menu" class={`menu${open ? ' open' : ''}`} aria-label="Menu and account">
        <Menu path={path} />
      </aside>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Menu({ path }: { readonly path: string }) {
  const me = useMe();
  const { signOut } = useSession();
  const [dark, setDark] = useState(isDark);
  const toggle = () => {
    applyTheme(dark ? 'light' : 'dark');
    setDark(!dark);
  };
  return (
    <>
      <div class="menu-head">
        <a class="brand" href="/app/">
          Docent
        </a>
        <span class="muted small">{me.organization.name}</span>
      </div>
      <nav aria-label="Main">
        <ul>
          {sectionsFor(me.role).map(({ href, label, icon }) => (
            <li key={href}>
              <a
                href={href}
                aria-current={path === href || path.startsWith(`${href}/`) ? 'page' : undefined}
              >
                <Icon name={icon} />
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="menu-foot">
        <div class="who">
          <strong>{me.user.name}</strong>
          <span class="muted small">
            {[roleName(me.role), departmentsOf(me)].filter(Boolean).join(' · ')}
          </span>
        </div>
        <div class="actions">
          <Button kind="quiet" onClick={signOut}>
            Sign out
          </Button>
          <Button kind="quiet" icon={dark ? 'light' : 'dark'} iconOnly onClick={toggle}>
            {dark ? 'Light colours' : 'Dark colours'}
          </Button>
        </div>
      </div>
    </>
  );
}

/** Managers have several: their number says more than one of their names. */
function departmentsOf({ departments }: Me): string | undefined {
  return departments.length > 1 ? counted(departments.length, 'department') : departments[0]?.name;
}
