import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icon.tsx';

type Kind = 'primary' | 'plain' | 'quiet' | 'danger';

type Shared = {
  readonly kind?: Kind;
  readonly icon?: IconName;
  /** Only the icon is seen; the words are its name for screen readers and its tooltip. */
  readonly iconOnly?: boolean;
  readonly children: ComponentChildren;
};

/** `busy`: what was asked for is under way; it takes no second click then, and keeps the focus. */
export function Button({
  kind = 'plain',
  icon,
  iconOnly = false,
  busy = false,
  onClick,
  children,
  ...rest
}: Shared & { readonly busy?: boolean } & Omit<JSX.IntrinsicElements['button'], 'icon'>) {
  return (
    <button
      type="button"
      {...rest}
      class={`button ${kind}${iconOnly ? ' icon-only' : ''} ${rest.class ?? ''}`}
      aria-busy={busy}
      aria-disabled={busy ? true : undefined}
      onClick={(event) => {
        // A button that is really disabled would lose the focus.
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
      {...named(iconOnly, children)}
    >
      <Inside icon={icon} iconOnly={iconOnly}>
        {children}
      </Inside>
    </button>
  );
}

/** Leads somewhere, and looks like a button. */
export function ButtonLink({
  kind = 'plain',
  icon,
  iconOnly = false,
  children,
  ...rest
}: Shared & {
  readonly href: string;
  readonly class?: string;
  readonly target?: '_blank';
  readonly rel?: string;
  readonly download?: string;
  readonly onClick?: () => void;
}) {
  return (
    <a
      {...rest}
      class={`button ${kind}${iconOnly ? ' icon-only' : ''} ${rest.class ?? ''}`}
      {...named(iconOnly, children)}
    >
      <Inside icon={icon} iconOnly={iconOnly}>
        {children}
      </Inside>
    </a>
  );
}

function Inside({ icon, iconOnly, children }: Omit<Shared, 'kind'>) {
  return (
    <>
      {icon !== undefined && <Icon name={icon} size={18} />}
      {iconOnly !== true && children}
    </>
  );
}

function named(iconOnly: boolean, children: ComponentChildren) {
  return iconOnly && typeof children === 'string'
    ? { 'aria-label': children, title: children }
    : {};
}
