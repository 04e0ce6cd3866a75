import '../../support/engine';
import { testMatrix } from '../../support/faults/matrix';

testMatrix('umbrella');
