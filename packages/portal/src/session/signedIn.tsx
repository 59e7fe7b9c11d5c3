import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Failure } from '../ui/notice.tsx';
import { portalConfig } from './config.ts';
import { finishSignIn } from './oidc.ts';
import { useSession } from './session.tsx';

/** Where the issuer sends people back to. */
export function SignedIn() {
  const { signIn } = useSession();
  const { route } = useLocation();
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const finish = async () => {
      const { oidc } = (await portalConfig()).signIn;
      if (oidc === null) throw new Error('No sign-in service is set up here.');
      const { session, returnTo } = await finishSignIn(oidc, new URL(location.href));
      await signIn(session);
      route(returnTo, true);
    };
    finish().catch(setError);
  }, []);
  if (error === null) return <div class="starting" role="status" aria-label="Signing in" />;
  return (
    <main class="centered">
      <h1>You could not be signed in</h1>
      <Failure error={error} retry={() => location.assign('/app/')} retryLabel="Start again" />
    </main>
  );
}
