// SPDX-License-Identifier: GPL-3.0-or-later
/* What other programs call settings and computations. */
#include "model/closed_forms.h"
#include "model/model_internal.h"

#include <string.h>

/* A name and the words that stand for it, separated by blanks, lower case with hyphens. */
typedef struct {
    const char *name, *words;
} entry;

static const entry of_settings[] = {
    {"data", "x dataset inputs examples images x-train"},
    {"labels", "y targets target outputs y-train"},
    {"continue", "resume continue-from restart"},
    {"eta", "lr learning-rate step-size stepsize learningrate"},
    {"student-units", "hidden hidden-units width units students student n-hidden"},
    {"teacher-units", "teachers n-teachers"},
    {"input-dim", "dim dimension d input-size n-features features"},
    {"spectrum",
     "covariance cov covariance-matrix sigma eigenvalues-file eigenvalue-file spectrum-file "
     "spectra-file eigs eigvals evals lambda lambdas"},
    {"eigenvalues", "n-eigenvalues levels"},
    {"beta", "exponent power spectral-exponent power-law powerlaw"},
    {"alpha", "t time times steps iterations epochs samples n-samples tmax alphas t-max alpha-max "
              "max-alpha points n-points n-alpha until"},
    {"activation", "nonlinearity activation-function transfer-function"},
    {"runs", "repeats n-runs ensemble trials n-seeds repetitions starts n-starts replicas"},
    {"each", "save-runs all-runs per-run single-runs"},
    {"seed", "random-seed random-state rng"},
    {"batch", "batch-size batchsize minibatch bs"},
    {"weight-decay", "wd l2 regularization regularisation"},
    {"rtol", "tol tolerance accuracy"},
    {"threads", "jobs workers n-jobs cores processes parallel num-threads"},
    {"schedule", "lr-schedule scheduler warmup"},
    {"momentum", "optimizer optimiser mu heavy-ball"},
    {"small-eta", "gradient-flow gf small-lr small-learning-rate lowest-order"},
    {"train-output", "train-both train-all train-second-layer"},
    {"eta-v", "second-layer-lr lr-v output-lr"},
    {"moments", "order-parameters overlaps-out"},
    {"init", "start initial initialization initialisation"},
    {"label-noise", "sigma-noise noise-std"},
    {"digits", "precision prec n-digits decimals mpdigits dps"},
    {"sigma-j", "init-scale init-std sigma0"},
};

/* Of computations and commands, separated by commas. */
static const entry of_computations[] = {
    {"closed-form escape,closed-form escape-law,report",
     "escape escape-time escape-rate escapes exit plateau-exit"},
    {"closed-form plateau,report", "plateau plateau-height plateau-length saddle fixed-point"},
    {"curve --fluctuations", "fluctuations spread deviations finite-size"},
    {"curve", "integrate run ode theory solve dynamics learn learning-curve curves evolve "
              "trajectory integrator"},
    {"simulate", "train sgd simulation experiment montecarlo monte-carlo mc sim training"},
    {"report", "fit measure exponent analyse analyze analysis slope"},
    {"compare", "validate comparison versus vs diff"},
    {"sweep", "scan grid gridsearch grid-search batch"},
    {"spectrum", "eigenvalues covariance data eigenspectrum spectra pca"},
    {"optimize", "optimise optimum schedule best-schedule"},
    {"precision curve", "mp mpfr digits multiprecision arbitrary-precision"},
    {"closed-form frontier", "compute compute-optimal scaling scaling-law"},
    {"closed-form NAME", "closed closedform closed-forms form formula analytic exact"},
    {"plot", "draw show graph picture histogram hist"},
    {"figure", "fig figures reproduce paper"},
    {"help", "man manual"},
    {"--version", "version"},
};

static const char *find(const entry *entries, size_t count, const char *word) {
    for (size_t k = 0; k < count; k++)
        if (ordpar_settings_among(entries[k].words, word))
            return entries[k].name;
    return NULL;
}

/* Lower case with hyphens. */
static bool plain(const char *word, char *text, size_t size) {
    size_t length = 0;
    for (; word[length] && length + 1 < size; length++) {
        const char c = word[length];
        text[length] = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    text[length] = '\0';
    return !word[length] && length > 0 && !strchr(text, ' ');
}

const char *ordpar_setting_meant(const char *word) {
    char text[40];
    return plain(word, text, sizeof text)
               ? find(of_settings, sizeof of_settings / sizeof *of_settings, text)
               : NULL;
}

/* Closed forms are arguments of a command. */
static const char *form(const char *word) {
#define WHOLE_NAME(identifier, function, name, ...) "closed-form " name,
    static const char *const forms[] = {ORDPAR_FORM_LIST(WHOLE_NAME)};
#undef WHOLE_NAME
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++)
        if (strcmp(strchr(forms[k], ' ') + 1, word) == 0)
            return forms[k];
    return NULL;
}

const char *ordpar_computation_meant(const char *word) {
    char text[40];
    if (!plain(word, text, sizeof text))
        return NULL;
    const char *meant =
        find(of_computations, sizeof of_computations / sizeof *of_computations, text);
    return meant ? meant : form(text);
}
