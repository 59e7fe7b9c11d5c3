import { BUILTIN_EMBEDDER_ID, openBuiltinEmbedder } from './builtin.ts';
import type { ModelsConfig } from './config.ts';
import type { ChatModel, Embedder } from './interfaces.ts';
import type { Provider } from './openai.ts';
import { openOpenAiChatModel } from './openaiChat.ts';
import { openOpenAiEmbedder, reopenOpenAiEmbedder } from './openaiEmbedder.ts';

export interface Models {
  /** Embeds new texts. */
  readonly embedder: Embedder;
  /**
   * The embedder of vectors stored under `id`, so that they can be searched while new ones are made;
   * null when these settings cannot reach it.
   */
  embedderById(id: string): Embedder | null;
  /** Null: answers are sentences of the passages. */
  readonly chatModel: ChatModel | null;
  close(): Promise<void>;
}

/**
 * The models that the settings name.
 *
 * @throws Error when settings contradict each other (one sentence); AppError when a model whose
 * dimensions nobody told cannot be asked for them.
 */
export async function openModels(config: ModelsConfig): Promise<Models> {
  checkSettings(config);
  const provider: Provider = {
    apiKey: config.OPENAI_API_KEY,
    baseUrl: config.OPENAI_BASE_URL,
    timeoutMs: config.MODEL_TIMEOUT_MS,
  };
  const embedder =
    config.EMBEDDING_MODEL === BUILTIN
      ? openBuiltinEmbedder({ threads: config.EMBEDDING_THREADS })
      : await openOpenAiEmbedder({
          ...provider,
          model: config.EMBEDDING_MODEL,
          dimensions: config.EMBEDDING_DIMENSIONS,
        });
  const chatModel = config.CHAT_MODEL
    ? openOpenAiChatModel({
        ...provider,
        model: config.CHAT_MODEL,
        firstTokenTimeoutMs: config.MODEL_FIRST_TOKEN_TIMEOUT_MS,
        tokenTimeoutMs: config.MODEL_TOKEN_TIMEOUT_MS,
      })
    : null;
  const opened = new Map([[embedder.id, embedder]]);

  function reopen(id: string): Embedder | null {
    if (id === BUILTIN_EMBEDDER_ID) {
      return openBuiltinEmbedder({ threads: config.EMBEDDING_THREADS });
    }
    // The name of a model may hold colons itself.
    const [, model, dimensions] = /^openai:(.+):(\d+)$/.exec(id) ?? [];
    if (!model || !dimensions || !hasProvider(config)) return null;
    return reopenOpenAiEmbedder({ ...provider, model, dimensions: Number(dimensions) });
  }

  return {
    embedder,
    chatModel,
    embedderById: (id) => {
      const known = opened.get(id) ?? reopen(id);
      if (known) opened.set(id, known);
      return known;
    },
    close: async () => {
      await Promise.all([...opened.values()].map((each) => each.close()));
    },
  };
}

const BUILTIN = 'builtin';

function hasProvider(config: ModelsConfig): boolean {
  return config.OPENAI_API_KEY !== undefined || config.OPENAI_BASE_URL !== undefined;
}

function checkSettings(config: ModelsConfig): void {
  const needed = 'OPENAI_API_KEY (or OPENAI_BASE_URL of a server that asks for no key)';
  if (config.CHAT_MODEL && !hasProvider(config)) {
    throw new Error(`CHAT_MODEL is set, but not ${needed}.`);
  }
  if (config.EMBEDDING_MODEL !== BUILTIN && !hasProvider(config)) {
    throw new Error(`EMBEDDING_MODEL is set, but not ${needed}.`);
  }
  if (config.EMBEDDING_MODEL === BUILTIN && config.EMBEDDING_DIMENSIONS !== undefined) {
    throw new Error('EMBEDDING_DIMENSIONS is set, but the built-in encoder has only one size.');
  }
}
