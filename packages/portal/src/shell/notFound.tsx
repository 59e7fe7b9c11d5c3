import { ButtonLink } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';

/** An address that leads nowhere, or to what this person may not see: the two look alike. */
export function NotFound() {
  return (
    <Page title="There is nothing here" intro="The address is wrong, or what was here is gone.">
      <ButtonLink kind="primary" href="/app/">
        To the start
      </ButtonLink>
    </Page>
  );
}
