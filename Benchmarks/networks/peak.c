/* Prints the GFLOP/s of fused multiply-adds in registers on a number of threads: what no float32 kernel gets past. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifdef __AVX512F__
enum { lanes = 16 };
#else
enum { lanes = 8 };
#endif
typedef float vector __attribute__((vector_size(4 * lanes)));

enum { chains = 12, repetitions = 20000000 };

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static void *multiply(void *result) {
    vector sums[chains];
    vector factor, summand;
    for (int lane = 0; lane < lanes; lane++) factor[lane] = 0.999f, summand[lane] = 0.001f;
    for (int chain = 0; chain < chains; chain++) sums[chain] = summand * (float)chain;
    for (int repetition = 0; repetition < repetitions; repetition++) {
#pragma GCC unroll 12
        for (int chain = 0; chain < chains; chain++) sums[chain] = sums[chain] * factor + summand;
    }
    float total = 0;
    for (int chain = 0; chain < chains; chain++) total += sums[chain][0];
    *(volatile float *)result = total;
    return NULL;
}

int main(int count, char **arguments) {
    int threads = count > 1 ? atoi(arguments[1]) : 1;
    if (threads < 1 || threads > 256) return 64;
    double best = 0;
    for (int round = 0; round < 5; round++) {
        pthread_t handles[256];
        float results[256];
        double begin = seconds();
        for (int index = 0; index < threads; index++) pthread_create(&handles[index], NULL, multiply, &results[index]);
        for (int index = 0; index < threads; index++) pthread_join(handles[index], NULL);
        double rate = 2.0 * lanes * chains * repetitions * threads / (seconds() - begin) / 1e9;
        if (rate > best) best = rate;
    }
    printf("%.1f\n", best);
    return 0;
}
