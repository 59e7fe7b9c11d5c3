import { BUILTIN_EMBEDDER_ID, openBuiltinEmbedder } from './builtin.ts';
import type { ModelsConfig } from './config.ts';
import { openEndpointReranker } from './endpointReranker.ts';
import { withFailover } from './failover.ts';
import type { ChatModel, Embedder, Reranker } from './interfaces.ts';
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
  /** Null: passages are reranked by what the search knows of them. */
  readonly reranker: Reranker | null;
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
  const openChatModel = (model: string) =>
    openOpenAiChatModel({
      ...provider,
      model,
      firstTokenTimeoutMs: config.MODEL_FIRST_TOKEN_TIMEOUT_MS,
      tokenTimeoutMs: config.MODEL_TOKEN_TIMEOUT_MS,
    });
  const chatModel = config.CHAT_MODEL
    ? withFailover(openChatModel(config.CHAT_MODEL), config.CHAT_FALLBACK_MODELS.map(openChatModel))
    : null;
  const reranker = config.RERANK_URL
    ? openEndpointReranker({
        url: config.RERANK_URL,
        model: config.RERANK_MODEL,
        apiKey: config.RERANK_API_KEY,
        timeoutMs: RERANK_TIMEOUT_MS,
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
    reranker,
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
/** A reader waits for it before the first word; without it the order of the search stands. */
const RERANK_TIMEOUT_MS = 3_000;

function hasProvider(config: ModelsConfig): boolean {
  return config.OPENAI_API_KEY !== undefined || config.OPENAI_BASE_URL !== undefined;
}

function checkSettings(config: ModelsConfig): void {
  const needed = 'OPENAI_API_KEY (or OPENAI_BASE_URL of a server that asks for no key)';
  if (config.CHAT_MODEL && !hasProvider(config)) {
    throw new Error(`CHAT_MODEL is set, but not ${needed}.`);
  }
  if (config.CHAT_FALLBACK_MODELS.length > 0 && !config.CHAT_MODEL) {
    throw new Error('CHAT_FALLBACK_MODELS is set, but not CHAT_MODEL.');
  }
  if (config.EMBEDDING_MODEL !== BUILTIN && !hasProvider(config)) {
    throw new Error(`EMBEDDING_MODEL is set, but not ${needed}.`);
  }
  if (config.EMBEDDING_MODEL === BUILTIN && config.EMBEDDING_DIMENSIONS !== undefined) {
    throw new Error('EMBEDDING_DIMENSIONS is set, but the built-in encoder has only one size.');
  }
}
