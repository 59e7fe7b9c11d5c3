import { ErrorBoundary, LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { ApiProvider } from './api/context.tsx';
import { SessionGate } from './session/gate.tsx';
import { SessionProvider } from './session/session.tsx';
import { PageBoundary } from './shell/failed.tsx';
import { Home } from './shell/home.tsx';
import { loaded } from './shell/loaded.tsx';
import { NotFound } from './shell/notFound.tsx';
import { Shell } from './shell/shell.tsx';
import { Toasts } from './ui/toast.tsx';

const AdminPages = loaded(async () => (await import('./admin/routes.tsx')).AdminPages);
const AnalyticsPages = loaded(async () => (await import('./analytics/routes.tsx')).AnalyticsPages);
const ChatPage = loaded(async () => (await import('./chat/chatPage.tsx')).ChatPage);
const LearningPages = loaded(async () => (await import('./learning/routes.tsx')).LearningPages);
const Content = loaded(async () => (await import('./content/content.tsx')).Content);
const SignedIn = loaded(async () => (await import('./session/signedIn.tsx')).SignedIn);

/** The pages: who is not signed in sees how to; everybody else the shell with the page of the address. */
export function App() {
  return (
    <LocationProvider scope="/app">
      <Toasts>
        <SessionProvider>
          <ErrorBoundary>
            <Everything />
          </ErrorBoundary>
        </SessionProvider>
      </Toasts>
    </LocationProvider>
  );
}

/** Not a router around the pages' own: what its default shows would take the address for read. */
function Everything() {
  const { path } = useLocation();
  return path === '/app/signed-in' ? <SignedIn /> : <Pages />;
}

function Pages() {
  const { path } = useLocation();
  return (
    <SessionGate>
      <ApiProvider>
        <Shell>
          <PageBoundary path={path}>
            <Router>
              <Route path="/app/" component={Home} />
              <Route path="/app/admin/*" component={AdminPages} />
              <Route path="/app/admin" component={AdminPages} />
              <Route path="/app/analytics/*" component={AnalyticsPages} />
              <Route path="/app/analytics" component={AnalyticsPages} />
              <Route path="/app/chat/:id?" component={ChatPage} />
              <Route path="/app/learning/*" component={LearningPages} />
              <Route path="/app/learning" component={LearningPages} />
              <Route path="/app/content" component={Content} />
              <Route path="/app/content/*" component={Content} />
              <Route default component={NotFound} />
            </Router>
          </PageBoundary>
        </Shell>
      </ApiProvider>
    </SessionGate>
  );
}
