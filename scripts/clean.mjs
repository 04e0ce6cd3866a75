import { rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './lib/setup.mjs';

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
