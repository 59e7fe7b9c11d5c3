import type { PathStep } from '@docent/contracts/recommend';
import { Icon, type IconName } from '../ui/icon.tsx';

export type StepState = PathStep['state'];

const states: Record<StepState, { label: string; icon: IconName }> = {
  done: { label: 'Done', icon: 'check' },
  in_progress: { label: 'In progress', icon: 'clock' },
  ready: { label: 'Ready', icon: 'right' },
  blocked: { label: 'Locked', icon: 'lock' },
};

export function stateName(state: StepState): string {
  return states[state].label;
}

/** Where somebody stands with a step, as a word with a sign. */
export function State({ state }: { readonly state: StepState }) {
  return (
    <span class={`state ${state}`}>
      <Icon name={states[state].icon} size={15} />
      {stateName(state)}
    </span>
  );
}
