#!/usr/bin/env bash
# oneDNN's inner product gives other bits on other numbers of threads, though each element of its result is one sum.
#
# From 1,025 inputs on it shares the sum itself among threads that have no columns of their own to compute, and adds up the parts: the
# answer depends on OMP_NUM_THREADS, and on the machine that chose it. Convolutions, and its product of matrices over the same
# numbers, do not do so. What is to be the same everywhere takes the product of matrices, or makes the primitive on one thread: its
# plan is that of the moment when the descriptor is made, and holds on however many threads it runs.
#
# Seen with oneDNN 2.6.3 (Debian 12, 2.6.3-1) on AVX-512, 4,096 inputs and 1,000 outputs: one hash for the products of matrices on 1,
# 2 and 3 threads, three for the inner products, one again for inner products made on one thread.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -q libdnnl2=2.6.3-1 libdnnl-dev=2.6.3-1 ocl-icd-libopencl1 libgomp1 >log 2>&1 || { cat log >&2; exit 1; }
for package in *.deb; do dpkg -x "$package" root; done
libraries=root/usr/lib/x86_64-linux-gnu

cat >sums.c <<'C'
#include <oneapi/dnnl/dnnl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUTS = 4096, OUTPUTS = 1000, MATRIX = 1, ROWS = 2, ROWS_OF_ONE = 3 };
extern void omp_set_num_threads(int);

static void run(dnnl_primitive_desc_t descriptor, dnnl_stream_t stream, int count, const dnnl_exec_arg_t *arguments) {
    dnnl_primitive_t primitive;
    dnnl_primitive_create(&primitive, descriptor);
    dnnl_primitive_execute(primitive, stream, count, arguments);
    dnnl_stream_wait(stream);
}

/* Of the bits of one row times the same weights. */
static uint64_t hash(dnnl_engine_t engine, int kind, int threads, float *row, float *weights) {
    omp_set_num_threads(kind == ROWS_OF_ONE ? 1 : threads);
    dnnl_dims_t from = {1, INPUTS}, to = {1, OUTPUTS}, tall = {INPUTS, OUTPUTS}, wide = {OUTPUTS, INPUTS};
    dnnl_memory_desc_t source, result, any, plain;
    dnnl_memory_desc_init_by_tag(&source, 2, from, dnnl_f32, dnnl_ab);
    dnnl_memory_desc_init_by_tag(&result, 2, to, dnnl_f32, dnnl_ab);
    dnnl_memory_desc_init_by_tag(&any, 2, kind == MATRIX ? tall : wide, dnnl_f32, dnnl_format_tag_any);
    dnnl_memory_desc_init_by_tag(&plain, 2, kind == MATRIX ? tall : wide, dnnl_f32, kind == MATRIX ? dnnl_ba : dnnl_ab);
    dnnl_matmul_desc_t matrix;
    dnnl_inner_product_desc_t rows;
    dnnl_matmul_desc_init(&matrix, &source, &any, NULL, &result);
    dnnl_inner_product_forward_desc_init(&rows, dnnl_forward_inference, &source, &any, NULL, &result);
    dnnl_primitive_desc_t product, copy;
    dnnl_primitive_desc_create(&product, kind == MATRIX ? (void *)&matrix : (void *)&rows, NULL, engine, NULL);
    const dnnl_memory_desc_t *wanted = dnnl_primitive_desc_query_md(product, dnnl_query_weights_md, 0);
    dnnl_reorder_primitive_desc_create(&copy, &plain, engine, wanted, engine, NULL);
    static float answer[OUTPUTS];
    dnnl_memory_t in, given, laid_out, out;
    dnnl_memory_create(&in, &source, engine, row);
    dnnl_memory_create(&given, &plain, engine, weights);
    dnnl_memory_create(&laid_out, wanted, engine, DNNL_MEMORY_ALLOCATE);
    dnnl_memory_create(&out, &result, engine, answer);
    dnnl_stream_t stream;
    dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
    run(copy, stream, 2, (dnnl_exec_arg_t[]){{DNNL_ARG_FROM, given}, {DNNL_ARG_TO, laid_out}});
    dnnl_primitive_t primitive;
    dnnl_primitive_create(&primitive, product);
    omp_set_num_threads(threads);
    dnnl_primitive_execute(
        primitive, stream, 3,
        (dnnl_exec_arg_t[]){{DNNL_ARG_SRC, in}, {DNNL_ARG_WEIGHTS, laid_out}, {DNNL_ARG_DST, out}});
    dnnl_stream_wait(stream);
    uint64_t value = 1469598103934665603u;
    for (int i = 0; i < OUTPUTS; i++) {
        uint32_t bits;
        memcpy(&bits, &answer[i], sizeof bits);
        value = (value ^ bits) * 1099511628211u;
    }
    return value;
}

int main(void) {
    dnnl_engine_t engine;
    dnnl_engine_create(&engine, dnnl_cpu, 0);
    printf("oneDNN %d.%d.%d\n", dnnl_version()->major, dnnl_version()->minor, dnnl_version()->patch);
    float *row = malloc(INPUTS * sizeof *row), *weights = malloc(sizeof *weights * INPUTS * OUTPUTS);
    for (int i = 0; i < INPUTS; i++) row[i] = rand() / (float)RAND_MAX - 0.5f;
    for (int i = 0; i < INPUTS * OUTPUTS; i++) weights[i] = rand() / (float)RAND_MAX - 0.5f;
    const char *names[] = {"", "product of matrices", "inner product", "inner product made on one thread"};
    int same[4];
    for (int kind = MATRIX; kind <= ROWS_OF_ONE; kind++) {
        uint64_t hashes[3];
        for (int threads = 1; threads <= 3; threads++) {
            hashes[threads - 1] = hash(engine, kind, threads, row, weights);
            printf("%s, %d threads: %016llx\n", names[kind], threads, (unsigned long long)hashes[threads - 1]);
        }
        same[kind] = hashes[0] == hashes[1] && hashes[1] == hashes[2];
    }
    return !(same[MATRIX] && !same[ROWS] && same[ROWS_OF_ONE]);
}
C
cc -std=c11 -I root/usr/include sums.c -L "$libraries" -ldnnl -l:libgomp.so.1 -Wl,-rpath-link,"$libraries" -o sums
LD_LIBRARY_PATH=$libraries ./sums
