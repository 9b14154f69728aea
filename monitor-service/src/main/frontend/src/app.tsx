import { useEffect, useState } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso';
import { Banners } from './components/banners';
import { Help } from './components/help';
import { Navigation, Tabs } from './components/navigation';
import { Search } from './components/search';
import { Empty } from './components/states';
import { Toasts } from './components/toasts';
import { TopBar } from './components/top-bar';
import { listenKeys, moveRow, pageKeys, type Shortcut } from './lib/keys';
import { PLACES } from './lib/places';
import { OverviewPage } from './pages/overview';
import { can } from './state/store';

const ServicePage = lazy(() => import('./pages/service').then((m) => m.ServicePage));
const IncidentsPage = lazy(() => import('./pages/incidents').then((m) => m.IncidentsPage));
const IncidentPage = lazy(() => import('./pages/incident').then((m) => m.IncidentPage));
const PostmortemPage = lazy(() => import('./pages/postmortem').then((m) => m.PostmortemPage));
const OnCallPage = lazy(() => import('./pages/on-call').then((m) => m.OnCallPage));
const SilencesPage = lazy(() => import('./pages/silences').then((m) => m.SilencesPage));
const ActionItemsPage = lazy(() => import('./pages/action-items').then((m) => m.ActionItemsPage));
const MeasuresPage = lazy(() => import('./pages/measures').then((m) => m.MeasuresPage));
const AuditPage = lazy(() => import('./pages/audit').then((m) => m.AuditPage));
const ChaosPage = lazy(() => import('./pages/chaos').then((m) => m.ChaosPage));
const ObjectivesPage = lazy(() => import('./pages/objectives').then((m) => m.ObjectivesPage));
const RulesPage = lazy(() => import('./pages/rules').then((m) => m.RulesPage));
const RemediationsPage = lazy(() => import('./pages/remediations').then((m) => m.RemediationsPage));
const NotificationsPage = lazy(() => import('./pages/notifications').then((m) => m.NotificationsPage));
const LogsPage = lazy(() => import('./pages/logs').then((m) => m.LogsPage));
const AdminPage = lazy(() => import('./pages/admin').then((m) => m.AdminPage));
const AccountPage = lazy(() => import('./pages/account').then((m) => m.AccountPage));

function NotFound() {
  return (
    <Empty icon="unknown" title="There is no page at this address">
      Go to the <a href="/">overview</a>, or press <kbd>/</kbd> to search.
    </Empty>
  );
}

function Frame() {
  const { route } = useLocation();
  const [searching, setSearching] = useState(false);
  const [helping, setHelping] = useState(false);

  useEffect(() => {
    const shortcuts: Shortcut[] = [
      { keys: '/', what: 'Search and jump', run: () => setSearching(true) },
      { keys: '?', what: 'This help', run: () => setHelping(true) },
      ...PLACES.map((p) => ({
        keys: `g ${p.key}`,
        what: `Go to ${p.title}`,
        run: () => (!p.scope || can(p.scope)) && route(p.href),
      })),
      { keys: 'j', what: 'Next row', run: () => moveRow(1) },
      { keys: 'k', what: 'Previous row', run: () => moveRow(-1) },
      { keys: 'a', what: 'Acknowledge the incident', run: () => pageKeys.acknowledge?.() },
    ];
    return listenKeys(() => shortcuts);
  }, [route]);

  return (
    <div class="shell">
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <Navigation />
      <div class="column">
        <TopBar onSearch={() => setSearching(true)} onHelp={() => setHelping(true)} />
        <Banners />
        <main id="main" tabIndex={-1}>
          <ErrorBoundary>
            <Router onRouteChange={() => window.scrollTo(0, 0)}>
              <Route path="/" component={OverviewPage} />
              <Route path="/services" component={ServicePage} />
              <Route path="/services/:env/:service" component={ServicePage} />
              <Route path="/incidents" component={IncidentsPage} />
              <Route path="/incidents/:id" component={IncidentPage} />
              <Route path="/incidents/:id/postmortem" component={PostmortemPage} />
              <Route path="/on-call" component={OnCallPage} />
              <Route path="/silences" component={SilencesPage} />
              <Route path="/action-items" component={ActionItemsPage} />
              <Route path="/measures" component={MeasuresPage} />
              <Route path="/audit" component={AuditPage} />
              <Route path="/chaos" component={ChaosPage} />
              <Route path="/slos" component={ObjectivesPage} />
              <Route path="/rules" component={RulesPage} />
              <Route path="/remediations" component={RemediationsPage} />
              <Route path="/notifications" component={NotificationsPage} />
              <Route path="/logs/:service" component={LogsPage} />
              <Route path="/admin" component={AdminPage} />
              <Route path="/account" component={AccountPage} />
              <Route default component={NotFound} />
            </Router>
          </ErrorBoundary>
        </main>
      </div>
      <Tabs />
      {searching && <Search onClose={() => setSearching(false)} />}
      {helping && <Help onClose={() => setHelping(false)} />}
      <Toasts />
    </div>
  );
}

export function App() {
  return (
    <LocationProvider>
      <Frame />
    </LocationProvider>
  );
}
