/* Any processor: no vectors of our own. */

#define RUN run_plain
#include "network.h"
