# SPDX-License-Identifier: GPL-3.0-or-later
# One interface target with what the library links to. Installed too: users of the static library
# need the same.
find_package(PkgConfig REQUIRED)
find_package(SUNDIALS 6.4 CONFIG REQUIRED COMPONENTS cvode nvecserial)
find_package(GSL 2.7 REQUIRED)
pkg_check_modules(MPFR REQUIRED IMPORTED_TARGET mpfr>=4.1)
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)
pkg_check_modules(LAPACKE REQUIRED IMPORTED_TARGET lapacke)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson>=2.13)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip>=1.5)
find_package(OpenMP REQUIRED COMPONENTS C)

set(ordpar_sundials SUNDIALS::cvode SUNDIALS::nvecserial)
if(TARGET SUNDIALS::core) # since SUNDIALS 7
  list(APPEND ordpar_sundials SUNDIALS::core)
endif()

# GSL brings a CBLAS of its own; OpenBLAS comes first so that its one is used.
add_library(ordpar_dependencies INTERFACE)
target_link_libraries(ordpar_dependencies INTERFACE PkgConfig::OPENBLAS PkgConfig::LAPACKE
                      ${ordpar_sundials} GSL::gsl PkgConfig::MPFR PkgConfig::JANSSON
                      PkgConfig::LIBZIP OpenMP::OpenMP_C m)
