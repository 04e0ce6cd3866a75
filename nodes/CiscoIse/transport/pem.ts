export { pemText } from '../../shared/pem';
