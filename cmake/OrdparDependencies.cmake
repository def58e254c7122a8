# SPDX-License-Identifier: GPL-3.0-or-later
# One interface target with what the library links to. Installed too: users of the static library
# need the same. ORDPAR_LIBZIP is AUTO (if found), ON or OFF; ORDPAR_HAVE_LIBZIP is what came of it.
find_package(PkgConfig REQUIRED)
find_package(OpenMP QUIET COMPONENTS C)
if(NOT TARGET OpenMP::OpenMP_C) # SUNDIALS' own file asks for it, whatever parts are used; clang often has none
  add_library(OpenMP::OpenMP_C INTERFACE IMPORTED)
endif()
find_package(SUNDIALS 6.4 CONFIG REQUIRED COMPONENTS cvode nvecserial)
find_package(GSL 2.7 REQUIRED)
pkg_check_modules(MPFR REQUIRED IMPORTED_TARGET GLOBAL mpfr>=4.1)
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET GLOBAL openblas)
pkg_check_modules(LAPACKE REQUIRED IMPORTED_TARGET GLOBAL lapacke)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET GLOBAL jansson>=2.13)
find_package(Threads REQUIRED)

# One line for what is lost.
function(ordpar_missing name what)
  if(NOT CMAKE_FIND_PACKAGE_NAME) # not for those who use an installed ordpar
    message(STATUS "Without ${name}: ${what}")
  endif()
endfunction()

set(ORDPAR_HAVE_LIBZIP OFF)
if(NOT ORDPAR_LIBZIP STREQUAL "OFF")
  set(required)
  if(ORDPAR_LIBZIP STREQUAL "ON")
    set(required REQUIRED)
  endif()
  pkg_check_modules(LIBZIP ${required} QUIET IMPORTED_TARGET GLOBAL libzip>=1.5)
  set(ORDPAR_HAVE_LIBZIP ${LIBZIP_FOUND})
endif()

set(ordpar_sundials SUNDIALS::cvode SUNDIALS::nvecserial)
if(TARGET SUNDIALS::core) # since SUNDIALS 7
  list(APPEND ordpar_sundials SUNDIALS::core)
endif()

# GSL brings a CBLAS of its own; OpenBLAS comes first so that its one is used.
add_library(ordpar_dependencies INTERFACE)
target_link_libraries(ordpar_dependencies INTERFACE PkgConfig::OPENBLAS PkgConfig::LAPACKE
                      ${ordpar_sundials} GSL::gsl PkgConfig::MPFR PkgConfig::JANSSON
                      Threads::Threads)
if(ORDPAR_HAVE_LIBZIP)
  target_link_libraries(ordpar_dependencies INTERFACE PkgConfig::LIBZIP)
else()
  ordpar_missing(libzip "data sets in .npz archives are refused (.npy files are read)")
endif()
target_link_libraries(ordpar_dependencies INTERFACE m)
