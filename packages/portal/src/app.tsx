import { ErrorBoundary, LocationProvider, lazy, Route, Router } from 'preact-iso';
import { ApiProvider } from './api/context.tsx';
import { SessionGate } from './session/gate.tsx';
import { SessionProvider } from './session/session.tsx';
import { Home } from './shell/home.tsx';
import { NotFound } from './shell/notFound.tsx';
import { Shell } from './shell/shell.tsx';
import { Toasts } from './ui/toast.tsx';

const SignedIn = lazy(async () => (await import('./session/signedIn.tsx')).SignedIn);

/** The pages: who is not signed in sees how to; everybody else the shell with the page of the address. */
export function App() {
  return (
    <LocationProvider scope="/app">
      <Toasts>
        <SessionProvider>
          <ErrorBoundary>
            <Router>
              <Route path="/app/signed-in" component={SignedIn} />
              <Route default component={Pages} />
            </Router>
          </ErrorBoundary>
        </SessionProvider>
      </Toasts>
    </LocationProvider>
  );
}

function Pages() {
  return (
    <SessionGate>
      <ApiProvider>
        <Shell>
          <Router>
            <Route path="/app/" component={Home} />
            <Route default component={NotFound} />
          </Router>
        </Shell>
      </ApiProvider>
    </SessionGate>
  );
}
