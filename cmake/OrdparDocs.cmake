# SPDX-License-Identifier: GPL-3.0-or-later
# The target docs-api: the reference of the public headers, where Doxygen is installed.
find_program(DOXYGEN doxygen)
if(NOT DOXYGEN)
  return()
endif()
set(ORDPAR_DOCUMENTED ${ORDPAR_PUBLIC_HEADERS})
list(TRANSFORM ORDPAR_DOCUMENTED PREPEND ${PROJECT_SOURCE_DIR}/)
list(JOIN ORDPAR_DOCUMENTED " \\\n  " ORDPAR_DOCUMENTED)
configure_file(docs/Doxyfile.in ${PROJECT_BINARY_DIR}/Doxyfile @ONLY)
add_custom_target(docs-api COMMAND ${DOXYGEN} ${PROJECT_BINARY_DIR}/Doxyfile VERBATIM
                  COMMENT "The reference of the library: docs-api/html/index.html")
