const common = {
	testEnvironment: 'node',
	transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
	modulePathIgnorePatterns: ['<rootDir>/lab/app', '<rootDir>/dist'],
};

/** One project per level of the pyramid; `jest --selectProjects unit` runs one of them. */
module.exports = {
	projects: ['unit', 'contract', 'engine', 'e2e'].map((level) => ({
		...common,
		displayName: level,
		rootDir: __dirname,
		testMatch: [`<rootDir>/test/${level}/**/*.test.ts`],
	})),
	testTimeout: 90_000,
	// Whole scenarios mostly wait; one more at a time halves the time on small machines.
	maxWorkers: 2,
};
