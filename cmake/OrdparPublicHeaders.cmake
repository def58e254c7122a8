# SPDX-License-Identifier: GPL-3.0-or-later
# The headers that are installed, documented and exported; all others are internal.
set(ORDPAR_PUBLIC_HEADERS
  spectra/declarations.h spectra/status.h spectra/spectrum.h spectra/exp_sum.h spectra/linear.h
  spectra/linear_critical.h spectra/linear_continuum.h spectra/linear_finite_n.h spectra/erf_plateau.h
  spectra/erf_asymptotic.h spectra/frontier.h
  solver/activation.h solver/training.h solver/network.h solver/overlaps.h solver/continuation.h solver/integrate.h
  solver/linear_reduction.h solver/plateau.h solver/measure.h
  precision/mp_model.h precision/mp_overlaps.h precision/mp_curve.h precision/mp_closed_form.h precision/mp_map.h
  validation/simulation.h validation/dataset.h validation/principal.h validation/examples.h
  validation/ensemble.h validation/theory.h validation/statistics.h
  model/model.h)
