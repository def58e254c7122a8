# SPDX-License-Identifier: GPL-3.0-or-later
# How the program ordpar is linked, so that it starts in a millisecond: what is in a library's archive
# is put into it (the linker finds a shared library's names one by one, in each process), and MPI and
# libzip are loaded where they are needed. The library is linked as everybody's.
option(ORDPAR_LATE "The program loads MPI and libzip only where it needs them" ON)
set(ORDPAR_STATIC_PROGRAM AUTO CACHE STRING
    "Put the numerical libraries into the program: AUTO (if their archives are found), ON, OFF")
if(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux") # where the program's own place is /proc/self/exe
  set(ORDPAR_LATE OFF)
endif()

# ordpar_find_archives(RESULT): full names of all archives; empty if one is missing.
function(ordpar_find_archives result)
  set(archives)
  foreach(name sundials_cvode sundials_nvecserial sundials_core gsl lapacke openblas mpfr gmp jansson)
    if(name STREQUAL "sundials_core" AND NOT TARGET SUNDIALS::core)
      continue()
    endif()
    find_library(ORDPAR_ARCHIVE_${name} NAMES lib${name}.a
                 HINTS ${OPENBLAS_LIBRARY_DIRS} ${OPENBLAS_LIBDIR} ${LAPACKE_LIBDIR} ${MPFR_LIBDIR} ${JANSSON_LIBDIR})
    mark_as_advanced(ORDPAR_ARCHIVE_${name})
    list(APPEND archives ${ORDPAR_ARCHIVE_${name}})
  endforeach()
  foreach(name gfortran quadmath) # of LAPACK; on some machines there is no quadmath
    execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=lib${name}.a OUTPUT_VARIABLE file
                    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(IS_ABSOLUTE "${file}")
      list(APPEND archives ${file})
    endif()
  endforeach()
  if(archives MATCHES "NOTFOUND")
    set(archives)
  endif()
  set(${result} ${archives} PARENT_SCOPE)
endfunction()

# Whether they are all that is needed says the linker.
set(ORDPAR_HAVE_ARCHIVES OFF)
if(NOT ORDPAR_STATIC_PROGRAM STREQUAL "OFF" AND NOT ORDPAR_SANITIZE AND NOT ORDPAR_COVERAGE AND NOT ORDPAR_FUZZ)
  ordpar_find_archives(ORDPAR_ARCHIVES)
  if(ORDPAR_ARCHIVES)
    include(CheckCSourceCompiles)
    set(CMAKE_REQUIRED_LIBRARIES -Wl,--start-group ${ORDPAR_ARCHIVES} -Wl,--end-group m Threads::Threads)
    check_c_source_compiles("
      void CVode(void); void N_VNew_Serial(void); void gsl_multifit_linear(void); void LAPACKE_zgees(void);
      void LAPACKE_dsyevr(void); void cblas_dgemm(void); void mpfr_zeta(void); void json_load_file(void);
      int main(int n, char **w) { (void)w; if (n > 9) { CVode(); N_VNew_Serial(); gsl_multifit_linear(); LAPACKE_zgees();
      LAPACKE_dsyevr(); cblas_dgemm(); mpfr_zeta(); json_load_file(); } return 0; }" ORDPAR_ARCHIVES_LINK)
    unset(CMAKE_REQUIRED_LIBRARIES)
    set(ORDPAR_HAVE_ARCHIVES ${ORDPAR_ARCHIVES_LINK})
  endif()
  if(ORDPAR_STATIC_PROGRAM STREQUAL "ON" AND NOT ORDPAR_HAVE_ARCHIVES)
    message(FATAL_ERROR "ORDPAR_STATIC_PROGRAM: the archives of the numerical libraries are missing, or do not link")
  endif()
endif()

# The name that the loader knows libzip by; empty: it is linked.
set(ORDPAR_LIBZIP_NAME)
if(ORDPAR_HAVE_LIBZIP AND ORDPAR_LATE AND CMAKE_READELF AND NOT ORDPAR_FUZZ)
  execute_process(COMMAND ${CMAKE_READELF} -d ${LIBZIP_LINK_LIBRARIES} OUTPUT_VARIABLE dynamic ERROR_QUIET)
  if(dynamic MATCHES "SONAME[^\n]*\\[(libzip[^]]*)\\]")
    set(ORDPAR_LIBZIP_NAME ${CMAKE_MATCH_1})
  endif()
endif()

# ordpar_link_program(TARGET)
function(ordpar_link_program target)
  target_link_libraries(${target} PRIVATE ordpar)
  if(ORDPAR_HAVE_ARCHIVES)
    target_link_libraries(${target} PRIVATE -Wl,--start-group ${ORDPAR_ARCHIVES} -Wl,--end-group)
  endif()
  target_link_libraries(${target} PRIVATE PkgConfig::JANSSON ${CMAKE_DL_LIBS})
  if(ORDPAR_LIBZIP_NAME) # this object's names come first: the library's own one is left out
    target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/base/zip_library.c)
    target_compile_definitions(${target} PRIVATE ORDPAR_LIBZIP_NAME="${ORDPAR_LIBZIP_NAME}")
  endif()
  if(ORDPAR_HAVE_ARCHIVES OR ORDPAR_LIBZIP_NAME) # shared libraries that nothing is left for
    target_link_options(${target} PRIVATE LINKER:--as-needed)
  endif()
  if(ORDPAR_HAVE_MPI AND ORDPAR_LATE)
    add_library(ordpar_mpi MODULE sweep/sweep_messages_mpi.c)
    set_target_properties(ordpar_mpi PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
    target_include_directories(ordpar_mpi PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(ordpar_mpi PRIVATE PkgConfig::MPI)
    cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR BASE_DIRECTORY ${CMAKE_INSTALL_FULL_BINDIR} OUTPUT_VARIABLE place)
    target_compile_definitions(${target} PRIVATE ORDPAR_MPI_MODULE="${place}/ordpar/ordpar_mpi.so")
  elseif(ORDPAR_HAVE_MPI)
    target_sources(${target} PRIVATE sweep/sweep_messages_mpi.c)
    target_link_libraries(${target} PRIVATE PkgConfig::MPI)
  endif()
endfunction()
