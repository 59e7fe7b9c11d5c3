import { Button } from '../../ui/button.tsx';

/** What was chosen by name, each with a button that takes it out. */
export function Chosen({
  label,
  items,
  remove,
}: {
  readonly label: string;
  readonly items: readonly { readonly id: string; readonly name: string }[];
  readonly remove: (id: string) => void;
}) {
  if (items.length === 0) return null;
  return (
    <ul class="chosen" aria-label={label}>
      {items.map(({ id, name }) => (
        <li key={id}>
          {name}
          <Button kind="quiet" icon="close" iconOnly onClick={() => remove(id)}>
            {`Remove ${name}`}
          </Button>
        </li>
      ))}
    </ul>
  );
}
