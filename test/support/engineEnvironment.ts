import { tmpdir } from 'node:os';
import path from 'node:path';
import 'reflect-metadata';

/** Where n8n makes its key and its settings file. */
export const userFolder = path.join(tmpdir(), `engine-test-${process.pid}`);

/** What n8n reads from its environment while it is loaded; import before anything of n8n. */
process.env.N8N_USER_FOLDER = userFolder;
process.env.N8N_LOG_LEVEL = 'silent';
process.env.NO_PROXY = 'localhost,127.0.0.1';
