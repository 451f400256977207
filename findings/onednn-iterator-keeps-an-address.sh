#!/usr/bin/env bash
# oneDNN 2's primitive descriptor iterator keeps the address of the descriptor that it was made from.
#
# dnnl_primitive_desc_iterator_create takes a const_dnnl_op_desc_t, and every other call copies what it is given. This one
# reads it again at each dnnl_primitive_desc_iterator_next: a descriptor that left the stack, or a variable used again,
# gives implementations of another operation, with status success. Keep it where it is until the iterator is destroyed.
#
# Seen with oneDNN 2.6.3 (Debian 12, 2.6.3-1): relu fetched, the variable set to tanh, next: success, and tanh fetched.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -q libdnnl2=2.6.3-1 libdnnl-dev=2.6.3-1 ocl-icd-libopencl1 libgomp1 >log 2>&1 || { cat log >&2; exit 1; }
for package in *.deb; do dpkg -x "$package" root; done
libraries=root/usr/lib/x86_64-linux-gnu

cat >iterator.c <<'C'
#include <oneapi/dnnl/dnnl.h>
#include <stdio.h>

static dnnl_alg_kind_t algorithm(dnnl_primitive_desc_iterator_t iterator) {
    dnnl_primitive_desc_t primitive = dnnl_primitive_desc_iterator_fetch(iterator);
    const dnnl_eltwise_desc_t *descriptor;
    dnnl_primitive_desc_query(primitive, dnnl_query_eltwise_d, 0, &descriptor);
    dnnl_alg_kind_t kind = descriptor->alg_kind;
    dnnl_primitive_desc_destroy(primitive);
    return kind;
}

int main(void) {
    dnnl_engine_t engine;
    dnnl_engine_create(&engine, dnnl_cpu, 0);
    dnnl_memory_desc_t memory;
    dnnl_memory_desc_init_by_tag(&memory, 4, (dnnl_dims_t){1, 16, 8, 8}, dnnl_f32, dnnl_nchw);
    dnnl_eltwise_desc_t descriptor;
    dnnl_eltwise_forward_desc_init(&descriptor, dnnl_forward_inference, dnnl_eltwise_relu, &memory, 0, 0);
    dnnl_primitive_desc_iterator_t iterator;
    dnnl_primitive_desc_iterator_create(&iterator, &descriptor, NULL, engine, NULL);
    dnnl_alg_kind_t before = algorithm(iterator);
    dnnl_eltwise_forward_desc_init(&descriptor, dnnl_forward_inference, dnnl_eltwise_tanh, &memory, 0, 0);
    dnnl_status_t status = dnnl_primitive_desc_iterator_next(iterator);
    dnnl_alg_kind_t after = algorithm(iterator);
    const dnnl_version_t *version = dnnl_version();
    printf("oneDNN %d.%d.%d: %s, next: status %d, %s\n", version->major, version->minor, version->patch,
        before == dnnl_eltwise_relu ? "relu" : "not relu", status, after == dnnl_eltwise_tanh ? "tanh" : "not tanh");
    return !(before == dnnl_eltwise_relu && status == dnnl_success && after == dnnl_eltwise_tanh);
}
C
cc -std=c11 -I root/usr/include iterator.c -L "$libraries" -ldnnl -Wl,-rpath-link,"$libraries" -o iterator
LD_LIBRARY_PATH=$libraries ./iterator
