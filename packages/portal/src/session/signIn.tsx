import type { DemoPerson, DemoToken } from '@docent/contracts/directory';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { createApi } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import { useLoaded } from '../api/resource.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useSubmit } from '../ui/submit.ts';
import { roleName } from '../ui/words.ts';
import { type Oidc, portalConfig } from './config.ts';
import { leaveForSignIn } from './oidc.ts';
import { useSession } from './session.tsx';

/** Not signed in: the ways that this installation has. Afterwards the address is where it was. */
export function SignIn({ reason }: { readonly reason: string | null }) {
  const config = useLoaded(portalConfig);
  useEffect(() => {
    document.title = 'Sign in · Docent';
  }, []);
  const signIn = config.data?.signIn;
  return (
    <main class="sign-in">
      <h1>
        <span class="brand">Docent</span> Sign in
      </h1>
      <p class="muted">Answers from your company’s own material, with sources.</p>
      {reason !== null && <Notice tone="info">{reason}</Notice>}
      {config.error !== undefined && <Failure error={config.error} retry={config.reload} />}
      {config.loading && <Skeleton lines={4} />}
      {signIn !== undefined && (
        <>
          {signIn.oidc !== null && <WithIssuer oidc={signIn.oidc} />}
          {signIn.demo && <AsDemoPerson />}
          <details class="sign-in-key" open={signIn.oidc === null && !signIn.demo}>
            <summary>Sign in with an API key</summary>
            <WithKey />
          </details>
        </>
      )}
    </main>
  );
}

function WithIssuer({ oidc }: { readonly oidc: Oidc }) {
  const [error, setError] = useState<unknown>(null);
  const [leaving, setLeaving] = useState(false);
  const leave = () => {
    setLeaving(true);
    const { pathname, search } = location;
    leaveForSignIn(oidc, pathname + search).catch((failure: unknown) => {
      setLeaving(false);
      setError(failure);
    });
  };
  return (
    <section>
      <Button kind="primary" busy={leaving} onClick={leave}>
        Sign in with your company account
      </Button>
      {error !== null && <Failure error={error} />}
    </section>
  );
}

const api = createApi({ token: () => null, renew: async () => null });

function AsDemoPerson() {
  const { signIn } = useSession();
  const { busy, error, run } = useSubmit();
  const people = useLoaded(
    useCallback(
      async (signal: AbortSignal) =>
        (await api.get<{ items: DemoPerson[] }>('/v1/demo/people', { signal })).items,
      [],
    ),
  );
  const choose = (userId: string) =>
    run(async () => {
      const made = await api.send<DemoToken>('POST', '/v1/demo/sign-in', { userId });
      const expiresAt = Date.now() + made.expiresIn * 1000;
      await signIn({ kind: 'demo', token: made.accessToken, expiresAt, refreshToken: null });
    });
  // Only browsers on the machine itself are let in: then there is nothing to choose.
  if (people.error instanceof ApiProblem && people.error.status === 403) {
    return <Notice tone="info">{people.error.message}</Notice>;
  }
  return (
    <section aria-labelledby="demo-title">
      <h2 id="demo-title">Demo company: be one of its people</h2>
      {people.error !== undefined && <Failure error={people.error} retry={people.reload} />}
      {error !== undefined && <Failure error={error} />}
      {people.loading && <Skeleton lines={6} />}
      <ul class="people-to-be">
        {people.data?.map((person) => (
          <li key={person.id}>
            <button type="button" disabled={busy} onClick={() => choose(person.id)}>
              <span class="name">{person.name}</span>
              <span class="badge">{roleName(person.role)}</span>
              <span class="muted">
                {[person.jobTitle, person.department].filter((part) => part !== null).join(' · ')}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function WithKey() {
  const { signIn } = useSession();
  const [token, setToken] = useState('');
  const { busy, error, run } = useSubmit();
  const submit = (event: Event) => {
    event.preventDefault();
    void run(() =>
      signIn({ kind: 'key', token: token.trim(), expiresAt: null, refreshToken: null }),
    );
  };
  return (
    <form onSubmit={submit}>
      <Field
        label="API key"
        hint="It begins with dct_. It is kept in this tab only."
        error={error instanceof ApiProblem && error.status === 401 ? error.message : undefined}
      >
        {(field) => (
          <input
            {...field}
            type="password"
            autocomplete="off"
            required
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        )}
      </Field>
      {error !== undefined && !(error instanceof ApiProblem && error.status === 401) && (
        <Failure error={error} />
      )}
      <Button type="submit" busy={busy}>
        Sign in
      </Button>
    </form>
  );
}
