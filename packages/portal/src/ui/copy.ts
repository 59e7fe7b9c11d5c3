/**
 * Puts a text on the clipboard, also on a page without https, where browsers have the older way only.
 *
 * @returns false when the browser refuses: then the person copies by hand.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByCommand(text);
  }
}

function copyByCommand(text: string): boolean {
  let copied = false;
  const put = (event: ClipboardEvent) => {
    event.preventDefault();
    event.clipboardData?.setData('text/plain', text);
    copied = true;
  };
  addEventListener('copy', put, true);
  document.execCommand('copy');
  removeEventListener('copy', put, true);
  return copied;
}
