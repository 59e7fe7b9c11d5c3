import type { DocentClient } from '@docent/client/client';
import type { ChatEvent, Confidence, Message } from '@docent/contracts/chat';
import { describeSource, Failure, print, style } from './terminal.ts';

export interface AskOptions {
  readonly conversation?: string;
  readonly json?: boolean;
}

/**
 * Prints the answer as it is written, then its numbered sources and the confidence. An answer that a
 * failure cut off ends with that failure.
 *
 * @throws Failure DocentError
 */
export async function ask(
  client: DocentClient,
  question: string,
  { conversation, json = false }: AskOptions,
  signal: AbortSignal,
): Promise<void> {
  const request = {
    message: question,
    ...(conversation === undefined ? {} : { conversationId: conversation }),
  };
  if (json) {
    print(JSON.stringify(await client.chat.ask(request, { signal }), null, 2));
    return;
  }
  const writer = answerWriter(process.stdout.isTTY === true);
  let streamId: string | undefined;
  try {
    for await (const event of client.chat.stream(request, { signal })) {
      if (event.type === 'meta') streamId = event.streamId;
      writer.write(event);
    }
  } catch (error) {
    // Nobody waits for the rest: without this the model would go on writing it.
    if (signal.aborted && streamId !== undefined) await client.chat.stop(streamId).catch(() => {});
    throw error;
  } finally {
    writer.end();
  }
}

function answerWriter(isTerminal: boolean) {
  let shown: 'nothing' | 'status' | 'text' = 'nothing';

  return { write, end: clearStatus };

  function write(event: ChatEvent): void {
    if (event.type === 'status' && event.question !== undefined) {
      clearStatus();
      print(style('dim', `Searched for: ${event.question}`));
    }
    if (event.type === 'status' && isTerminal && shown !== 'text') {
      clearStatus();
      process.stdout.write(style('dim', `${event.text} …`));
      shown = 'status';
    } else if (event.type === 'delta') {
      clearStatus();
      process.stdout.write(event.text);
      shown = 'text';
    } else if (event.type === 'done') {
      clearStatus();
      // Text that came in no delta, such as a fixed sentence.
      if (shown !== 'text') process.stdout.write(event.message.text);
      print();
      printFooter(event.message);
    } else if (event.type === 'error') {
      clearStatus();
      if (shown === 'text') print('\n');
      const again = event.retryable ? ' Asking again may help.' : '';
      throw new Failure(
        `${event.partial ? 'The answer was cut off: ' : ''}${event.detail}${again}`,
      );
    }
  }

  function clearStatus(): void {
    if (shown !== 'status') return;
    // Back to the start of the line, and clear it.
    process.stdout.write('\r\u001b[2K');
    shown = 'nothing';
  }
}

function printFooter({ sources, nearest, confidence, status, conversationId }: Message): void {
  if (sources.length > 0) {
    print();
    print(style('bold', 'Sources'));
    for (const source of sources) print(`  [${source.number}] ${describeSource(source)}`);
  }
  if (nearest.length > 0) {
    print();
    print(style('bold', 'Nearest material'));
    for (const source of nearest) print(`  - ${describeSource(source)}`);
  }
  if (confidence !== null) {
    print();
    print(describeConfidence(confidence));
  }
  if (status === 'stopped') print(style('yellow', 'The answer was stopped.'));
  print(style('dim', `Follow up with --conversation ${conversationId}`));
}

function describeConfidence({ value, level, explanation }: Confidence): string {
  const colour = { high: 'green', medium: 'yellow', low: 'red' } as const;
  return `Confidence: ${style(colour[level], `${level} (${Math.round(value * 100)} %)`)}. ${explanation}`;
}
