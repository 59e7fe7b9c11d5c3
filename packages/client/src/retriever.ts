import { describePlace } from '@docent/contracts/place';
import type { SearchRequest } from '@docent/contracts/search';
import type { CallbackManagerForRetrieverRun } from '@langchain/core/callbacks/manager';
import { Document } from '@langchain/core/documents';
import { BaseRetriever, type BaseRetrieverInput } from '@langchain/core/retrievers';
import type { z } from 'zod';
import type { DocentClient } from './client.ts';

export interface DocentRetrieverInput
  extends BaseRetrieverInput,
    Omit<z.input<typeof SearchRequest>, 'query'> {
  readonly client: Pick<DocentClient, 'search'>;
}

/**
 * Docent's search as a LangChain retriever: hybrid, inside the rights of the client's key.
 * A document's `metadata` says where it stands (`title`, `url`, `place`, `placeText`, `span`) and how
 * well it fits (`score`, 0 to 1, higher is better, comparable within one call only).
 */
export class DocentRetriever extends BaseRetriever {
  override lc_namespace = ['docent', 'retrievers'];
  private readonly client: Pick<DocentClient, 'search'>;
  private readonly request: Omit<z.input<typeof SearchRequest>, 'query'>;

  static override lc_name() {
    return 'DocentRetriever';
  }

  constructor({ client, filters, limit, mode, ...base }: DocentRetrieverInput) {
    super(base);
    this.client = client;
    this.request = { filters, limit, mode };
  }

  override async _getRelevantDocuments(
    query: string,
    _run?: CallbackManagerForRetrieverRun,
  ): Promise<Document[]> {
    const { passages } = await this.client.search({ query, ...this.request });
    return passages.map(({ id, text, tableHeader, ...metadata }) => {
      // A part of a table without its header row says nothing to a reader or a model.
      const pageContent = tableHeader === null ? text : `${tableHeader}\n${text}`;
      const placeText = describePlace(metadata.place);
      return new Document({ id, pageContent, metadata: { ...metadata, placeText } });
    });
  }
}
