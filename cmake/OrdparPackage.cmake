# SPDX-License-Identifier: GPL-3.0-or-later
# Debian packages: cpack -G DEB. The program, the shared library, what building against it needs, and
# the Python module are a package each; dependencies on libraries are found by dpkg-shlibdeps.
if(NOT ORDPAR_SHARED)
  return()
endif()
set(ORDPAR_MAINTAINER "ordpar developers <ordpar@example.org>" CACHE STRING
    "Maintainer of the packages that cpack makes")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ordpar)
set(CPACK_PACKAGE_CONTACT ${ORDPAR_MAINTAINER})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime library dev python)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(text "ordpar integrates the order-parameter equations of two-layer student-teacher
networks trained by one-pass SGD on data with a power-law covariance spectrum,
evaluates closed forms, simulates training, and sets the two side by side.")

# What Debian wants to find in each package's folder of documents.
find_program(GZIP gzip REQUIRED)
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC) # of SOURCE_DATE_EPOCH, if it is set
set(documents ${PROJECT_BINARY_DIR}/documents)
file(CONFIGURE OUTPUT ${documents}/changelog @ONLY CONTENT
     "ordpar (@PROJECT_VERSION@) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n\
 -- @ORDPAR_MAINTAINER@  @now@\n")
execute_process(COMMAND ${GZIP} -9nkf ${documents}/changelog)

# ordpar_deb(COMPONENT NAME SECTION WHAT): name, section and description of one package.
macro(ordpar_deb component name section what)
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section})
  set(CPACK_COMPONENT_${upper}_DESCRIPTION "${text}\nThis package has the ${what}.")
  install(FILES cmake/copyright ${documents}/changelog.gz COMPONENT ${component}
          DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name})
endmacro()
ordpar_deb(runtime ordpar science "program")
ordpar_deb(library libordpar${ORDPAR_ABI} libs "library")
ordpar_deb(dev libordpar-dev libdevel "development files")
ordpar_deb(python python3-ordpar python "Python module")

set(library "libordpar${ORDPAR_ABI} (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "${library}")
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS # for the static library
    "libsundials-dev, libgsl-dev, libmpfr-dev, libopenblas-dev, liblapacke-dev, libjansson-dev, libzip-dev")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/cmake/triggers)
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "${library}, python3 (>= 3.9), python3-numpy")
set(CPACK_DEBIAN_PYTHON_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS gnuplot-nox)
find_program(DPKG_QUERY dpkg-query)
if(ORDPAR_LIBZIP_NAME AND DPKG_QUERY) # loaded by the program, which dpkg-shlibdeps does not see
  execute_process(COMMAND ${DPKG_QUERY} -S "*/${ORDPAR_LIBZIP_NAME}" OUTPUT_VARIABLE owner ERROR_QUIET)
  if(owner MATCHES "^([^:]+):")
    string(APPEND CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS ", ${CMAKE_MATCH_1}")
  endif()
endif()
include(CPack)
