// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/vector_math.h"

#include "base/vectorise.h"

#include <math.h>

ORDPAR_VECTOR_FUNCTION(atan)
ORDPAR_VECTOR_FUNCTION(erf)
ORDPAR_VECTOR_FUNCTION(erfc)
ORDPAR_VECTOR_FUNCTION(exp)
ORDPAR_VECTOR_FUNCTION(log1p)
ORDPAR_VECTOR_FUNCTION(tanh)
