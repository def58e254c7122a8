// SPDX-License-Identifier: GPL-3.0-or-later
#include "options_table.h"

#include "integrate.h"
#include "spread.h"

#include <float.h>
#include <math.h>
#include <stddef.h>

#define AT(field) offsetof(options, field)
#define ANY_SPECTRUM (GROUP_MODEL | GROUP_SPECTRUM)
#define MAX_N ((double)ORDPAR_MAX_INPUT_DIM)

const options option_defaults = {.K = 2,
                                 .M = 2,
                                 .N = 1024,
                                 .L = 16,
                                 .beta = 1,
                                 .spread_parts = 15,
                                 .eta = 0.1,
                                 .sigma_J = 0.01,
                                 .trainable = -1,
                                 .runs = 10,
                                 .threads = -1,
                                 .max_z = INFINITY,
                                 .seed = 1,
                                 .alpha = {0.01, 1e5, 300, true},
                                 .compute = {1, 1e8, 161, true},
                                 .decades = 16,
                                 .rtol = ORDPAR_DEFAULT_RTOL,
                                 .atol = ORDPAR_DEFAULT_ATOL,
                                 .digits = 30};

/* name, letter, kind, groups, field, argument, choices, low, high, help */
const option_entry option_table[] = {
    {"activation", 0, KIND_CHOICE, GROUP_MODEL, AT(activation), "NAME",
     "erf|linear|relu|quadratic|tanh|gelu|softplus", 0, 0,
     "activation function: erf is erf(x/sqrt 2), gelu x Phi(x); the equations of tanh, gelu and "
     "softplus need --small-eta; quadratic (x^2) can diverge at finite N where its curve does not"},
    {"student-units", 'K', KIND_INTEGER, GROUP_MODEL, AT(K), "K", NULL, 1, ORDPAR_MAX_UNITS,
     "hidden units of the student"},
    {"teacher-units", 'M', KIND_INTEGER, GROUP_MODEL, AT(M), "M", NULL, 1, ORDPAR_MAX_UNITS,
     "hidden units of the teacher"},
    {"input-dim", 'N', KIND_INTEGER, ANY_SPECTRUM, AT(N), "N", NULL, 1, MAX_N,
     "input dimension; with --spectrum, the sum of its multiplicities"},
    {"eigenvalues", 'L', KIND_INTEGER, ANY_SPECTRUM, AT(L), "L", NULL, 1, ORDPAR_MAX_EIGENVALUES,
     "distinct eigenvalues of the covariance; must divide N"},
    {"beta", 0, KIND_POSITIVE, ANY_SPECTRUM, AT(beta), "B", NULL, 0, DBL_MAX,
     "exponent of the spectrum: eigenvalue l is lambda_+ / l^(1+B), trace N"},
    {"spectrum", 0, KIND_TEXT, ANY_SPECTRUM, AT(spectrum), "FILE", NULL, 0, 0,
     "a spectrum instead of -L and --beta: CSV with the header eigenvalue,multiplicity (-: "
     "standard "
     "input)"},
    {"spread", 0, KIND_REAL, ANY_SPECTRUM, AT(spread), "S", NULL, 0, 1,
     "spread each eigenvalue uniformly over 1 - S to 1 + S times itself (S below 1)"},
    {"spread-parts", 0, KIND_INTEGER, ANY_SPECTRUM, AT(spread_parts), "P", NULL, 1,
     ORDPAR_MAX_SPREAD_PARTS, "into so many different eigenvalues, or its multiplicity if less"},
    {"data", 0, KIND_TEXT, ANY_SPECTRUM | GROUP_FIGURE, AT(data), "FILE [FILE..]", NULL, 0, 0,
     "a data set, whose spectrum takes the place of -L and --beta: .npy or .npz (array X), uint8, "
     "float32 or float64, first axis examples; -N keeps the leading N principal components "
     "(default: all); simulate and compare train on it, one pass"},
    {"eta", 0, KIND_POSITIVE, GROUP_MODEL, AT(eta), "E", NULL, 0, DBL_MAX, "learning rate"},
    {"sigma-j", 0, KIND_REAL, GROUP_MODEL, AT(sigma_J), "S", NULL, 0, 1e10,
     "standard deviation of the student's weights at the start"},
    {"label-noise", 0, KIND_REAL, GROUP_MODEL, AT(label_noise), "S", NULL, 0, 1e10,
     "standard deviation of the noise on the teacher's output"},
    {"student-output", 0, KIND_REALS, GROUP_MODEL, AT(student_output), "V1,V2,..", NULL, 0, 0,
     "the student's K output weights (default: all sqrt(M)/K)"},
    {"teacher-output", 0, KIND_REALS, GROUP_MODEL, AT(teacher_output), "W1,W2,..", NULL, 0, 0,
     "the teacher's M output weights (default: all 1/sqrt(M))"},
    {"trainable", 0, KIND_INTEGER, GROUP_MODEL, AT(trainable), "N_L", NULL, 0, MAX_N,
     "train only the components of the N_L largest eigenvalues (default: all)"},
    {"small-eta", 0, KIND_FLAG, GROUP_MODEL, AT(small_eta), NULL, NULL, 0, 0,
     "leave out the terms of order eta^2"},
    {"train-output", 0, KIND_FLAG, GROUP_TRAINING, AT(train_output), NULL, NULL, 0, 0,
     "train the student's output weights too (needs --eta-v)"},
    {"eta-v", 0, KIND_REAL, GROUP_TRAINING, AT(eta_v), "E", NULL, 0, DBL_MAX,
     "their learning rate: v_i <- v_i - (E/N) delta g(x_i); --schedule leaves it alone"},
    {"weight-decay", 0, KIND_REAL, GROUP_TRAINING, AT(weight_decay), "KAPPA", NULL, 0, DBL_MAX,
     "J <- J (1 - KAPPA/N) in each step, where J is trained"},
    {"schedule", 0, KIND_TEXT, GROUP_TRAINING, AT(schedule), "constant|power:GAMMA:ALPHA0|FILE",
     NULL, 0, 0,
     "the learning rate: --eta; --eta times (1 + alpha/ALPHA0)^-GAMMA; or instead of --eta a CSV "
     "file with the header alpha,eta, linear between its rows and constant before the first and "
     "after the last (default: constant)"},
    {"init", 0, KIND_CHOICE, GROUP_MODEL, AT(init), "START", "sampled|mean|near-teacher", 0, 0,
     "the student's start: drawn at finite N; its mean (q = p sigma_J^2 1, r = 0); or J = B + "
     "sigma_J noise (needs K = M)"},
    {"teacher", 0, KIND_CHOICE, GROUP_MODEL, AT(teacher), "KIND", "sampled|mean", 0, 0,
     "the teacher: drawn at finite N, or its mean (t = p 1)"},
    {"seed", 0, KIND_INTEGER, GROUP_MODEL | GROUP_FIGURE, AT(seed), "S", NULL, 0,
     9007199254740992.0, "seed of everything drawn"},
    {"overlaps", 0, KIND_TEXT, GROUP_MODEL, AT(overlaps), "FILE", NULL, 0, 0,
     "the starting overlaps instead of --init and --teacher: CSV with the header "
     "matrix,block,row,col,value (matrix q, r, t or, for output weights, v); blocks are numbered "
     "as ordpar spectrum prints them, and one that "
     "--trainable cuts counts as two"},
    {"save-overlaps", 0, KIND_TEXT, GROUP_CURVE, AT(save_overlaps), "FILE", NULL, 0, 0,
     "write the final overlaps there, in the same format"},
    {"alpha", 0, KIND_GRID, GROUP_GRID, AT(alpha), "START:STOP:COUNT[:lin|log]", NULL, 0, 1e300,
     "the grid of alpha = examples / N, spaced lin (the default spacing) or log"},
    {"rtol", 0, KIND_REAL, GROUP_TOLERANCE, AT(rtol), "R", NULL, ORDPAR_MIN_RTOL, ORDPAR_MAX_RTOL,
     "eps_g is right to 10 R, relative, ..."},
    {"atol", 0, KIND_REAL, GROUP_TOLERANCE, AT(atol), "A", NULL, 0, 1,
     "... or to 10 A, absolute, where that is larger"},
    {"moments", 0, KIND_ORDERS, GROUP_CURVE | GROUP_CLOSED_FORM, AT(moments), "P[,P..]", NULL, 0,
     99,
     "add columns with the order parameters Q, R, T of these orders, and with trained output "
     "weights V"},
    {"report", 0, KIND_FLAG, GROUP_CURVE, AT(report), NULL, NULL, 0, 0,
     "measure plateau, escape rate and decay exponent, and note them beside their predictions"},
    {"continuum", 0, KIND_FLAG, GROUP_CLOSED_FORM, AT(continuum), NULL, NULL, 0, 0,
     "asymptotic: the continuum form of the small-eta curve"},
    {"compute", 0, KIND_GRID, GROUP_CLOSED_FORM, AT(compute), "START:STOP:COUNT[:lin|log]", NULL, 0,
     1e300, "frontier: the grid of the compute alpha N_l"},
    {"digits", 0, KIND_INTEGER, GROUP_DIGITS, AT(digits), "D", NULL, 1, 9007199254740992.0,
     "right significant digits, at most 10000; parameters are then read as decimals (closed-form: "
     "double precision unless this is given)"},
    {"representation", 0, KIND_CHOICE, GROUP_PRECISION, AT(representation), "BASIS",
     "moments|blocks|implicit", 0, 0,
     "the basis of the equations of motion (a linear activation is solved by exponentials unless "
     "this is given); implicit: blocks, by implicit steps, for eigenvalues that span decades"},
    {"max-error", 0, KIND_POSITIVE, GROUP_PRECISION, AT(max_error), "E", NULL, 0, 1e100,
     "check: exit 3 if a relative error is above E"},
    {"sizes", 0, KIND_ORDERS, GROUP_PRECISION, AT(sizes), "L[,L..]", NULL, 1, 64,
     "map: the numbers of eigenvalues (default: 4,8,12,16,20,24,32)"},
    {"fit", 0, KIND_TEXT, GROUP_FIT, AT(fit), "FIRST:LAST", NULL, 0, 0,
     "the window of ranks for the fit of beta (default: all)"},
    {"sweep", 0, KIND_TEXTS, GROUP_SWEEP, AT(sweep), "NAME=LIST", NULL, 0, 0,
     "a point for each value; several --sweep: for each combination. NAME: an option of the model, "
     "the grid, the numerics or the simulation, long or short; NAME=NAME=LIST: both have the same "
     "value. LIST: values and ranges START:STOP:COUNT[:lin|log], separated by commas"},
    {"job", 0, KIND_CHOICE, GROUP_SWEEP, AT(job), "JOB", "curve|simulate|compare", 0, 0,
     "what is computed at each point; a row shows its end and what was measured on it. All points "
     "have the same seed, unless seed is swept"},
    {"curves", 0, KIND_FLAG, GROUP_SWEEP, AT(curves), NULL, NULL, 0, 0,
     "job curve: add a column with eps_g for each alpha of the grid"},
    {"part", 0, KIND_TEXT, GROUP_SWEEP, AT(part), "I/N", NULL, 0, 0,
     "compute only the I-th of N parts of the points, for job arrays"},
    {"merge", 0, KIND_FLAG, GROUP_SWEEP, AT(merge), NULL, NULL, 0, 0,
     "compute nothing: put the files of all parts, the command's arguments, together"},
    {"column", 0, KIND_TEXT, GROUP_SWEEP, AT(column), "NAME", NULL, 0, 0,
     "the column that --plot draws, against the swept number with the most values (default: eps_g "
     "or mean)"},
    {"method", 0, KIND_CHOICE, GROUP_SIMULATION | GROUP_POINT, AT(method), "METHOD", "sgd|overlap",
     0, 0, "sgd: vectors of N components; overlap: the same law from the overlaps alone, at any N"},
    {"runs", 0, KIND_INTEGER, GROUP_SIMULATION | GROUP_POINT, AT(runs), "R", NULL, 1, 1e7,
     "independent runs; run r is drawn from the seed and r, and run 1 starts where 'curve' does"},
    {"threads", 0, KIND_INTEGER, GROUP_SIMULATION | GROUP_FIGURE | GROUP_SWEEP, AT(threads), "T",
     NULL, 1, 4096,
     "runs (sweep: points) at a time; the results do not depend on it (default: all cores)"},
    {"each", 0, KIND_FLAG, GROUP_EACH, AT(each), NULL, NULL, 0, 0, "add a column for each run"},
    {"checkpoint", 0, KIND_TEXT, GROUP_SIMULATION | GROUP_SWEEP, AT(checkpoint), "FILE", NULL, 0, 0,
     "save the state there at each grid point (sweep: each finished point; default: OUTPUT.part), "
     "and go on from it if it is there"},
    {"keep-partial", 0, KIND_FLAG, GROUP_SIMULATION, AT(keep_partial), NULL, NULL, 0, 0,
     "when interrupted, write the rows that are complete"},
    {"against", 0, KIND_CHOICE, GROUP_COMPARE | GROUP_POINT, AT(against), "THEORY", "ode|finite-n",
     0, 0,
     "the equations of motion, each run from its own start; or, for linear units, the exact mean "
     "at finite N"},
    {"max-z", 0, KIND_POSITIVE, GROUP_COMPARE, AT(max_z), "Z", NULL, 0, DBL_MAX,
     "exit with status 3 if a row's |z| is larger"},
    {"out", 0, KIND_TEXT, GROUP_FIGURE, AT(out), "DIR", NULL, 0, 0,
     "folder for the CSV files and pictures; made if it is not there"},
    {"full", 0, KIND_FLAG, GROUP_FIGURE, AT(full), NULL, NULL, 0, 0,
     "the paper's sizes (minutes to an hour, with checkpoints in DIR) instead of reduced ones"},
    {"picture", 0, KIND_CHOICE, GROUP_FIGURE, AT(picture), "FORMAT", "svg|png|pdf", 0, 0,
     "png or pdf: pictures in this format beside the SVG ones"},
    {"output", 'o', KIND_TEXT, GROUP_OUTPUT, AT(output), "FILE", NULL, 0, 0,
     "write there instead of to standard output (-); whole or not at all"},
    {"format", 0, KIND_CHOICE, GROUP_OUTPUT, AT(format), "FORMAT", "csv|json", 0, 0,
     "format of the output"},
    {"plot", 0, KIND_TEXT, GROUP_PLOT, AT(plot), "FILE.svg|png|pdf", NULL, 0, 0,
     "draw a picture too (needs gnuplot)"},
    {"decades", 0, KIND_INTEGER, GROUP_DECADES, AT(decades), "D", NULL, 1, 10000,
     "the picture shows at most so many decades of eps_g"},
    {"quiet", 'q', KIND_FLAG, GROUP_OUTPUT | GROUP_FIGURE, AT(quiet), NULL, NULL, 0, 0,
     "no progress on the terminal"},
};

const size_t option_count = sizeof option_table / sizeof *option_table;

_Static_assert(sizeof option_table / sizeof *option_table <= 64, "options.given has 64 bits");
