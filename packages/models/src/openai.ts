import OpenAI from 'openai';

/** How to reach an OpenAI-compatible provider. */
export interface Provider {
  /** Absent for servers that ask for none. */
  readonly apiKey?: string | undefined;
  /** With its `/v1`; absent: OpenAI's own. */
  readonly baseUrl?: string | undefined;
  /** For one call, retries included. */
  readonly timeoutMs: number;
}

/** A client without retries of its own, and without the settings it would read from the environment. */
export function openAiClient(provider: Provider): OpenAI {
  return new OpenAI({
    apiKey: provider.apiKey ?? 'none',
    baseURL: provider.baseUrl ?? 'https://api.openai.com/v1',
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: provider.timeoutMs,
    // It logs prompts at its debug level, which the environment could switch on.
    logLevel: 'off',
  });
}
