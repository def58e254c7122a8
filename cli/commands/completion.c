// SPDX-License-Identifier: GPL-3.0-or-later
/* Completion scripts for shells, from the tables that also make the help. */
#include "cli/commands/command.h"
#include "cli/options/options.h"
#include "cli/sweep/sweep.h"

#include <string.h>

typedef enum {
    VALUE_NONE,
    VALUE_WORDS,
    VALUE_WORDS_OR_FILE,
    VALUE_SETTING, /* NAME= */
    VALUE_COLUMN,  /* of the files on the line */
    VALUE_FILE,
    VALUE_FOLDER,
    VALUE_OTHER
} value_kind;

static value_kind kind_of(const ordpar_setting *entry) {
    if (!entry->argument)
        return VALUE_NONE;
    if (entry->choices)
        return entry->kind == ORDPAR_KIND_FILE ? VALUE_WORDS_OR_FILE : VALUE_WORDS;
    if (strncmp(entry->argument, "NAME=", 5) == 0)
        return VALUE_SETTING;
    if (entry->groups == GROUP_CHOICE)
        return VALUE_COLUMN;
    if (strstr(entry->argument, "FILE"))
        return VALUE_FILE;
    return strcmp(entry->argument, "DIR") == 0 ? VALUE_FOLDER : VALUE_OTHER;
}

/* a|b|c with blanks; the characters of `special` get a backslash. */
static void put_words(FILE *file, const char *words, const char *special) {
    for (const char *c = words ? words : ""; *c; c++)
        if (*c == '|')
            fputc(' ', file);
        else
            fprintf(file, "%s%c", strchr(special, *c) ? "\\" : "", *c);
}

/* The names in the headers of our files, CSV or JSON, a line each. */
static const char list_columns[] =
    "awk 'FNR == 1 {json = /^[{]/} /^#/ || (json && !/\"columns\": \\[/) {next} "
    "{sub(/^.*\\[/, \"\"); sub(/\\].*/, \"\"); gsub(/[\" ]/, \"\"); gsub(/,/, \"\\n\"); print; "
    "nextfile}'";

/* Columns that a command's own picture has in any case. */
static const char usual_columns[] = "alpha eps_g";

/* What a value of the row may be, or begin with. */
static void put_values(FILE *file, const ordpar_setting *entry, const char *special) {
    const ordpar_setting *row = ordpar_model_settings.rows;
    put_words(file, entry->choices, special);
    for (size_t k = 0; kind_of(entry) == VALUE_SETTING && k < ordpar_model_settings.count; k++)
        if (row[k].groups & SWEPT_GROUPS)
            fprintf(file, "%s%s=", k ? " " : "", row[k].name);
}

/* Text inside single quotes; the characters of `special` get a backslash. */
static void put_quoted(FILE *file, const char *text, const char *quote, const char *special) {
    for (const char *c = text; *c; c++)
        if (*c == '\'')
            fputs(quote, file);
        else
            fprintf(file, "%s%c", strchr(special, *c) ? "\\" : "", *c);
}

static void put_command_names(FILE *file) {
    for (size_t k = 0; k < command_count; k++)
        fprintf(file, "%s ", commands[k].name);
}

/* case labels: --name|-n */
static void put_pattern(FILE *file, const ordpar_setting *entry) {
    fprintf(file, "    --%s", entry->name);
    if (entry->letter)
        fprintf(file, "|-%c", entry->letter);
    fputs(") ", file);
}

static void put_bash_value(FILE *file, const ordpar_setting *entry) {
    const value_kind kind = kind_of(entry);
    if (kind == VALUE_COLUMN) {
        fputs("_ordpar_columns; return ;;\n", file);
    } else if (kind < VALUE_FILE) {
        fputs("_ordpar_words '", file);
        put_values(file, entry, "");
        fprintf(file, "'%s; return ;;\n", kind == VALUE_WORDS_OR_FILE ? " -f" : "");
    } else if (kind == VALUE_OTHER)
        fputs("return ;;\n", file);
    else
        fprintf(file, "_ordpar_files -%c; return ;;\n", kind == VALUE_FILE ? 'f' : 'd');
}

/* The first row of that name, whichever command's. */
static const ordpar_setting *first_of(const char *name) {
    const ordpar_setting *row;
    size_t k = 0;
    while ((row = options_row(~0U, k)) && strcmp(row->name, name) != 0)
        k++;
    return row;
}

