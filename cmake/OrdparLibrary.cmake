# SPDX-License-Identifier: GPL-3.0-or-later
# The libraries that are installed: the static one, which is the target `ordpar` of this build, and
# the shared one. Both hold the same objects; only the shared one hides what is internal.
include(OrdparPublicHeaders)

# The headers as they are installed, all in one folder: their includes without the rooms.
set(ordpar_include ${PROJECT_BINARY_DIR}/include)
set(umbrella "// SPDX-License-Identifier: GPL-3.0-or-later\n/** All public headers of ordpar. */\n\
#ifndef ORDPAR_ORDPAR_H\n#define ORDPAR_ORDPAR_H\n\n")
foreach(header IN LISTS ORDPAR_PUBLIC_HEADERS)
  cmake_path(GET header FILENAME name)
  string(APPEND umbrella "#include \"${name}\"\n")
endforeach()
file(CONFIGURE OUTPUT ${ordpar_include}/ordpar/ordpar.h CONTENT "${umbrella}\n#endif\n" @ONLY)
foreach(header IN LISTS ORDPAR_PUBLIC_HEADERS)
  cmake_path(GET header FILENAME name)
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
  file(READ ${PROJECT_SOURCE_DIR}/${header} text)
  string(REGEX REPLACE "#include \"[a-z_/]*/" "#include \"" text "${text}")
  file(CONFIGURE OUTPUT ${ordpar_include}/ordpar/${name} CONTENT "${text}" @ONLY)
endforeach()
add_library(ordpar::static ALIAS ordpar)

# While the major version is 0, each minor version is a binary interface of its own.
set(ORDPAR_ABI ${PROJECT_VERSION_MAJOR})
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(ORDPAR_ABI ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
endif()

set_target_properties(ordpar PROPERTIES EXPORT_NAME static)
target_include_directories(ordpar INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
                           $<BUILD_INTERFACE:${ordpar_include}>)
target_link_libraries(ordpar PUBLIC $<INSTALL_INTERFACE:ordpar::dependencies>)

if(ORDPAR_SANITIZE) # a process must load the sanitizers first, which users of a library do not
  set(ORDPAR_SHARED OFF)
endif()
if(NOT ORDPAR_SHARED)
  add_library(ordpar::ordpar ALIAS ordpar)
  return()
endif()

# The names that a public header speaks of are exported. (Visibility attributes would not do: GCC
# exports every function that it compiles for several vector widths.)
set(ordpar_names)
foreach(header IN LISTS ORDPAR_PUBLIC_HEADERS)
  file(READ ${PROJECT_SOURCE_DIR}/${header} text)
  string(REGEX MATCHALL "ordpar_[a-zA-Z0-9_]+" names "${text}")
  list(APPEND ordpar_names ${names})
endforeach()
list(SORT ordpar_names)
list(REMOVE_DUPLICATES ordpar_names)
list(JOIN ordpar_names ";\n    " ordpar_names)
configure_file(${PROJECT_SOURCE_DIR}/cmake/libordpar.map.in ${PROJECT_BINARY_DIR}/libordpar.map @ONLY)
get_target_property(ordpar_objects ordpar SOURCES)
add_library(ordpar_shared SHARED ${ordpar_objects})
target_link_libraries(ordpar_shared PRIVATE ordpar_dependencies)
target_include_directories(ordpar_shared INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
                           $<BUILD_INTERFACE:${ordpar_include}>)
add_library(ordpar::ordpar ALIAS ordpar_shared)
set_target_properties(ordpar_shared PROPERTIES
  OUTPUT_NAME ordpar EXPORT_NAME ordpar VERSION ${PROJECT_VERSION} SOVERSION ${ORDPAR_ABI}
  LINK_DEPENDS ${PROJECT_BINARY_DIR}/libordpar.map)
target_link_options(ordpar_shared PRIVATE
  LINKER:--version-script=${PROJECT_BINARY_DIR}/libordpar.map LINKER:--no-undefined)
