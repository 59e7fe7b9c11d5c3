import './admin.css';
import { Route, Router } from 'preact-iso';
import { NotFound } from '../shell/notFound.tsx';
import { Audit } from './audit.tsx';
import { Departments } from './departments.tsx';
import { ImportPeople } from './importPeople.tsx';
import { Keys } from './keys.tsx';
import { Organizations } from './organizations.tsx';
import { People } from './people.tsx';
import { OnePerson } from './person.tsx';
import { SecurityEvents } from './securityEvents.tsx';
import { StatusPage } from './status.tsx';
import { UsagePage } from './usage.tsx';

/** Everything below /app/admin. */
export function AdminPages() {
  return (
    <Router>
      <Route path="/" component={StatusPage} />
      <Route path="/people" component={People} />
      <Route path="/people/import" component={ImportPeople} />
      <Route path="/people/:id" component={OnePerson} />
      <Route path="/departments" component={Departments} />
      <Route path="/organizations" component={Organizations} />
      <Route path="/keys" component={Keys} />
      <Route path="/usage" component={UsagePage} />
      <Route path="/audit" component={Audit} />
      <Route path="/security" component={SecurityEvents} />
      <Route default component={NotFound} />
    </Router>
  );
}