/* Of two options that have one name, as labels, the second is that of its commands. */
static void put_bash_exceptions(FILE *file) {
    const ordpar_setting *row;
    fputs("    case \"${COMP_WORDS[1]} $previous\" in\n", file);
    for (size_t c = 0; c < command_count; c++)
        for (size_t k = 0; (row = options_command_row(&commands[c], k)); k++)
            if (first_of(row->name) != row) {
                fprintf(file, "    \"%s --%s\") ", commands[c].name, row->name);
                put_bash_value(file, row);
            }
    fputs("    esac\n", file);
}

static void put_bash_values(FILE *file) {
    put_bash_exceptions(file);
    fputs("    case $previous in\n", file);
    const ordpar_setting *entry;
    for (size_t k = 0; (entry = options_row(~0U, k)); k++) {
        if (kind_of(entry) == VALUE_NONE || first_of(entry->name) != entry)
            continue;
        put_pattern(file, entry);
        put_bash_value(file, entry);
    }
    fputs("    esac\n", file);
}

static void put_bash_commands(FILE *file) {
    const ordpar_setting *row;
    fputs("    case ${COMP_WORDS[1]} in\n", file);
    for (size_t c = 0; c < command_count; c++) {
        fprintf(file, "    %s) words='", commands[c].name);
        put_words(file, commands[c].words, "");
        fputs("' options='--help", file);
        for (size_t k = 0; (row = options_command_row(&commands[c], k)); k++)
            fprintf(file, " --%s", row->name);
        fputs("' ;;\n", file);
    }
    fputs("    help) words='", file);
    put_command_names(file);
    fputs("man bash zsh fish' ;;\n    esac\n", file);
}

/* bash breaks --name=value into three words. */
static void print_bash(FILE *file) {
    fputs("# bash completion for ordpar; made by ordpar help bash\n"
          "_ordpar_files() {\n"
          "    compopt -o filenames 2>/dev/null\n"
          "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$current\")\n"
          "}\n\n"
          "_ordpar_words() {\n"
          "    mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$current\"; ${2:+compgen \"$2\" -- "
          "\"$current\"})\n"
          "    [[ ${COMPREPLY[*]} != *[:=] ]] || compopt -o nospace 2>/dev/null\n"
          "}\n\n"
          "_ordpar_columns() {\n"
          "    local word files=() names\n"
          "    for word in \"${COMP_WORDS[@]:2}\"; do\n"
          "        [ -f \"$word\" ] && files+=(\"$word\")\n"
          "    done\n"
          "    names=$([ ${#files[@]} -eq 0 ] || ",
          file);
    fprintf(file,
            "%s \"${files[@]}\" 2>/dev/null)\n"
            "    [ \"${COMP_WORDS[1]}\" = plot ] || names+=' %s'\n"
            "    [ \"${COMP_WORDS[1]}\" != sweep ] || names+=' %s'\n"
            "    mapfile -t COMPREPLY < <(compgen -W \"${names//,/ }\" -- \"$current\" | sort -u)\n"
            "}\n\n",
            list_columns, usual_columns, ordpar_point_columns(ORDPAR_JOB_CURVE));
    fputs("_ordpar() {\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local words='' options=''\n"
          "    COMPREPLY=()\n"
          "    if [ \"$current\" = = ]; then\n"
          "        current=''\n"
          "    elif [ \"$previous\" = = ]; then\n"
          "        previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
          "    fi\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W '",
          file);
    put_command_names(file);
    fputs("help --help --version' -- \"$current\")\n        return\n    fi\n", file);
    put_bash_values(file);
    put_bash_commands(file);
    fputs("    if [[ $current == -* ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")\n"
          "    elif [ -n \"$words\" ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
          "    else\n"
          "        _ordpar_files -f\n"
          "    fi\n"
          "}\n"
          "complete -F _ordpar ordpar\n",
          file);
}

static void put_zsh_option(FILE *file, const ordpar_setting *entry) {
    char text[1024];
    option_help_text(entry, text, sizeof text);
    if (entry->letter)
        fprintf(file, "            {-%c,--%s}'[", entry->letter, entry->name);
    else
        fprintf(file, "            '--%s%s[", entry->name, entry->argument ? "=" : "");
    put_quoted(file, text, "'\\''", "[]\\");
    fputc(']', file);
    switch (kind_of(entry)) {
    case VALUE_NONE:
        break;
    case VALUE_WORDS:
    case VALUE_WORDS_OR_FILE:
    case VALUE_SETTING:
        fputs(":value:(", file);
        put_values(file, entry, ":");
        fputc(')', file);
        break;
    case VALUE_COLUMN:
        fputs(":column:_ordpar_columns", file);
        break;
    case VALUE_FILE:
        fputs(":file:_files", file);
        break;
    case VALUE_FOLDER:
        fputs(":folder:_files -/", file);
        break;
    case VALUE_OTHER:
        fputs(":value: ", file);
    }
    fputs("' \\\n", file);
}

