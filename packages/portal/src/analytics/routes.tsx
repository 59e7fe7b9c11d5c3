import type { Department } from '@docent/contracts/directoryDepartments';
import { useEffect } from 'preact/hooks';
import { Route, Router, useLocation } from 'preact-iso';
import { useEvery } from '../api/every.ts';
import { useMe } from '../session/session.tsx';
import { NotFound } from '../shell/notFound.tsx';
import { Empty, Failure } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { addressOf, Dashboard } from './dashboard.tsx';
import { DepartmentPeople, PersonAnalytics } from './people.tsx';

/** Everything below /app/analytics. */
export function AnalyticsPages() {
  return (
    <Router>
      <Route path="/" component={Start} />
      <Route path="/organization" component={Organization} />
      <Route path="/departments/:id" component={OneDepartment} />
      <Route path="/departments/:id/people" component={DepartmentPeople} />
      <Route path="/people/:id" component={PersonAnalytics} />
      <Route default component={NotFound} />
    </Router>
  );
}

/** The departments that the person may look at; those below others after them. */
function useDepartments() {
  const { role, departments } = useMe();
  const all = useEvery<Department>(role === 'trainer' ? null : '/v1/departments');
  const own = new Set(departments.map(({ id }) => id));
  const visible = (all.data ?? [])
    .filter(({ id }) => role === 'admin' || own.has(id))
    .sort((one, other) => one.pathName.localeCompare(other.pathName));
  return { ...all, visible };
}

/** Managers begin with the department that is above their others. */
function Start() {
  const { role } = useMe();
  const { route } = useLocation();
  const { data, error, reload, visible } = useDepartments();
  const [first] = visible;
  const target = role !== 'hr_manager' ? addressOf('') : first && addressOf(first.id);
  useEffect(() => {
    if (target !== undefined) route(target, true);
  }, [target]);
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  if (data === undefined || target !== undefined) return <Skeleton lines={12} />;
  return (
    <Page title="Analytics">
      <Empty title="You have no department">
        <p>An administrator gives you one; then its figures are here.</p>
      </Empty>
    </Page>
  );
}

function Organization() {
  const { visible } = useDepartments();
  return <Dashboard departmentId={null} departments={visible} />;
}

function OneDepartment({ id = '' }: { readonly id?: string }) {
  const { visible } = useDepartments();
  return <Dashboard key={id} departmentId={id} departments={visible} />;
}
