# SPDX-License-Identifier: GPL-3.0-or-later
# C11, warnings and sanitizers for every target of the project.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_C_FLAGS_RELEASE "-O3")
# NDEBUG stays undefined: there are few assertions and they cost nothing.

add_compile_definitions(_POSIX_C_SOURCE=200809L _XOPEN_SOURCE=700)
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
                    -Wmissing-prototypes -Wvla -fno-math-errno -fopenmp-simd
                    -ffp-contract=off) # as GCC has it for ISO C: the same digits with other compilers
if(CMAKE_C_COMPILER_ID MATCHES Clang) # enumerators are constants here, in sums of reals too
  add_compile_options(-Wno-enum-float-conversion)
endif()
if(ORDPAR_WERROR)
  add_compile_options(-Werror)
endif()
if(ORDPAR_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer
                      -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
endif()
if(ORDPAR_FUZZ)
  add_compile_definitions(ORDPAR_CSV_FIELDS=16)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined,float-cast-overflow
                      -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-pass-failed)
  add_link_options(-fsanitize=address,undefined)
endif()
if(ORDPAR_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
