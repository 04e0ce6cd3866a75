import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, rmdirSync, writeSync, openSync, closeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const BLOCK = Buffer.alloc(64 * 1024);

/** Why no disk of a given size can be had here; `undefined` when one can. */
export function smallDiskMissing(): string | undefined {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'cisco-rtc-disk-'));
	const problem = mount(folder, 1);
	if (!problem) unmount(folder);
	rmdirSync(folder);
	return problem && `No small disk can be mounted: ${problem}`;
}

/** A disk in memory that can be filled up to the last byte, and emptied again. */
export class SmallDisk {
	readonly name = 'disk of the ledger';

	private constructor(private readonly folder: string) {}

	/** @param folder where it is mounted; made when it is missing */
	static mount(folder: string, megabytes: number): SmallDisk {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
		const problem = mount(folder, megabytes);
		if (problem) throw new Error(`No small disk can be mounted: ${problem}`);
		return new SmallDisk(folder);
	}

	/** Takes all the space that is left. */
	async kill(): Promise<void> {
		const file = openSync(this.ballast, 'a');
		try {
			for (let size = BLOCK.length; size > 0; size = Math.floor(size / 2)) while (fits(file, size));
		} finally {
			closeSync(file);
		}
	}

	/** Gives the space back. */
	async start(): Promise<void> {
		rmSync(this.ballast, { force: true });
	}

	unmount(): void {
		unmount(this.folder);
	}

	private get ballast(): string {
		return path.join(this.folder, 'ballast');
	}
}

function fits(file: number, size: number): boolean {
	try {
		return writeSync(file, BLOCK, 0, size) === size;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
		throw error;
	}
}

function mount(folder: string, megabytes: number): string | undefined {
	const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', folder], { encoding: 'utf8' });
	return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

/** Also while somebody still has a file open there. */
function unmount(folder: string): void {
	spawnSync('umount', ['--lazy', folder]);
}
