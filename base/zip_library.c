// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/zip_library.h"

#ifndef ORDPAR_LIBZIP_NAME

const ordpar_zip_functions *ordpar_zip(void) {
#define LINKED(name) .name = zip_##name,
    static const ordpar_zip_functions zip = {ORDPAR_ZIP_LIST(LINKED)};
    return &zip;
}

#else

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>

static ordpar_zip_functions zip;
static bool is_loaded;

static void load(void) {
    void *library = dlopen(ORDPAR_LIBZIP_NAME, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return;
    is_loaded = true;
#define LOADED(name)                                                                               \
    *(void **)&zip.name = dlsym(library, "zip_" #name);                                            \
    is_loaded = is_loaded && zip.name;
    ORDPAR_ZIP_LIST(LOADED)
}

const ordpar_zip_functions *ordpar_zip(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return is_loaded ? &zip : NULL;
}

#endif
