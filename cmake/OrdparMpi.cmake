# SPDX-License-Identifier: GPL-3.0-or-later
# Open MPI, for sweeps on a cluster, by pkg-config: its C interface alone, not that of C++.
set(ORDPAR_HAVE_MPI OFF)
if(ORDPAR_MPI STREQUAL "ON")
  pkg_check_modules(MPI REQUIRED IMPORTED_TARGET ompi-c)
elseif(NOT ORDPAR_MPI STREQUAL "OFF")
  pkg_check_modules(MPI QUIET IMPORTED_TARGET ompi-c)
endif()
if(MPI_FOUND AND NOT ORDPAR_MPI STREQUAL "OFF")
  set(ORDPAR_HAVE_MPI ON)
endif()
if(NOT ORDPAR_HAVE_MPI)
  ordpar_missing(MPI "a sweep runs on the threads of one machine, or as a job array")
endif()