static void print_zsh(FILE *file) {
    const ordpar_setting *row;
    fputs("#compdef ordpar\n# zsh completion for ordpar; made by ordpar help zsh\n"
          "_ordpar_columns() {\n"
          "    local -a files=(${^words}(N.))\n"
          "    (( ! $#files )) || compadd -- ${(f)\"$(",
          file);
    fprintf(file, "%s $files 2>/dev/null)\"}\n    compadd -- %s\n}\n", list_columns, usual_columns);
    fputs("if (( CURRENT == 2 )); then\n    compadd ", file);
    put_command_names(file);
    fputs("help\n    return\nfi\nlocal name=$words[2]\nshift words\n(( CURRENT-- ))\n"
          "case $name in\n",
          file);
    for (size_t c = 0; c < command_count; c++) {
        fprintf(file, "    %s)\n        _arguments -s \\\n", commands[c].name);
        for (size_t k = 0; (row = options_command_row(&commands[c], k)); k++)
            put_zsh_option(file, row);
        fputs("            '(-h --help)'{-h,--help}'[help]' \\\n            ", file);
        if (commands[c].words) {
            fputs("'1:what:(", file);
            put_words(file, commands[c].words, "");
            fputs(")' ", file);
        }
        fputs("'*:file:_files' ;;\n", file);
    }
    fputs("esac\n", file);
}

static void put_fish_option(FILE *file, const command *c, const ordpar_setting *entry) {
    char text[1024];
    option_help_text(entry, text, sizeof text);
    fprintf(file, "complete -c ordpar -n '__fish_seen_subcommand_from %s' -l %s", c->name,
            entry->name);
    if (entry->letter)
        fprintf(file, " -s %c", entry->letter);
    const value_kind kind = kind_of(entry);
    if (kind == VALUE_FILE || kind == VALUE_FOLDER || kind == VALUE_WORDS_OR_FILE)
        fputs(" -rF", file);
    else if (kind != VALUE_NONE)
        fputs(" -x", file);
    if (kind == VALUE_COLUMN)
        fputs(" -a '(__ordpar_columns)'", file);
    else if (kind != VALUE_NONE && kind < VALUE_FILE) {
        fputs(" -a '", file);
        put_values(file, entry, "");
        fputc('\'', file);
    }
    fputs(" -d '", file);
    put_quoted(file, text, "\\'", "\\");
    fputs("'\n", file);
}

static void print_fish(FILE *file) {
    const ordpar_setting *row;
    fprintf(file,
            "# fish completion for ordpar; made by ordpar help fish\n"
            "function __ordpar_columns\n"
            "    set -l files\n"
            "    for word in (commandline -opc)[2..-1]\n"
            "        test -f $word; and set -a files $word\n"
            "    end\n"
            "    test -n \"$files\"; and %s $files 2>/dev/null\n"
            "    string split ' ' '%s'\n"
            "end\n",
            list_columns, usual_columns);
    for (size_t c = 0; c < command_count; c++) {
        fprintf(file, "complete -c ordpar -f -n __fish_use_subcommand -a %s -d '",
                commands[c].name);
        put_quoted(file, commands[c].summary, "\\'", "\\");
        fputs("'\n", file);
        if (commands[c].words) {
            fprintf(file, "complete -c ordpar -n '__fish_seen_subcommand_from %s' -a '",
                    commands[c].name);
            put_words(file, commands[c].words, "");
            fputs("'\n", file);
        }
        for (size_t k = 0; (row = options_command_row(&commands[c], k)); k++)
            put_fish_option(file, &commands[c], row);
    }
    fputs("complete -c ordpar -f -n __fish_use_subcommand -a help -d 'help of a command'\n"
          "complete -c ordpar -f -n '__fish_seen_subcommand_from help' -a '",
          file);
    put_command_names(file);
    fputs("man bash zsh fish'\n", file);
}

bool completion_print(FILE *file, const char *shell) {
    static const struct {
        const char *shell;
        void (*print)(FILE *file);
    } shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};
    for (size_t k = 0; k < sizeof shells / sizeof *shells; k++)
        if (strcmp(shells[k].shell, shell) == 0) {
            shells[k].print(file);
            return true;
        }
    return false;
}
