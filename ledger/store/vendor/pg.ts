export { Pool, type PoolClient, type QueryResult } from 'pg';
