import type { Principal } from '@docent/core/principal';
import { countTokens } from '@docent/core/tokens';
import type { Database } from '@docent/database/database';
import { reserveTokens, settleTokens } from '@docent/database/usage';
import type { ChatModel } from '@docent/models/interfaces';
import type { ChatLog } from './finish.ts';

/** Tokens that a completion without a limit of its own is expected to have at most. */
const UNLIMITED = 1_000;

/**
 * A chat model whose tokens are counted against the budgets of who asks: set aside before a call, corrected after it
 * to what the provider reports, or to what was written when it reports nothing.
 *
 * @throws from `stream`, before anything is asked of the model: AppError `budget_exhausted`.
 */
export function metered(
  model: ChatModel,
  { database, log }: { readonly database: Database; readonly log: ChatLog },
  principal: Principal,
): ChatModel {
  return {
    id: model.id,
    async *stream(turns, options) {
      const prompt = turns.reduce((sum, { content }) => sum + countTokens(content), 0);
      const tokens = prompt + (options.maxTokens ?? UNLIMITED);
      const reserved = await reserveTokens(database, principal, { purpose: 'chat', tokens });
      let text = '';
      let used: number | null = null;
      try {
        for await (const part of model.stream(turns, options)) {
          if (part.type === 'text') text += part.text;
          if (part.type === 'usage') used = part.promptTokens + part.completionTokens;
          yield part;
        }
      } finally {
        // A model that never answered cost nothing; one that was cut off cost what it wrote.
        const written = text === '' ? 0 : prompt + countTokens(text);
        await settleTokens(database, principal, 'chat', reserved, used ?? written).catch(
          (err: unknown) => log.warn({ err }, 'the tokens of an answer could not be settled'),
        );
      }
    },
  };
}
