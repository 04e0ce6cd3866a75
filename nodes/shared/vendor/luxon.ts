export { DateTime, Duration } from 'luxon';
