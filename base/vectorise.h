// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Compiles a function for several vector widths; the one for the machine is chosen when the program
 * starts. All that the project knows of processors stands in this file.
 */
#ifndef ORDPAR_VECTORISE_H
#define ORDPAR_VECTORISE_H

#include <stddef.h>
#include <string.h>

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
/* No clones, or none of these: the loop becomes a part of one function for each width. (The
 * features by name, as clang prefers narrow vectors for arch=x86-64-v4.) */
#define ORDPAR_FOR_WIDTHS(storage, type, name, parameters, arguments, give)                        \
    static inline __attribute__((always_inline)) type name##_loop parameters;                      \
    ORDPAR_TARGET_V4 static type name##_v4 parameters {                                            \
        give name##_loop arguments;                                                                \
    }                                                                                              \
    ORDPAR_TARGET_V3 static type name##_v3 parameters {                                            \
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

#define ORDPAR_TARGET_V3 __attribute__((target("arch=x86-64-v3")))
#define ORDPAR_TARGET_V4                                                                           \
    __attribute__((target("arch=x86-64-v3,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")))
#define ORDPAR_MACHINE_IS_V3                                                                       \
    (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&                            \
     __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
#define ORDPAR_MACHINE_IS_V4                                                                       \
    (ORDPAR_MACHINE_IS_V3 && __builtin_cpu_supports("avx512f") &&                                  \
     __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&                   \
     __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))

/*
 * ORDPAR_VECTOR_FUNCTION(NAME) defines ordpar_vector_NAME, which takes a function of <math.h> of an
 * array. The C library has vector forms of some (libmvec); GCC finds them where they are declared.
 */
#if defined(__x86_64__) && defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 35)
#define ORDPAR_LIBMVEC
#endif
#endif

#if defined(ORDPAR_LIBMVEC) && !defined(ORDPAR_CLONES)
#define ORDPAR_VECTOR_FUNCTION(name)                                                               \
    ORDPAR_BY_LANES(name, 8, v4, e, ORDPAR_TARGET_V4)                                              \
    ORDPAR_BY_LANES(name, 4, v3, d, ORDPAR_TARGET_V3)                                              \
    ORDPAR_BY_LANES(name, 2, v1, b, )                                                              \
    void ordpar_vector_##name(size_t count, const double *x, double *y) {                          \
        (ORDPAR_MACHINE_IS_V4   ? name##_v4                                                        \
         : ORDPAR_MACHINE_IS_V3 ? name##_v3                                                        \
                                : name##_v1)(count, x, y);                                         \
    }
#define ORDPAR_BY_LANES(name, lanes, level, letter, target)                                        \
    typedef double name##_##level##_lanes __attribute__((vector_size(8 * lanes)));                 \
    target name##_##level##_lanes _ZGV##letter##N##lanes##v_##name(name##_##level##_lanes);        \
    target static void name##_##level(size_t count, const double *x, double *y) {                  \
        name##_##level##_lanes v;                                                                  \
        double rest[lanes] = {0}; /* of the last vector, filled up with zeros */                   \
        size_t k = 0;                                                                              \
        for (; k + lanes <= count; k += lanes) {                                                   \
            memcpy(&v, x + k, sizeof v);                                                           \
            v = _ZGV##letter##N##lanes##v_##name(v);                                               \
            memcpy(y + k, &v, sizeof v);                                                           \
        }                                                                                          \
        if (count - k == 1)                                                                        \
            y[k] = name(x[k]);                                                                     \
        if (count - k < 2)                                                                         \
            return;                                                                                \
        for (size_t j = 0; j < count - k; j++)                                                     \
            rest[j] = x[k + j];                                                                    \
        memcpy(&v, rest, sizeof v);                                                                \
        v = _ZGV##letter##N##lanes##v_##name(v);                                                   \
        memcpy(rest, &v, sizeof v);                                                                \
        for (size_t j = 0; j < count - k; j++)                                                     \
            y[k + j] = rest[j];                                                                    \
    }
#else
#ifdef ORDPAR_LIBMVEC
#define ORDPAR_VECTOR_FORM(name) __attribute__((simd("notinbranch"))) double name(double);
#else
#define ORDPAR_VECTOR_FORM(name)
#endif
#define ORDPAR_VECTOR_FUNCTION(name)                                                               \
    ORDPAR_VECTOR_FORM(name)                                                                       \
    ORDPAR_VECTORISED_VOID(extern, ordpar_vector_##name,                                           \
                           (size_t count, const double *x, double *y), (count, x, y)) {            \
        _Pragma("omp simd") for (size_t k = 0; k < count; k++) y[k] = name(x[k]);                  \
    }
#endif

/** A call of the form of a function, by its number of lanes, that the machine has. */
#if defined(__x86_64__)
#define ORDPAR_WIDEST(function, ...)                                                               \
    (ORDPAR_MACHINE_IS_V4   ? function##_by_8(__VA_ARGS__)                                         \
     : ORDPAR_MACHINE_IS_V3 ? function##_by_4(__VA_ARGS__)                                         \
                            : function##_by_2(__VA_ARGS__))
#else
#define ORDPAR_WIDEST(function, ...) function##_by_2(__VA_ARGS__)
#endif

#endif
