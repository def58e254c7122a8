// SPDX-License-Identifier: GPL-3.0-or-later
/* The one table of the model's settings. A new setting is a row here, a field of ordpar_values and
 * its use. */
#include "model/model_internal.h"
#include "precision/mp_curve.h"
#include "solver/averages/activation.h"
#include "solver/optimum/optimum.h"
#include "solver/steps/integrate.h"
#include "spectra/spectrum/spread.h"

#include <float.h>

#define AT(field) offsetof(ordpar_values, field)
#define MAX_N ((double)ORDPAR_MAX_INPUT_DIM)
#define EXACT_INTEGERS 9007199254740992.0
#define NAME_OR(name) #name "|"
#define NAME_COMMA(name) #name ", "
#define ACTIVATIONS ORDPAR_ACTIVATION_LIST(NAME_OR) "hermite:"

/* name, letter, kind, group, field, argument, choices, low, high, default, help */
static const ordpar_setting rows[] = {
    {"activation", 0, ORDPAR_KIND_FILE, ORDPAR_GROUP_NETWORK, AT(activation),
     "NAME|hermite:C1,C2,..|FILE.json", ACTIVATIONS, 0, 0, "erf",
     "activation function: " ORDPAR_ACTIVATION_LIST(
         NAME_COMMA) "hermite:C1,C2,.. or a file; erf is erf(x/sqrt 2), quadratic x^2, gelu x "
                     "Phi(x), silu x/(1 + e^-x), hermite C1 x + C2 (x^2 - 1) + .. up to degree 5; "
                     "a file has "
                     "{\"a\": "
                     "[..], \"s\": [..], \"slope\": b} for b x + sum a erf(s x/sqrt 2); softplus "
                     "and silu are slow "
                     "without --small-eta, polynomials can diverge at finite N where their curves "
                     "do not"},
    {"teacher-activation", 0, ORDPAR_KIND_FILE, ORDPAR_GROUP_NETWORK, AT(teacher_activation),
     "NAME|hermite:C1,C2,..|FILE.json", ACTIVATIONS, 0, 0, NULL,
     "the teacher's activation function, where it is not the student's: one of its family (erf, "
     "tanh, sigmoid, sums of erfs; gelu, softplus, silu) or a polynomial; any for linear students "
     "(default: the student's)"},
    {"student-units", 'K', ORDPAR_KIND_INTEGER, ORDPAR_GROUP_NETWORK, AT(K), "K", NULL, 1,
     ORDPAR_MAX_UNITS, "2", "hidden units of the student"},
    {"teacher-units", 'M', ORDPAR_KIND_INTEGER, ORDPAR_GROUP_NETWORK, AT(M), "M", NULL, 1,
     ORDPAR_MAX_UNITS, "2", "hidden units of the teacher"},
    {"input-dim", 'N', ORDPAR_KIND_INTEGER, ORDPAR_GROUP_SPECTRUM, AT(N), "N", NULL, 1, MAX_N,
     "1024", "input dimension; with --spectrum, the sum of its multiplicities"},
    {"eigenvalues", 'L', ORDPAR_KIND_INTEGER, ORDPAR_GROUP_SPECTRUM, AT(L), "L", NULL, 1,
     ORDPAR_MAX_EIGENVALUES, "16", "distinct eigenvalues of the covariance; must divide N"},
    {"beta", 0, ORDPAR_KIND_POSITIVE, ORDPAR_GROUP_SPECTRUM, AT(beta), "B", NULL, 0, DBL_MAX, "1",
     "exponent of the spectrum: eigenvalue l is lambda_+ / l^(1+B), trace N"},
    {"spectrum", 0, ORDPAR_KIND_FILE, ORDPAR_GROUP_SPECTRUM, AT(spectrum), "FILE", NULL, 0, 0, NULL,
     "a spectrum instead of -L and --beta: CSV with the header eigenvalue,multiplicity and perhaps "
     "teacher, the variance of the teacher's components there, or one number a line (-: standard "
     "input); or .npy, eigenvalues or a covariance matrix"},
    {"teacher-decay", 0, ORDPAR_KIND_REAL, ORDPAR_GROUP_SPECTRUM, AT(teacher_decay), "Z", NULL,
     -1e3, 1e3, "0",
     "the teacher's components in eigenspace l have the variance c / l^Z, such that its fields "
     "have the variance 1; 0: variance 1 in all"},
    {"normalise", 0, ORDPAR_KIND_FLAG, ORDPAR_GROUP_SPECTRUM, AT(normalise), NULL, NULL, 0, 0, "no",
     "scale the eigenvalues of --spectrum so that their trace is N"},
    {"spread", 0, ORDPAR_KIND_REAL, ORDPAR_GROUP_SPECTRUM, AT(spread), "S", NULL, 0, 1, "0",
     "spread each eigenvalue uniformly over 1 - S to 1 + S times itself (S below 1)"},
    {"spread-parts", 0, ORDPAR_KIND_INTEGER, ORDPAR_GROUP_SPECTRUM, AT(spread_parts), "P", NULL, 2,
     ORDPAR_MAX_SPREAD_PARTS, "15",
     "into so many different eigenvalues, or its multiplicity if less"},
    {"data", 0, ORDPAR_KIND_FILES, ORDPAR_GROUP_SPECTRUM | ORDPAR_GROUP_DATA, AT(data),
     "FILE [FILE..]", NULL, 0, 0, NULL,
     "a data set, whose spectrum takes the place of -L and --beta: .npy or .npz; bool, whole "
     "numbers, float16, float32 or float64; first axis examples; -N keeps the leading N principal "
     "components (default: all); simulate and compare train on it, one pass"},
    {"array", 0, ORDPAR_KIND_TEXT, ORDPAR_GROUP_SPECTRUM, AT(array), "NAME", NULL, 0, 0, NULL,
     "which array of an .npz file of --data holds the examples (default: X, or the only one)"},
    {"labels", 0, ORDPAR_KIND_FILE, ORDPAR_GROUP_NETWORK | ORDPAR_GROUP_DATA, AT(labels),
     "FILE[:ARRAY]", NULL, 0, 0, NULL,
     "the labels of --data as the target, their linear part as teacher: a .npy file of one number "
     "for each "
     "example, or a row of several outputs, which --teacher-output weights; of an .npz the array "
     "ARRAY (default: Y); theory takes their linear part and the noise of the rest, simulate and "
     "compare train on them"},
    {"eta", 0, ORDPAR_KIND_POSITIVE, ORDPAR_GROUP_NETWORK, AT(eta), "E", NULL, 0, DBL_MAX, "0.1",
     "learning rate"},
    {"sigma-j", 0, ORDPAR_KIND_REAL, ORDPAR_GROUP_NETWORK, AT(sigma_J), "S", NULL, 0, 1e10, "0.01",
     "standard deviation of the student's weights at the start"},
    {"label-noise", 0, ORDPAR_KIND_REAL, ORDPAR_GROUP_NETWORK, AT(label_noise), "S", NULL, 0, 1e10,
     "0", "standard deviation of the noise on the teacher's output"},
    {"student-output", 0, ORDPAR_KIND_REALS, ORDPAR_GROUP_NETWORK, AT(student_output), "V[,V..]",
     NULL, 0, 0, NULL,
     "the student's output weights, one for all units or K of them (default: all sqrt(M)/K)"},
    {"teacher-output", 0, ORDPAR_KIND_REALS, ORDPAR_GROUP_NETWORK, AT(teacher_output), "W[,W..]",
     NULL, 0, 0, NULL,
     "the teacher's output weights, one for all units or M of them (default: all 1/sqrt(M))"},
    {"unlearnable", 0, ORDPAR_KIND_REALS, ORDPAR_GROUP_NETWORK, AT(unlearnable), "V[,V..]", NULL, 0,
     0, NULL,
     "variance of the part of each teacher unit's field that the inputs do not show, one for all "
     "or "
     "M of them (default: 0)"},
    {"trainable", 0, ORDPAR_KIND_INTEGER, ORDPAR_GROUP_SPECTRUM, AT(trainable), "N_L", NULL, -1,
     MAX_N, "-1", "train only the components of the N_L largest eigenvalues (default: -1, all)"},
    {"small-eta", 0, ORDPAR_KIND_FLAG, ORDPAR_GROUP_NETWORK, AT(small_eta), NULL, NULL, 0, 0, "no",
     "leave out the terms of order eta^2"},
    {"train-output", 0, ORDPAR_KIND_FLAG, ORDPAR_GROUP_TRAINING, AT(train_output), NULL, NULL, 0, 0,
     "no", "train the student's output weights too (needs --eta-v)"},
    {"eta-v", 0, ORDPAR_KIND_REAL, ORDPAR_GROUP_TRAINING, AT(eta_v), "E", NULL, 0, DBL_MAX, "0",
     "their learning rate: v_i <- v_i - (E/N) delta g(x_i); --schedule leaves it alone"},
    {"weight-decay", 0, ORDPAR_KIND_REAL, ORDPAR_GROUP_TRAINING, AT(weight_decay), "KAPPA", NULL, 0,
     DBL_MAX, "0", "J <- J (1 - KAPPA/N) in each step, where J is trained"},
    {"schedule", 0, ORDPAR_KIND_FILE, ORDPAR_GROUP_TRAINING | ORDPAR_GROUP_SCHEDULE, AT(schedule),
     "KIND[:NUMBERS]|FILE", "constant|power:|cosine:|linear:|wsd:|steps:", 0, 0, NULL,
     "the learning rate: --eta (constant), or --eta times power:GAMMA:ALPHA0, (1 + "
     "alpha/ALPHA0)^-GAMMA; cosine:END[:FLOOR], from 1 to FLOOR at END; linear:END, from 1 to 0; "
     "wsd:WARM:STABLE:END, from 0 to 1 at WARM, 1 until STABLE, to 0 at END; "
     "steps:ALPHA=FACTOR,.., FACTOR from ALPHA on; or instead of --eta a CSV file with the header "
     "alpha,eta, linear between its rows and constant before the first and after the last, two "
     "rows at one alpha being a jump (default: constant)"},
    {"momentum", 0, ORDPAR_KIND_TEXT, ORDPAR_GROUP_TRAINING, AT(momentum), "KIND:NUMBERS",
     "constant:|nesterov:|dana:", 0, 0, NULL,
     "momentum with a memory of N/c steps, P <- (1 - c/N) P + g, J <- J - eta g - (e/N) P: "
     "constant:C:E; nesterov:A:E[:ALPHA0], c = A/(alpha + ALPHA0); dana:DELTA:E[:KAPPA[:ALPHA0]], "
     "likewise with e = E (1 + alpha)^-KAPPA (ALPHA0 by default 1/N); PyTorch's momentum MU at the "
     "rate LR is C = (1 - MU) N, E = LR N with eta near 0"},
    {"batch", 0, ORDPAR_KIND_INTEGER, ORDPAR_GROUP_TRAINING, AT(batch), "B", NULL, 1, 1e9, "1",
     "examples a step, which goes by their mean gradient; alpha counts steps / N"},
    {"batch-fraction", 0, ORDPAR_KIND_POSITIVE, ORDPAR_GROUP_TRAINING, AT(batch_fraction), "B",
     NULL, 0, 1e9, NULL,
     "B N examples a step, J <- J - (eta/B) sum of their gradients; alpha counts steps"},
    {"tasks", 0, ORDPAR_KIND_FILE, ORDPAR_GROUP_TRAINING, AT(tasks), "FILE|JSON", NULL, 0, 0, NULL,
     "several tasks, each example of one of them: {\"tasks\": [{\"student_output\": [K numbers], "
     "\"teacher_output\": [M numbers], \"probability\": [[alpha, p], ..]}, ..]}; p holds from its "
     "alpha on, and all add up to 1; \"similarity\": s or [L numbers] makes a task's teachers "
     "resemble those of the first; columns eps_g_1, eps_g_2, .. beside their mean eps_g"},
    {"init", 0, ORDPAR_KIND_CHOICE, ORDPAR_GROUP_NETWORK, AT(init), "START",
     "sampled|mean|near-teacher", 0, 0, "sampled",
     "the student's start: drawn at finite N; its mean (q = p sigma_J^2 1, r = 0); or J = B + "
     "sigma_J noise (needs K = M)"},
    {"teacher", 0, ORDPAR_KIND_CHOICE, ORDPAR_GROUP_NETWORK, AT(teacher), "KIND", "sampled|mean", 0,
     0, "sampled",
     "the teacher: drawn at finite N, or its mean (t = p c 1; c = 1 without --teacher-decay)"},
    {"seed", 0, ORDPAR_KIND_INTEGER, ORDPAR_GROUP_SEED, AT(seed), "S", NULL, 0, EXACT_INTEGERS, "1",
     "seed of everything drawn"},
    {"teacher-seed", 0, ORDPAR_KIND_INTEGER, ORDPAR_GROUP_NETWORK, AT(teacher_seed), "S", NULL, -1,
     EXACT_INTEGERS, "-1",
     "keep the teacher: all runs have the one of run 1 of seed S, whatever --seed is (default: -1, "
     "each run has its own)"},
    {"overlaps", 0, ORDPAR_KIND_FILE, ORDPAR_GROUP_NETWORK, AT(overlaps), "FILE", NULL, 0, 0, NULL,
     "the starting overlaps instead of --init and --teacher: CSV with the header "
     "matrix,block,row,col,value (matrix q, r, t or, for output weights, v, and in block 1 p, the "
     "covariance that --unlearnable gives the diagonal of); blocks are numbered "
     "as ordpar spectrum prints them, and one that "
     "--trainable cuts counts as two"},
    {"continue", 0, ORDPAR_KIND_FILE, ORDPAR_GROUP_CONTINUE, AT(continued), "FILE", NULL, 0, 0,
     NULL,
     "go on from a file of --save-overlaps or --checkpoint: at its alpha, with its model, spectrum "
     "and schedule; what is given beside it must agree with it, but for --rtol and --atol"},
    {"save-overlaps", 0, ORDPAR_KIND_TEXT, ORDPAR_GROUP_SAVE, AT(save_overlaps), "FILE", NULL, 0, 0,
     NULL,
     "write there where the curve ends: final overlaps, as --overlaps reads them, and all that "
     "--continue needs"},
    {"alpha", 0, ORDPAR_KIND_GRID, ORDPAR_GROUP_GRID, AT(alpha), "START:STOP:COUNT[:lin|log]", NULL,
     0, 1e300, "0.01:1e5:300:log",
     "the grid of alpha = examples / N, spaced lin (the default spacing) or log; or one number, "
     "numbers with commas, or a file of numbers: one a line, all in one line, a CSV file's column "
     "alpha, or NumPy's .npy"},
    {"rtol", 0, ORDPAR_KIND_REAL, ORDPAR_GROUP_TOLERANCE, AT(rtol), "R", NULL, ORDPAR_MIN_RTOL,
     ORDPAR_MAX_RTOL, "1e-8",
     "the promise: eps_g is right to 10 R, relative, or to 10 times --atol, where that is larger"},
    {"atol", 0, ORDPAR_KIND_REAL, ORDPAR_GROUP_TOLERANCE, AT(atol), "A", NULL, 0, 1, "1e-14",
     "the absolute part of the promise of --rtol"},
    {"integrator", 0, ORDPAR_KIND_CHOICE, ORDPAR_GROUP_TOLERANCE, AT(integrator), "METHOD",
     "auto|cvode|radau", 0, 0, "auto",
     "who makes the steps: cvode, backward differentiation; radau, Radau IIA, a fiftieth of the "
     "steps and most often faster, not with momentum; auto: radau, but cvode for momentum, for "
     "150 order parameters and more, and for --rtol above 1e-3 of fewer than 512 eigenvalues"},
    {"eta-max", 0, ORDPAR_KIND_POSITIVE, ORDPAR_GROUP_OPTIMUM, AT(eta_max), "E", NULL, 0, DBL_MAX,
     NULL, "the largest learning rate; one at which the curve diverges is refused"},
    {"until", 0, ORDPAR_KIND_POSITIVE, ORDPAR_GROUP_OPTIMUM, AT(until), "ALPHA", NULL, 1e-12, 1e300,
     NULL, "eps_g at this alpha is made as small as it can be"},
    {"knots", 0, ORDPAR_KIND_INTEGER, ORDPAR_GROUP_OPTIMUM, AT(knots), "N", NULL,
     ORDPAR_OPTIMUM_LEAST_KNOTS, ORDPAR_OPTIMUM_MOST_KNOTS, "64",
     "rows of the schedule, between which it is linear"},
    {"moments", 0, ORDPAR_KIND_ORDERS, ORDPAR_GROUP_MOMENTS, AT(moments), "P[,P..]", NULL, 0, 99,
     NULL,
     "add columns with the order parameters Q, R, T of these orders, and with trained output "
     "weights V"},
    {"report", 0, ORDPAR_KIND_FLAG, ORDPAR_GROUP_CURVE, AT(report), NULL, NULL, 0, 0, "no",
     "measure plateau, escape rate and decay exponent, and note them beside their predictions"},
    {"fluctuations", 0, ORDPAR_KIND_FLAG, ORDPAR_GROUP_CURVE, AT(fluctuations), NULL, NULL, 0, 0,
     "no",
     "add columns: sd, the standard deviation of eps_g over runs of SGD at this N from this start; "
     "shift, by how much their mean lies above eps_g (both in first order of 1/N; erf, linear, "
     "quadratic, and relu up to K + M = 4)"},
    {"columns", 0, ORDPAR_KIND_TEXT, ORDPAR_GROUP_CURVE, AT(columns), "NAME[,NAME]",
     "rate|noise-scale|rate,noise-scale", 0, 0, NULL,
     "add columns: rate, by which eps_g falls in a unit of alpha at learning rate 1 in its lowest "
     "order; noise-scale, the batch, in examples, whose gradient varies by its own size"},
    {"continuum", 0, ORDPAR_KIND_FLAG, ORDPAR_GROUP_CLOSED_FORM, AT(continuum), NULL, NULL, 0, 0,
     "no", "asymptotic: the continuum form of the small-eta curve"},
    {"orders", 0, ORDPAR_KIND_CHOICE, ORDPAR_GROUP_CLOSED_FORM, AT(orders), "ORDERS", "lowest|all",
     0, 0, NULL,
     "plateau, escape, frontier: the orders in eta (default: the lowest, where there is a closed "
     "form, else all)"},
    {"compute", 0, ORDPAR_KIND_GRID, ORDPAR_GROUP_CLOSED_FORM, AT(compute),
     "START:STOP:COUNT[:lin|log]", NULL, 0, 1e300, "1:1e8:161:log",
     "frontier: the grid of the compute alpha N_l"},
    {"digits", 0, ORDPAR_KIND_INTEGER, ORDPAR_GROUP_DIGITS, AT(digits), "D", NULL, 1,
     EXACT_INTEGERS, "30",
     "right significant digits, at most 10000; parameters are then read as decimals (closed-form: "
     "double precision unless this is given)"},
    {"representation", 0, ORDPAR_KIND_CHOICE, ORDPAR_GROUP_PRECISION, AT(representation), "BASIS",
     "moments|blocks|implicit", 0, 0, "blocks",
     "the basis of the equations of motion (a linear activation is solved by exponentials unless "
     "this is given); moments: as the paper has them, at more digits and time; implicit: blocks, "
     "by "
     "implicit steps, for eigenvalues that span decades"},
    {"max-error", 0, ORDPAR_KIND_POSITIVE, ORDPAR_GROUP_PRECISION, AT(max_error), "E", NULL, 0,
     1e100, NULL, "check: exit 3 if a relative error is above E"},
    {"sizes", 0, ORDPAR_KIND_ORDERS, ORDPAR_GROUP_PRECISION, AT(sizes), "L[,L..]", NULL, 1, 64,
     NULL, "map: the numbers of eigenvalues (default: 4,8,12,16,20,24,32)"},
    {"fit", 0, ORDPAR_KIND_TEXT, ORDPAR_GROUP_FIT, AT(fit), "FIRST:LAST", NULL, 0, 0, NULL,
     "the window of ranks for the fit of beta (default: all)"},
    {"generate", 0, ORDPAR_KIND_TEXT, ORDPAR_GROUP_FIT, AT(generate), "NAME[:NUMBERS]",
     "power-law|spiked:|marchenko-pastur:|random-features:|hidden-manifold:", 0, 0, NULL,
     "power-law (as without it); spiked:S1,S2,..[:RATIO], these eigenvalues and a bulk of 1, or of "
     "-L quantiles; marchenko-pastur:RATIO, -L quantiles at N / examples = RATIO, or with :drawn a "
     "sample's; "
     "random-features:V, -N random sums of V latent variables of --beta and --teacher-decay; "
     "hidden-manifold:D:MAP, MAP (identity, sign, erf or relu) of -N random sums of D normals; "
     "the last two bring a teacher, and note the --unlearnable that belongs to it"},
    {"method", 0, ORDPAR_KIND_CHOICE, ORDPAR_GROUP_RUNS, AT(method), "METHOD", "sgd|overlap", 0, 0,
     "sgd",
     "sgd: vectors of N components; overlap: the same law from the overlaps alone, at any N"},
    {"runs", 0, ORDPAR_KIND_INTEGER, ORDPAR_GROUP_RUNS | ORDPAR_GROUP_CURVE, AT(runs), "R", NULL, 1,
     1e7, "10",
     "independent runs; run r is drawn from the seed and r, and run 1 starts where 'curve' does; "
     "curve: mean, spread and quantiles of the curves from so many starts (default: 10; curve: its "
     "one start, without them)"},
    {"threads", 0, ORDPAR_KIND_INTEGER, ORDPAR_GROUP_THREADS, AT(threads), "T", NULL, 0, 4096, "0",
     "runs (sweep: points) at a time, and threads that share out long steps of one curve; the "
     "results do not depend on it (default: 0, all cores)"},
    {"each", 0, ORDPAR_KIND_FLAG, ORDPAR_GROUP_EACH, AT(each), NULL, NULL, 0, 0, "no",
     "add a column for each run"},
    {"checkpoint", 0, ORDPAR_KIND_TEXT, ORDPAR_GROUP_CHECKPOINT, AT(checkpoint), "FILE", NULL, 0, 0,
     NULL,
     "save the state there (at each grid point; curve: now and then, and when interrupted; sweep: "
     "each finished point; default: OUTPUT.part), and go on from it if it is there"},
    {"keep-partial", 0, ORDPAR_KIND_FLAG, ORDPAR_GROUP_SIMULATION | ORDPAR_GROUP_SAVE,
     AT(keep_partial), NULL, NULL, 0, 0, "no",
     "when interrupted, or where it diverges, write the rows that are complete"},
    {"against", 0, ORDPAR_KIND_CHOICE, ORDPAR_GROUP_AGAINST, AT(against), "THEORY",
     "ode|finite-n|ode+1/N", 0, 0, "ode",
     "the equations of motion, each run from its own start; for linear units the exact mean at "
     "finite N; or the equations with the shift of the mean and the spread of runs in first order "
     "of 1/N"},
    {"max-z", 0, ORDPAR_KIND_POSITIVE, ORDPAR_GROUP_COMPARISON, AT(max_z), "Z", NULL, 0, DBL_MAX,
     NULL, "exit with status 3 if a row's |z| is larger, as a normal score where runs are few"},
};

const ordpar_setting_table ordpar_model_settings = {rows, sizeof rows / sizeof *rows};

_Static_assert(sizeof rows / sizeof *rows <= ORDPAR_MAX_SETTINGS, "room for the settings");
