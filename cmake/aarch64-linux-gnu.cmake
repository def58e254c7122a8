# SPDX-License-Identifier: GPL-3.0-or-later
# For arm64 on another Debian machine, with Debian's libraries of architecture arm64:
# cmake --toolchain cmake/aarch64-linux-gnu.cmake ..; what is built runs by qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(PKG_CONFIG_EXECUTABLE aarch64-linux-gnu-pkg-config)
find_program(ORDPAR_QEMU NAMES qemu-aarch64 qemu-aarch64-static)
if(ORDPAR_QEMU)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${ORDPAR_QEMU})
endif()
# SUNDIALS of Debian 13 asks for MPI; its compiler wrapper is the other machine's.
set(MPI_SKIP_COMPILER_WRAPPER ON)
set(MPI_C_HEADER_DIR /usr/lib/aarch64-linux-gnu/openmpi/include CACHE PATH "")
set(MPI_C_LIB_NAMES mpi CACHE STRING "")
set(MPI_mpi_LIBRARY /usr/lib/aarch64-linux-gnu/libmpi.so CACHE FILEPATH "")
