// SPDX-License-Identifier: GPL-3.0-or-later
#include "vector_math.h"

#include "vectorise.h"

#include <math.h>

ORDPAR_VECTOR_FUNCTION(erf)
ORDPAR_VECTOR_FUNCTION(erfc)
ORDPAR_VECTOR_FUNCTION(exp)
ORDPAR_VECTOR_FUNCTION(tanh)
