// The arithmetic of normalisations on vectors of LANES channels; included once for each width.

#define VECTOR NAMED(normalised_vector)
typedef float VECTOR __attribute__((ext_vector_type(LANES), aligned(4)));
typedef int NAMED(mask) __attribute__((ext_vector_type(LANES)));

/// Few enough that a sum of them loses no digits that count, and that they stay in the nearest cache.
#define RUN 256

/// Goes through each run of the pixels of a block of channels, from `first` on.
#define FOR_EACH_RUN(index)                                                                                            \
    for (long image = 0; image < of.images; image++)                                                                   \
        for (long start = (image * of.blocks + index) * of.pixels, last = start + of.pixels, first = start;            \
             first < last; first += RUN)
#define END_OF_RUN (first + RUN < last ? first + RUN : last)

TARGET static inline __attribute__((always_inline)) VECTOR NAMED(at)(const float *numbers, long index) {
    return ((const VECTOR *)numbers)[index];
}

TARGET static inline __attribute__((always_inline)) void NAMED(put)(float *numbers, long index, VECTOR value) {
    ((VECTOR *)numbers)[index] = value;
}

/// A block's part of a normalisation.
struct NAMED(own) {
    VECTOR mean, factor, shift;
    float upper;
};

TARGET static inline __attribute__((always_inline)) struct NAMED(own)
    NAMED(own)(struct channel_normalisation by, long index) {
    return (struct NAMED(own)){
        NAMED(at)(by.means, index), NAMED(at)(by.factors, index), NAMED(at)(by.shifts, index), by.upper};
}

TARGET static inline __attribute__((always_inline)) VECTOR NAMED(sum)(struct NAMED(own) own, VECTOR data) {
    return (data - own.mean) * own.factor + own.shift;
}

/// The gradient before the rectifier.
TARGET static inline __attribute__((always_inline)) VECTOR
NAMED(slope)(struct NAMED(own) own, bool is_rectified, VECTOR gradient, VECTOR data) {
    if (!is_rectified) return gradient;
    const VECTOR sum = NAMED(sum)(own, data);
    const NAMED(mask) passes = (sum > 0) & (sum < own.upper);
    return passes ? gradient : (VECTOR)0;
}

TARGET static void NAMED(moments)(struct channel_blocks of, const float *data, float *means, float *squares) {
    for (long index = 0; index < of.blocks; index++) {
        VECTOR mean = 0, total = 0;
        float count = 0;
        FOR_EACH_RUN(index) {
            const long end = END_OF_RUN;
            VECTOR sum = 0, part = 0;
            for (long pixel = first; pixel < end; pixel++) sum += NAMED(at)(data, pixel);
            const VECTOR own = sum / (float)(end - first);
            for (long pixel = first; pixel < end; pixel++) {
                const VECTOR distance = NAMED(at)(data, pixel) - own;
                part += distance * distance;
            }
            const VECTOR distance = own - mean;
            const float share = (float)(end - first) / (count + (float)(end - first));
            mean += distance * share;
            total += part + distance * distance * (share * count);
            count += (float)(end - first);
        }
        NAMED(put)(means, index, mean);
        NAMED(put)(squares, index, total);
    }
}

TARGET static void NAMED(totals)(struct channel_blocks of, const float *data, float *sums) {
    for (long index = 0; index < of.blocks; index++) {
        VECTOR sum = 0;
        FOR_EACH_RUN(index) {
            const long end = END_OF_RUN;
            VECTOR part = 0;
            for (long pixel = first; pixel < end; pixel++) part += NAMED(at)(data, pixel);
            sum += part;
        }
        NAMED(put)(sums, index, sum);
    }
}

TARGET static inline __attribute__((always_inline)) void NAMED(normalise)(
    struct channel_blocks of, struct channel_normalisation by, bool is_rectified, const float *data, float *result) {
    for (long index = 0; index < of.blocks; index++) {
        const struct NAMED(own) own = NAMED(own)(by, index);
        FOR_EACH_RUN(index) {
            const long end = END_OF_RUN;
            for (long pixel = first; pixel < end; pixel++) {
                VECTOR sum = NAMED(sum)(own, NAMED(at)(data, pixel));
                if (is_rectified) {
                    // What is not a number stays that.
                    sum = sum < 0 ? (VECTOR)0 : sum;
                    sum = sum > own.upper ? (VECTOR)own.upper : sum;
                }
                NAMED(put)(result, pixel, sum);
            }
        }
    }
}

TARGET static inline __attribute__((always_inline)) void NAMED(sums)(
    struct channel_blocks of, struct channel_normalisation by, bool is_rectified, const float *gradient,
    const float *data, const float *inverses, float *shifts, float *scales) {
    for (long index = 0; index < of.blocks; index++) {
        const struct NAMED(own) own = NAMED(own)(by, index);
        VECTOR sum = 0, products = 0;
        FOR_EACH_RUN(index) {
            const long end = END_OF_RUN;
            VECTOR part = 0, product = 0;
            for (long pixel = first; pixel < end; pixel++) {
                const VECTOR value = NAMED(at)(data, pixel);
                const VECTOR slope = NAMED(slope)(own, is_rectified, NAMED(at)(gradient, pixel), value);
                part += slope;
                product += slope * (value - own.mean);
            }
            sum += part;
            products += product;
        }
        NAMED(put)(shifts, index, sum);
        NAMED(put)(scales, index, products * NAMED(at)(inverses, index));
    }
}

TARGET static inline __attribute__((always_inline)) void NAMED(spread)(
    struct channel_blocks of, struct channel_normalisation by, bool is_rectified, const float *gradient,
    const float *data, const float *shifts, const float *slopes, float *result) {
    for (long index = 0; index < of.blocks; index++) {
        const struct NAMED(own) own = NAMED(own)(by, index);
        const VECTOR shift = NAMED(at)(shifts, index), slope = NAMED(at)(slopes, index);
        FOR_EACH_RUN(index) {
            const long end = END_OF_RUN;
            for (long pixel = first; pixel < end; pixel++) {
                const VECTOR value = NAMED(at)(data, pixel);
                const VECTOR given = NAMED(slope)(own, is_rectified, NAMED(at)(gradient, pixel), value);
                NAMED(put)(result, pixel, own.factor * (given - shift - (value - own.mean) * slope));
            }
        }
    }
}

// Each for both kinds, with what does not change taken out of the loops.

TARGET static void NAMED(normalise_any)(
    struct channel_blocks of, struct channel_normalisation by, const float *data, float *result) {
    by.is_rectified ? NAMED(normalise)(of, by, true, data, result) : NAMED(normalise)(of, by, false, data, result);
}

TARGET static void NAMED(sums_any)(
    struct channel_blocks of, struct channel_normalisation by, const float *gradient, const float *data,
    const float *inverses, float *shifts, float *scales) {
    by.is_rectified ? NAMED(sums)(of, by, true, gradient, data, inverses, shifts, scales)
                    : NAMED(sums)(of, by, false, gradient, data, inverses, shifts, scales);
}

TARGET static void NAMED(spread_any)(
    struct channel_blocks of, struct channel_normalisation by, const float *gradient, const float *data,
    const float *shifts, const float *slopes, float *result) {
    by.is_rectified ? NAMED(spread)(of, by, true, gradient, data, shifts, slopes, result)
                    : NAMED(spread)(of, by, false, gradient, data, shifts, slopes, result);
}

#undef VECTOR
#undef RUN
#undef FOR_EACH_RUN
#undef END_OF_RUN
