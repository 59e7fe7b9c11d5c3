import { render } from 'preact';
import { type Api, createApi } from '../api/client.ts';
import { languageOf } from '../chat/texts/texts.ts';
import { ElementApp, type ElementHandle } from './elementApp.tsx';
import { elementStyles } from './styles.ts';

/**
 * `<docent-chat>`: the chat for pages of any origin. Attributes `endpoint`, `token`, `lang`, `theme` and `heading`
 * (README.md of the package has them all); its looks are custom properties `--docent-…` and parts.
 */
export class DocentChat extends HTMLElement {
  static readonly observedAttributes = ['endpoint', 'token', 'lang', 'theme', 'heading'];

  #getToken: (() => string | null | Promise<string | null>) | null = null;
  /** What `getToken` gave last. */
  #given: string | null = null;
  #asking: Promise<string | null> | null = null;
  #api: { readonly endpoint: string; readonly api: Api } | null = null;
  #root: HTMLElement | null = null;
  readonly #handle: ElementHandle = { current: null };

  /** Where Docent is; without, where the script came from. */
  get endpoint(): string {
    const given = this.getAttribute('endpoint') ?? '';
    const address = new URL(
      given === '' ? '/' : given,
      given === '' ? import.meta.url : document.baseURI,
    );
    return address.href.replace(/\/+$/, '');
  }

  set endpoint(value: string) {
    this.setAttribute('endpoint', value);
  }

  /** An API key or access token of the person. Better by property than by attribute; best is `getToken`. */
  get token(): string | null {
    return this.getAttribute('token');
  }

  set token(value: string | null) {
    if (value === null) this.removeAttribute('token');
    else this.setAttribute('token', value);
  }

  /** Gives the token; asked before the first request, and again when the API says that it is no good any more. */
  get getToken() {
    return this.#getToken;
  }

  set getToken(value: (() => string | null | Promise<string | null>) | null) {
    this.#getToken = value;
    this.#given = null;
    this.#draw();
  }

  /** The conversation that is shown; null: a new one. */
  get conversationId(): string | null {
    return this.#handle.current?.conversationId() ?? null;
  }

  /** Asks as if the person had. */
  ask(question: string): void {
    this.#handle.current?.ask(question);
  }

  /** Forgets the conversation in this tab, and begins a new one. What was said stays stored at Docent. */
  newConversation(): void {
    this.#handle.current?.startAnew();
  }

  connectedCallback(): void {
    if (this.#root === null) {
      const shadow = this.attachShadow({ mode: 'open' });
      shadow.adoptedStyleSheets = [elementStyles()];
      this.#root = document.createElement('div');
      this.#root.className = 'docent-root';
      shadow.append(this.#root);
      // What was set before the script came is a property of this element's own, and would hide the accessor.
      for (const name of ['getToken', 'token', 'endpoint'] as const) {
        if (!Object.hasOwn(this, name)) continue;
        const value = Reflect.get(this, name);
        Reflect.deleteProperty(this, name);
        Reflect.set(this, name, value);
      }
    }
    this.#draw();
  }

  disconnectedCallback(): void {
    // Moved to another place in the page, it is connected again at once.
    queueMicrotask(() => {
      if (!this.isConnected && this.#root !== null) render(null, this.#root);
    });
  }

  attributeChangedCallback(): void {
    this.#draw();
  }

  #draw(): void {
    if (this.#root === null || !this.isConnected) return;
    const inherited = this.closest('[lang]')?.getAttribute('lang');
    const language = languageOf(this.getAttribute('lang') ?? inherited);
    this.#root.lang = language;
    this.#root.dataset.theme = this.getAttribute('theme') ?? 'auto';
    render(
      <ElementApp
        api={this.#client()}
        language={language}
        heading={this.getAttribute('heading')}
        memory={`docent-chat ${this.endpoint} ${this.id}`}
        handle={this.#handle}
        emit={(name, detail) =>
          this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
        }
      />,
      this.#root,
    );
  }

  #client(): Api {
    const { endpoint } = this;
    if (this.#api?.endpoint !== endpoint) {
      const token = () => this.token ?? this.#given ?? this.#ask();
      const language = () => this.#root?.lang ?? 'en';
      const api = createApi({ base: endpoint, token, language, renew: () => this.#ask() });
      this.#api = { endpoint, api };
    }
    return this.#api.api;
  }

  /** Several requests that find the token bad ask once. */
  async #ask(): Promise<string | null> {
    const { getToken } = this;
    if (getToken === null) return null;
    this.#asking ??= (async () => getToken())().finally(() => {
      this.#asking = null;
    });
    this.#given = await this.#asking;
    return this.#given;
  }
}
