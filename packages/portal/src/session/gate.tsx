import type { ComponentChildren } from 'preact';
import { loaded } from '../shell/loaded.tsx';
import { Failure } from '../ui/notice.tsx';
import { useSession } from './session.tsx';

const SignIn = loaded(async () => (await import('./signIn.tsx')).SignIn);

/** Shows what is inside to who is signed in, and everybody else how to. */
export function SessionGate({ children }: { readonly children: ComponentChildren }) {
  const { state, retry } = useSession();
  switch (state.status) {
    case 'starting':
      return <div class="starting" role="status" aria-label="Starting" />;
    case 'signed-out':
      return <SignIn reason={state.reason} />;
    case 'failed':
      return (
        <main class="centered">
          <Failure error={state.error} retry={retry} />
        </main>
      );
    case 'signed-in':
      return <>{children}</>;
  }
}
