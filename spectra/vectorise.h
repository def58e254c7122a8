// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Compiles a function for several vector widths; the one for the machine is chosen when the program
 * starts. All that the project knows of processors stands in this file.
 */
#ifndef ORDPAR_VECTORISE_H
#define ORDPAR_VECTORISE_H

#include <stdint.h> /* tells which C library this is */

/*
 * ORDPAR_VECTORISED(STORAGE, TYPE, NAME, (PARAMETERS), (ARGUMENTS)) { .. } defines a function.
 * STORAGE is static or extern, ARGUMENTS are the parameters' names. Where TYPE is void:
 * ORDPAR_VECTORISED_VOID(STORAGE, NAME, (PARAMETERS), (ARGUMENTS)).
 */
#define ORDPAR_VECTORISED_VOID(storage, name, parameters, arguments)                               \
    ORDPAR_FOR_WIDTHS(storage, void, name, parameters, arguments, (void))
#define ORDPAR_VECTORISED(storage, type, name, parameters, arguments)                              \
    ORDPAR_FOR_WIDTHS(storage, type, name, parameters, arguments, return )

#if !defined(__x86_64__)
#define ORDPAR_FOR_WIDTHS(storage, type, name, parameters, arguments, give)                        \
    storage type name parameters

#elif !defined(__clang__) && defined(__GLIBC__)
#define ORDPAR_CLONES
#define ORDPAR_FOR_WIDTHS(storage, type, name, parameters, arguments, give)                        \
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))                  \
    storage type name parameters

#else
/* No clones, or none of these: the loop becomes a part of one function for each width. */
#define ORDPAR_FOR_WIDTHS(storage, type, name, parameters, arguments, give)                        \
    static inline __attribute__((always_inline)) type name##_loop parameters;                      \
    __attribute__((target("arch=x86-64-v4"))) static type name##_v4 parameters {                   \
        give name##_loop arguments;                                                                \
    }                                                                                              \
    __attribute__((target("arch=x86-64-v3"))) static type name##_v3 parameters {                   \
        give name##_loop arguments;                                                                \
    }                                                                                              \
    static type name##_v1 parameters {                                                             \
        give name##_loop arguments;                                                                \
    }                                                                                              \
    storage type name parameters {                                                                 \
        give(ORDPAR_MACHINE_IS_V4   ? name##_v4 arguments                                          \
             : ORDPAR_MACHINE_IS_V3 ? name##_v3 arguments                                          \
                                    : name##_v1 arguments);                                        \
    }                                                                                              \
    static inline type name##_loop parameters
#endif

#define ORDPAR_MACHINE_IS_V3                                                                       \
    (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&                            \
     __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
#define ORDPAR_MACHINE_IS_V4                                                                       \
    (ORDPAR_MACHINE_IS_V3 && __builtin_cpu_supports("avx512f") &&                                  \
     __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&                   \
     __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))

/* libmvec has the vector forms of these functions. */
#ifdef ORDPAR_CLONES
#if __GLIBC_PREREQ(2, 35)
#define ORDPAR_VECTOR_MATH __attribute__((simd("notinbranch")))
#endif
#endif

#endif
