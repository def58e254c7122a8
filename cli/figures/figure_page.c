// SPDX-License-Identifier: GPL-3.0-or-later
/* One page with all panels: no file beside it is needed to read it. */
#include "cli/figures/figure.h"

#include "cli/options/libraries.h"
#include "cli/output/result.h"

#include <errno.h>
#include <string.h>

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<title>ordpar: the figures</title>\n<style>\n"
    "body { font: 16px/1.5 'DejaVu Sans', sans-serif; max-width: 960px; margin: 2em auto; "
    "padding: 0 1em; color: #222; }\n"
    "h2 { margin-top: 2.5em; border-top: 1px solid #bbb; padding-top: 1em; }\n"
    "svg { width: 100%; height: auto; }\n"
    "table { border-collapse: collapse; font-size: 14px; }\n"
    "td { padding: 0.2em 1em 0.2em 0; vertical-align: top; }\n"
    "td:first-child { white-space: nowrap; color: #555; }\n"
    "</style>\n</head>\n<body>\n";

static void write_character(char c, FILE *page) {
    static const char special[] = "&<>\n";
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "<br>"};
    const char *found = strchr(special, c);
    if (found && c)
        fputs(names[found - special], page);
    else
        fputc(c, page);
}

/* A subscript or superscript in gnuplot's notation, from _ or ^ on: what follows in braces, a
 * number, or one character. Returns where it ends. */
static const char *write_raised(const char *text, FILE *page) {
    const char *tag = *text++ == '_' ? "sub" : "sup";
    const bool braces = *text == '{';
    const size_t number = strspn(text, "-0123456789");
    size_t length = braces ? strcspn(++text, "}") : number ? number : 1;
    fprintf(page, "<%s>", tag);
    for (; length > 0 && *text; length--)
        write_character(*text++, page);
    fprintf(page, "</%s>", tag);
    return text + (braces && *text == '}');
}

static void write_text(const char *before, const char *text, const char *after, FILE *page) {
    fputs(before, page);
    while (*text)
        if ((*text == '_' || *text == '^') && text[1])
            text = write_raised(text, page);
        else
            write_character(*text++, page);
    fputs(after, page);
}

/* "figure2-left" as "Figure 2, left" */
static void write_name(const char *name, FILE *page) {
    const char *number = name + strcspn(name, "0123456789");
    const size_t digits = strspn(number, "0123456789");
    fprintf(page, "<h2 id=\"%s\">Figure %.*s", name, (int)digits, number);
    for (const char *rest = number + digits; *rest; rest++)
        fputs(*rest == '-' ? ", " : (char[]){*rest, 0}, page);
    fputs("</h2>\n", page);
}

/* The picture from its <svg> on: what stands before it has no place inside a page. */
static bool copy_picture(const char *path, FILE *page) {
    FILE *picture = fopen(path, "r");
    char line[8192];
    bool begun = false;
    while (picture && fgets(line, sizeof line, picture)) {
        const char *from = begun ? line : strstr(line, "<svg");
        if (from)
            fputs(from, page);
        begun = from;
    }
    const bool good = picture && begun && !ferror(picture);
    if (picture)
        fclose(picture);
    return good;
}

static ordpar_status write_panel(const figure *f, const panel *p, FILE *page, ordpar_error *err) {
    char path[4200];
    snprintf(path, sizeof path, "%s/%s.svg", f->parsed->out, p->name);
    write_name(p->name, page);
    write_text("<p>", p->title, "</p>\n<figure>\n", page);
    if (!copy_picture(path, page))
        return ordpar_fail(err, ORDPAR_IO, "%.300s: cannot be read: %s", path, strerror(errno));
    fputs("</figure>\n<table>\n", page);
    for (size_t k = 0; k < p->n_facts; k++) {
        const ordpar_fact *fact = &p->t.facts[p->first_fact + k];
        write_text("<tr><td>", fact->key, "</td><td>", page);
        write_text("", fact->text, "</td></tr>\n", page);
    }
    fputs("</table>\n", page);
    return ORDPAR_OK;
}

static void write_head(const figure *f, FILE *page) {
    char libraries[256];
    double seconds = 0;
    for (size_t k = 0; k < f->n_panels; k++)
        seconds += f->panels[k].seconds;
    version_libraries(libraries, sizeof libraries);
    fputs(head, page);
    fprintf(page,
            "<h1>Learning curves on power-law data: theory and simulation</h1>\n"
            "<p>The figures of Worschech and Rosenow (ICLR 2025), %s. Lines: theory. Points: "
            "simulation, with the standard error of the mean. Thin grey lines: predictions. The "
            "numbers of each panel stand in the CSV file of its name.</p>\n",
            f->parsed->full ? "at the paper's sizes" : "at reduced sizes, as each title says");
    fprintf(page, "<p>ordpar %s; %s; seed %lld; %.0f s for all panels.</p>\n", ordpar_version(),
            libraries, (long long)f->parsed->model->value.seed, seconds);
}

void figure_page(figure *f) {
    char path[4200];
    output_set set = {0};
    if (f->status)
        return;
    snprintf(path, sizeof path, "%s/index.html", f->parsed->out);
    FILE *page = output_open(&set, "out", path, &f->status, &f->err);
    if (!page)
        return;
    write_head(f, page);
    for (size_t k = 0; k < f->n_panels; k++)
        FIGURE_TRY(f, write_panel(f, &f->panels[k], page, &f->err));
    fputs("</body>\n</html>\n", page);
    f->status = result_end(f->parsed, &set, f->status, &f->err);
}
