# SPDX-License-Identifier: GPL-3.0-or-later
# What `cmake --install` puts where. The headers go into one folder, include/ordpar: names are unique
# and include each other without paths (OrdparLibrary.cmake).
include(CMakePackageConfigHelpers)
set(ordpar_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/ordpar)
set(generated ${PROJECT_BINARY_DIR}/generated)

list(TRANSFORM ORDPAR_PUBLIC_HEADERS REPLACE ".*/" "${ordpar_include}/ordpar/" OUTPUT_VARIABLE headers)
install(FILES ${headers} ${ordpar_include}/ordpar/ordpar.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ordpar COMPONENT dev)

install(TARGETS ordpar_cli RUNTIME COMPONENT runtime)
if(TARGET ordpar_mpi)
  install(TARGETS ordpar_mpi LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/ordpar COMPONENT runtime)
endif()
install(TARGETS ordpar EXPORT ordparStaticTargets ARCHIVE COMPONENT dev)
install(EXPORT ordparStaticTargets NAMESPACE ordpar:: DESTINATION ${ordpar_cmake_dir} COMPONENT dev)
if(ORDPAR_SHARED)
  install(TARGETS ordpar_shared EXPORT ordparTargets
          LIBRARY COMPONENT library NAMELINK_COMPONENT dev)
  install(EXPORT ordparTargets NAMESPACE ordpar:: DESTINATION ${ordpar_cmake_dir} COMPONENT dev)
endif()

configure_package_config_file(cmake/ordparConfig.cmake.in ${generated}/ordparConfig.cmake
                              INSTALL_DESTINATION ${ordpar_cmake_dir})
# As with the shared library's name: below 1.0 another minor version is another interface.
set(compatibility SameMajorVersion)
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(compatibility SameMinorVersion)
endif()
write_basic_package_version_file(${generated}/ordparConfigVersion.cmake
                                 COMPATIBILITY ${compatibility})
install(FILES ${generated}/ordparConfig.cmake ${generated}/ordparConfigVersion.cmake
        cmake/OrdparDependencies.cmake DESTINATION ${ordpar_cmake_dir} COMPONENT dev)

# Paths relative to the file's own place, so that an installed tree can be moved.
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}
           OUTPUT_VARIABLE libdir)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_INCLUDEDIR BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}
           OUTPUT_VARIABLE includedir)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig
           OUTPUT_VARIABLE ORDPAR_PC_PREFIX)
set(ORDPAR_PC_REQUIRES "gsl mpfr openblas lapacke jansson")
if(ORDPAR_HAVE_LIBZIP)
  string(APPEND ORDPAR_PC_REQUIRES " libzip")
endif()
set(ORDPAR_PC_LIBS)
if(TARGET SUNDIALS::core)
  string(APPEND ORDPAR_PC_LIBS " -lsundials_core")
endif()
configure_file(cmake/ordpar.pc.in ${generated}/ordpar.pc @ONLY)
install(FILES ${generated}/ordpar.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)

install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)

# The Python module finds the library by its place relative to the module.
set(ORDPAR_PYTHON_DIR lib/python3/dist-packages CACHE STRING
    "Where the Python module is installed, relative to the prefix")
if(ORDPAR_SHARED)
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR
             BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}/${ORDPAR_PYTHON_DIR}/ordpar
             OUTPUT_VARIABLE ORDPAR_PYTHON_LIBRARY)
  string(APPEND ORDPAR_PYTHON_LIBRARY /libordpar.so.${ORDPAR_ABI})
  configure_file(python/ordpar/_install.py.in ${generated}/_install.py @ONLY)
  file(GLOB ORDPAR_PYTHON_FILES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/python/ordpar/*.py)
  install(FILES ${ORDPAR_PYTHON_FILES} python/ordpar/py.typed ${generated}/_install.py
          DESTINATION ${ORDPAR_PYTHON_DIR}/ordpar COMPONENT python)
  # Its types come from the library's settings, through an interpreter that has NumPy; without one
  # the module is installed without them.
  foreach(candidate /usr/bin/python3 python3)
    execute_process(COMMAND ${candidate} -c "import numpy" RESULT_VARIABLE result OUTPUT_QUIET ERROR_QUIET)
    if(result EQUAL 0)
      set(ORDPAR_PYTHON ${candidate})
      break()
    endif()
  endforeach()
  if(ORDPAR_PYTHON AND NOT CMAKE_CROSSCOMPILING)
    add_custom_command(OUTPUT ${generated}/__init__.pyi
                       COMMAND ${CMAKE_COMMAND} -E env ORDPAR_LIBRARY=$<TARGET_FILE:ordpar_shared>
                               ${ORDPAR_PYTHON} ${PROJECT_SOURCE_DIR}/python/stubs.py
                               ${generated}/__init__.pyi
                       DEPENDS ordpar_shared ${ORDPAR_PYTHON_FILES} python/stubs.py VERBATIM)
    add_custom_target(ordpar_stubs ALL DEPENDS ${generated}/__init__.pyi)
    install(FILES ${generated}/__init__.pyi DESTINATION ${ORDPAR_PYTHON_DIR}/ordpar
            COMPONENT python OPTIONAL)
  else()
    message(STATUS "no python3 with NumPy: the Python module is installed without its types")
  endif()
endif()
