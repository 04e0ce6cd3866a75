import type { Policy } from '../policy';
import { BALANCED } from './balanced';
import { CLASSIC } from './classic';

/** Policies to start from, by name. */
export const PRESETS: Readonly<Record<'balanced' | 'classic', Policy>> = { balanced: BALANCED, classic: CLASSIC };
