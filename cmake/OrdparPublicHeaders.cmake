# SPDX-License-Identifier: GPL-3.0-or-later
# The headers that are installed, documented and exported; all others are internal.
set(ORDPAR_PUBLIC_HEADERS
  base/declarations.h base/status.h spectra/spectrum/spectrum.h spectra/forms/exp_sum.h spectra/forms/linear.h
  spectra/forms/linear_critical.h spectra/forms/linear_continuum.h spectra/forms/linear_finite_n.h spectra/forms/erf_plateau.h
  spectra/forms/erf_asymptotic.h spectra/forms/frontier.h
  solver/averages/activation.h solver/state/tasks.h solver/state/training.h solver/state/network.h solver/state/overlaps.h solver/steps/continuation.h solver/steps/integrate.h
  solver/motion/linear_reduction.h solver/plateau/plateau.h solver/plateau/measure.h
  precision/mp_model.h precision/mp_overlaps.h precision/mp_curve.h precision/mp_closed_form.h precision/mp_map.h
  validation/simulate/simulation.h validation/data/dataset.h validation/data/principal.h validation/data/examples.h
  validation/simulate/ensemble.h validation/compare/theory.h validation/compare/statistics.h
  model/model.h)
