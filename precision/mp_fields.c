// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/mp_fields.h"

static ordpar_node mul3(ordpar_tape *tape, ordpar_node a, ordpar_node b, ordpar_node c) {
    return ordpar_tape_mul(tape, ordpar_tape_mul(tape, a, b), c);
}

/* (1 + c_aa)^(-1/2) */
static ordpar_node root(const ordpar_mp_fields *f, const ordpar_node *c, size_t a) {
    return ordpar_tape_rsqrt(f->tape, ordpar_tape_add(f->tape, f->one, c[a * f->n + a]));
}

/* tilted = c - c_.a c_a. / (1 + c_aa) [9.2]; returns (1 + c_aa)^(-1/2), which is also E[g'(z_a)] up
 * to sqrt(2/pi). */
static ordpar_node tilt(const ordpar_mp_fields *f, const ordpar_node *c, size_t a,
                        ordpar_node *tilted) {
    const size_t n = f->n;
    const ordpar_node factor = root(f, c, a);
    for (size_t b = 0; b < n; b++)
        f->column[b] = ordpar_tape_mul(f->tape, c[b * n + a], factor);
    for (size_t b = 0; b < n; b++)
        for (size_t d = b; d < n; d++) {
            const bool own = b == a || d == a; /* c_ad / (1 + c_aa), without a difference */
            const ordpar_node product =
                ordpar_tape_mul(f->tape, f->column[d == a ? b : d], own ? factor : f->column[b]);
            tilted[b * n + d] = tilted[d * n + b] =
                own ? product : ordpar_tape_sub(f->tape, c[b * n + d], product);
        }
    return factor;
}

/* E[g(z_a) g(z_b)] up to the factor 2/pi: asin(rho), rho = c_ab rs_a rs_b */
static ordpar_node arc(const ordpar_mp_fields *f, ordpar_node c_ab, ordpar_node rs_a,
                       ordpar_node rs_b) {
    const ordpar_node rho = mul3(f->tape, c_ab, rs_a, rs_b);
    const ordpar_node rest = ordpar_tape_sub(f->tape, f->one, ordpar_tape_mul(f->tape, rho, rho));
    return ordpar_tape_asin(f->tape, rho, ordpar_tape_rsqrt(f->tape, rest));
}

ordpar_node ordpar_mp_record_squared_error(const ordpar_mp_fields *f, const ordpar_node *c) {
    const size_t n = f->n;
    ordpar_node *rs = f->column, sum = 0;
    for (size_t a = 0; a < n && !f->linear; a++)
        rs[a] = root(f, c, a);
    for (size_t a = 0; a < n; a++)
        for (size_t b = a; b < n; b++) {
            const ordpar_node gg = f->linear ? c[a * n + b] : arc(f, c[a * n + b], rs[a], rs[b]);
            ordpar_node term =
                ordpar_tape_mul(f->tape, ordpar_tape_mul(f->tape, f->u[a], f->u[b]), gg);
            if (b > a)
                term = ordpar_tape_add(f->tape, term, term);
            sum = a + b ? ordpar_tape_add(f->tape, sum, term) : term;
        }
    return f->linear ? sum : ordpar_tape_mul(f->tape, f->two_pi, sum);
}

/* h_i = v_i sum_a u_a E[g''(x_i) g(z_a)] = -(2/pi) v_i rs_i^3 sum_a u_a c_ia rho_a [9.2] */
static ordpar_node record_h(const ordpar_mp_fields *f, size_t i, ordpar_node rs_i) {
    ordpar_tape *tape = f->tape;
    ordpar_node sum = 0;
    for (size_t a = 0; a < f->n; a++) {
        const ordpar_node term = mul3(tape, f->u[a], f->c[i * f->n + a], f->rho[a]);
        sum = a ? ordpar_tape_add(tape, sum, term) : term;
    }
    return ordpar_tape_mul(tape, ordpar_tape_mul(tape, f->two_pi, f->u[i]),
                           ordpar_tape_mul(tape, mul3(tape, rs_i, rs_i, rs_i), sum));
}

/* F_ij = v_i v_j E[g'(x_i) g'(x_j)] (2 eps_g(c~) + s^2); weight holds the first three factors */
static ordpar_node record_noise(const ordpar_mp_fields *f, ordpar_node weight,
                                const ordpar_node *tilted) {
    const ordpar_node error = ordpar_mp_record_squared_error(f, tilted);
    return ordpar_tape_mul(f->tape, weight, ordpar_tape_add(f->tape, error, f->noise2));
}

static void record_linear(const ordpar_mp_fields *f, ordpar_mp_coefficients *out) {
    const ordpar_node noise =
        f->small_eta ? f->one
                     : ordpar_tape_add(f->tape, f->noise2, ordpar_mp_record_squared_error(f, f->c));
    for (size_t i = 0; i < f->K; i++) {
        for (size_t m = 0; m < f->M; m++) /* u = -w there */
            out->A[i * f->M + m] = ordpar_tape_sub(
                f->tape, f->zero, ordpar_tape_mul(f->tape, f->u[i], f->u[f->K + m]));
        for (size_t j = 0; j < f->K; j++) {
            const ordpar_node v_v = ordpar_tape_mul(f->tape, f->u[i], f->u[j]);
            out->G[i * f->K + j] = v_v;
            if (!f->small_eta)
                out->F[i * f->K + j] = ordpar_tape_mul(f->tape, v_v, noise);
        }
    }
}

/* Row i of A, G and F from the covariance tilted by g'(x_i). */
static void record_row(const ordpar_mp_fields *f, size_t i, ordpar_mp_coefficients *out) {
    ordpar_tape *tape = f->tape;
    const size_t K = f->K, M = f->M;
    const ordpar_node rs_i = tilt(f, f->c, i, f->first);
    const ordpar_node weight = mul3(tape, f->two_pi, f->u[i], rs_i);
    for (size_t a = 0; a < f->n; a++)
        f->rho[a] = root(f, f->first, a);
    for (size_t m = 0; m < M; m++) /* A_im = v_i w_m E[g'(x_i) g'(y_m)] and u = -w there */
        out->A[i * M + m] =
            ordpar_tape_sub(tape, f->zero, mul3(tape, weight, f->u[K + m], f->rho[K + m]));
    for (size_t j = i; j < K; j++) {
        const ordpar_node C = mul3(tape, weight, f->u[j], f->rho[j]);
        out->G[i * K + j] = out->G[j * K + i] = C;
        if (f->small_eta)
            continue;
        tilt(f, f->first, j, f->second);
        out->F[i * K + j] = out->F[j * K + i] = record_noise(f, C, f->second);
    }
    const ordpar_node h = record_h(f, i, rs_i);
    out->G[i * K + i] = ordpar_tape_sub(tape, out->G[i * K + i], h);
}

void ordpar_mp_record_coefficients(const ordpar_mp_fields *f, ordpar_mp_coefficients *out) {
    if (f->linear) {
        record_linear(f, out);
        return;
    }
    for (size_t i = 0; i < f->K; i++)
        record_row(f, i, out);
}
