import { Component, type ComponentChildren } from 'preact';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';

/** A page that cannot be shown, and the way on. */
export function Failed({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <Page title={title}>
      <Notice tone="bad">
        <p>{children}</p>
        <Button icon="retry" onClick={() => location.reload()}>
          Load it again
        </Button>
      </Notice>
    </Page>
  );
}

interface Props {
  /** Another one is another page: it is tried anew. */
  readonly path: string;
  readonly children: ComponentChildren;
}

/** A page that breaks while it is drawn says so in its place; the menu stays, and other pages work. */
export class PageBoundary extends Component<Props, { failedAt: string | null }> {
  override state = { failedAt: null };

  override componentDidCatch(error: unknown): void {
    // For whoever looks into it: the person is told below.
    reportError(error);
    this.setState({ failedAt: this.props.path });
  }

  override render() {
    const { path, children } = this.props;
    if (this.state.failedAt !== path) return children;
    return (
      <Failed title="This page could not be shown">
        Something in it was not as expected. What you have saved is not affected.
      </Failed>
    );
  }
}
