export {};

/** What the demo company's sign-in answers. */
interface DemoPeople {
  readonly items: readonly { readonly id: string; readonly name: string; readonly role: string }[];
}

const element = required('docent-chat');
const settings = form('#settings');
const signIn = form('#sign-in');
const who = required('#who');
const events = required('#events');

let person: string | null = null;

// A page of a real portal asks its own server for the person's token here.
Reflect.set(element, 'getToken', demoToken);
await demoToken();

settings.addEventListener('change', () => {
  const chosen = new FormData(settings);
  element.lang = String(chosen.get('lang'));
  element.dir = String(chosen.get('dir'));
  element.setAttribute('theme', String(chosen.get('theme')));
  element.className = String(chosen.get('colours'));
});

signIn.addEventListener('submit', (event) => {
  event.preventDefault();
  const token = String(new FormData(signIn).get('token')).trim();
  Reflect.set(element, 'getToken', () => token);
  who.textContent = 'The chat uses your token now.';
  signIn.hidden = true;
});

for (const name of ['docent-answer', 'docent-feedback', 'docent-error']) {
  document.addEventListener(name, (event) => {
    if (!(event instanceof CustomEvent)) return;
    const line = document.createElement('li');
    const { outcome, rating, code } = event.detail;
    line.textContent = [name, outcome ?? rating ?? code].filter(Boolean).join(': ');
    events.prepend(line);
  });
}

/** A token of the demo company's first learner; where there is no demo, the page asks for one. */
async function demoToken(): Promise<string | null> {
  const people = person === null ? await ask('/v1/demo/people') : null;
  if (isPeople(people)) {
    const learner = people.items.find(({ role }) => role === 'learner') ?? people.items[0];
    person = learner?.id ?? null;
    who.textContent = learner
      ? `The chat is signed in as ${learner.name} of the demo company.`
      : '';
  }
  const token = person === null ? null : await ask('/v1/demo/sign-in', { userId: person });
  if (typeof token === 'object' && token !== null && 'accessToken' in token) {
    return String(token.accessToken);
  }
  signIn.hidden = false;
  return null;
}

async function ask(path: string, body?: object): Promise<unknown> {
  const response = await fetch(
    path,
    body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    },
  );
  return response.ok ? response.json() : null;
}

function isPeople(value: unknown): value is DemoPeople {
  return typeof value === 'object' && value !== null && 'items' in value;
}

function required(selector: string): HTMLElement {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return found;
}

function form(selector: string): HTMLFormElement {
  const found = required(selector);
  if (!(found instanceof HTMLFormElement)) throw new Error(`${selector} is no form`);
  return found;
}
