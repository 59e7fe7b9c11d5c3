import { useEffect, useRef, useState } from 'preact/hooks';

/** Pause after the last key before a text is looked for, milliseconds. */
const PAUSE_MS = 300;

/**
 * A text that is typed, and told when one stops typing, without spaces around it.
 *
 * @param value what is looked for now, such as the address has it: it may be changed by something else, too.
 * @returns what the field shows, and what to call with each change of it.
 */
export function useTyped(
  value: string,
  change: (value: string) => void,
): [string, (text: string) => void] {
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    // Changed by something else than typing: cleared, or gone back.
    if (value !== told.current) {
      told.current = value;
      setTyped(value);
    }
  }, [value]);
  useEffect(() => {
    const text = typed.trim();
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      change(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped];
}
