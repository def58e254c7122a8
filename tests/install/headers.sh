# SPDX-License-Identifier: GPL-3.0-or-later
# Each installed header stands on its own in strict C11, all of them serve C++, and none needs another
# library's headers; the installed ones are those that the source lists.
. "$(dirname "$0")/../cli/lib.sh"
source=$2 include=$(dirname "$(dirname "$1")")/include

for header in "$include"/ordpar/*.h; do
    name=$(basename "$header")
    printf '#include <ordpar/%s>\nint one;\n' "$name" >one.c
    expect 0 '' "$CC" -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$include" -fsyntax-only one.c
    [ "$name" = ordpar.h ] || grep -q "/$name\b" "$source/cmake/OrdparPublicHeaders.cmake" || fail "$name is not public"
done

# From C++, to the end: a name that had no C linkage would not be found.
cat >call.cc <<'END'
#include <ordpar/ordpar.h>
#include <cstdio>
int main() {
    ordpar_error err;
    ordpar_spectrum spectrum;
    if (ordpar_spectrum_power_law(8, 3, 1.0, &spectrum, &err) != ORDPAR_INVALID)
        return 1;
    std::puts(err.message);
    return ordpar_activation_find("erf") == &ordpar_activation_erf ? 0 : 1;
}
END
expect 0 '' c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -I"$include" call.cc -L"$3" -lordpar -Wl,-rpath,"$3" -o call
expect 0 '' ./call
grep -q 'L = 3' out.txt || fail "the message lacks the value: $(cat out.txt)"
finish
