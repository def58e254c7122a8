// SPDX-License-Identifier: GPL-3.0-or-later
/* The page of all figures, from panels made by hand. */
#include "cli/figures/figure.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_text(const char *folder, const char *name, const char *text) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static char *read_page(const char *folder, char *text, size_t size) {
    char path[128];
    snprintf(path, sizeof path, "%s/index.html", folder);
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* Two panels, each with a fact of its own among those of its table. */
static figure *make_figure(char *folder, options *parsed) {
    ordpar_error err;
    figure *f = calloc(1, sizeof *f);
    cr_assert(f && mkdtemp(folder));
    *parsed = (options){.out = folder};
    check_ok(ordpar_model_create(&parsed->model, &err), &err);
    f->parsed = parsed;
    f->n_panels = 2;
    f->panels[0] = (panel){.name = "figure2-left", .title = "<& K^{2a}_1", .seconds = 3};
    f->panels[1] = (panel){.name = "figure6-left-random", .title = "second", .seconds = 4};
    for (size_t k = 0; k < 2; k++) {
        ordpar_table_note(&f->panels[k].t, "before", "not on the page");
        ordpar_table_note(&f->panels[k].t, "slope", "of panel %zu", k + 1);
        f->panels[k].first_fact = f->panels[k].n_facts = 1;
    }
    return f;
}

static void clear_figure(figure *f, options *parsed) {
    for (size_t k = 0; k < 2; k++)
        ordpar_table_clear(&f->panels[k].t);
    ordpar_model_free(parsed->model);
    free(f);
}

static void remove_all(const char *folder) {
    char path[128];
    for (const char *const *name = (const char *const[]){"index.html", "figure2-left.svg",
                                                         "figure6-left-random.svg", NULL};
         *name; name++) {
        snprintf(path, sizeof path, "%s/%s", folder, *name);
        unlink(path);
    }
    cr_assert_eq(rmdir(folder), 0, "something else is left in %s", folder);
}

Test(page, has_the_panels_one_after_the_other) {
    char folder[] = "/tmp/ordpar-page-XXXXXX", text[16384];
    options parsed;
    figure *f = make_figure(folder, &parsed);
    write_text(folder, "figure2-left.svg", "<?xml?>\n<svg>\none\n</svg>\n");
    write_text(folder, "figure6-left-random.svg", "<!-- made --><svg>two\n</svg>\n");
    figure_page(f);
    check_ok(f->status, &f->err);
    cr_assert_not_null(read_page(folder, text, sizeof text));
    const char *at = text;
    static const char *const parts[] = {
        "<!DOCTYPE html>", "at reduced sizes", "; seed 1; 7 s for all panels.</p>\n",
        "<h2 id=\"figure2-left\">Figure 2, left</h2>\n<p>&lt;&amp; K<sup>2a</sup><sub>1</sub></p>\n"
        "<figure>\n<svg>\none\n</svg>\n</figure>\n<table>\n"
        "<tr><td>slope</td><td>of panel 1</td></tr>\n</table>\n",
        "<h2 id=\"figure6-left-random\">Figure 6, left, random</h2>\n<p>second</p>\n"
        "<figure>\n<svg>two\n</svg>\n</figure>\n<table>\n"
        "<tr><td>slope</td><td>of panel 2</td></tr>\n</table>\n</body>\n</html>\n"};
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        at = strstr(at, parts[k]);
        cr_assert(at, "'%s' not in its place in: %s", parts[k], text);
    }
    remove_all(folder);
    clear_figure(f, &parsed);
}

/* No page without a picture, nor after a failure. */
Test(page, is_whole_or_not_there) {
    char folder[] = "/tmp/ordpar-page-XXXXXX", text[16];
    options parsed;
    figure *f = make_figure(folder, &parsed);
    write_text(folder, "figure2-left.svg", "<svg>\none\n</svg>\n");
    figure_page(f);
    cr_assert_eq(f->status, ORDPAR_IO);
    cr_assert(strstr(f->err.message, "/figure6-left-random.svg: cannot be read: No such file"),
              "%s", f->err.message);
    write_text(folder, "figure6-left-random.svg", "no picture\n");
    f->status = ORDPAR_OK;
    figure_page(f);
    cr_assert_eq(f->status, ORDPAR_IO);
    cr_assert_null(read_page(folder, text, sizeof text));
    write_text(folder, "figure6-left-random.svg", "<svg></svg>\n");
    figure_page(f);
    cr_assert_eq(f->status, ORDPAR_IO);
    cr_assert_null(read_page(folder, text, sizeof text));
    remove_all(folder);
    clear_figure(f, &parsed);
}
