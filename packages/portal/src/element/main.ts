import { DocentChat } from './docentChat.tsx';

// A page that loads it twice, by two addresses, keeps the first.
if (customElements.get('docent-chat') === undefined)
  customElements.define('docent-chat', DocentChat);
