/** One event of a stream of server-sent events. */
export interface ServerEvent {
  /** Of this event or the last one before it that had one; '' when none had. */
  readonly id: string;
  readonly data: string;
}

/**
 * The events of a response as they come (WHATWG HTML, 9.2). What follows the last blank line is no event: a
 * connection that is cut in the middle of one gives nothing of it.
 */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .getReader();
  let rest = '';
  let id = '';
  let data: string[] = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += value;
      // A carriage return at the end may be half of a line's end.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield { id, data: data.join('\n') };
          data = [];
          continue;
        }
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const content = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'data') data.push(content);
        if (field === 'id') id = content;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
