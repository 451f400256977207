import COneDNN
import NeuralNetworks

/// An elementwise function that oneDNN computes, alone or behind another primitive.
struct Activation: Sendable, Hashable {
    enum Function: Sendable, Hashable {
        case relu, tanh, elu, abs, sqrt, linear, softplus, logistic, exp, log, pow, clip, gelu, geluTanh, swish,
            hardSwish, round

        var raw: dnnl_alg_kind_t {
            switch self {
            case .relu: dnnl_eltwise_relu
            case .tanh: dnnl_eltwise_tanh
            case .elu: dnnl_eltwise_elu
            case .abs: dnnl_eltwise_abs
            case .sqrt: dnnl_eltwise_sqrt
            case .linear: dnnl_eltwise_linear
            case .softplus: dnnl_eltwise_soft_relu
            case .logistic: dnnl_eltwise_logistic
            case .exp: dnnl_eltwise_exp
            case .log: dnnl_eltwise_log
            case .pow: dnnl_eltwise_pow
            case .clip: dnnl_eltwise_clip
            case .gelu: dnnl_eltwise_gelu_erf
            case .geluTanh: dnnl_eltwise_gelu_tanh
            case .swish: dnnl_eltwise_swish
            case .hardSwish: dnnl_eltwise_hardswish
            case .round: dnnl_eltwise_round
            }
        }
    }

    var function: Function
    /// ReLU's slope below zero, ELU's scale, the lower bound of clip, the factor of linear, pow and swish.
    var alpha: Float = 0
    /// The upper bound of clip, the summand of linear, the exponent of pow.
    var beta: Float = 0

    static let relu = Activation(function: .relu)
}

/// What a primitive does to its result before it stores it.
enum PostOperation: Sendable, Hashable {
    /// Adds what the destination held.
    case sum
    /// Adds the integers of the given type that the destination held, times `scale`.
    case sumOfIntegers(DataType, scale: Float)
    case activation(Activation)
}

/// A primitive's attributes: post-operations, what integers stand for, and scratch memory that the caller gives, because
/// the library's own is not safe between threads.
struct Attributes: ~Copyable {
    let handle: dnnl_primitive_attr_t

    /// - Parameters:
    ///   - scales: what the result is multiplied with before anything else: nothing, one number, or one for each channel.
    ///   - sourceZeroPoint: the integer of the source that stands for 0.
    ///   - zeroPoint: the integer of the destination that stands for 0.
    init(
        _ postOperations: [PostOperation] = [], scales: [Float] = [], sourceZeroPoint: Int = 0, zeroPoint: Int = 0
    ) throws(EngineError) {
        var handle: dnnl_primitive_attr_t?
        try check(dnnl_primitive_attr_create(&handle), "primitive_attr_create")
        do throws(EngineError) {
            try Self.set(postOperations, of: handle)
            if !scales.isEmpty {
                let status = dnnl_primitive_attr_set_output_scales(
                    handle, Int64(scales.count), scales.count == 1 ? 0 : Self.channelMask, scales)
                try check(status, "primitive_attr_set_output_scales")
            }
            for (role, zero) in [(DNNL_ARG_SRC, sourceZeroPoint), (DNNL_ARG_DST, zeroPoint)] where zero != 0 {
                try check(
                    dnnl_primitive_attr_set_zero_points(handle, role, 1, 0, [Int32(zero)]),
                    "primitive_attr_set_zero_points")
            }
        } catch {
            dnnl_primitive_attr_destroy(handle)
            throw error
        }
        self.handle = try created(handle, "primitive_attr_create")
    }

    /// Which axes have a number for each position: the second one alone.
    private static let channelMask: Int32 = 1 << 1

    private static func set(
        _ postOperations: [PostOperation], of handle: dnnl_primitive_attr_t?
    ) throws(EngineError) {
        try check(dnnl_primitive_attr_set_scratchpad_mode(handle, dnnl_scratchpad_mode_user), "set_scratchpad_mode")
        guard !postOperations.isEmpty else { return }
        var list: dnnl_post_ops_t?
        try check(dnnl_post_ops_create(&list), "post_ops_create")
        defer { dnnl_post_ops_destroy(list) }
        for operation in postOperations {
            switch operation {
            case .sum: try check(dnnl_post_ops_append_sum(list, 1), "post_ops_append_sum")
            case .sumOfIntegers(let type, let scale):
                try check(dnnl_post_ops_append_sum_v2(list, scale, type.raw), "post_ops_append_sum")
            case .activation(let activation):
                try check(
                    dnnl_post_ops_append_eltwise(list, 1, activation.function.raw, activation.alpha, activation.beta),
                    "post_ops_append_eltwise")
            }
        }
        try check(dnnl_primitive_attr_set_post_ops(handle, list), "primitive_attr_set_post_ops")
    }

    deinit { dnnl_primitive_attr_destroy(handle) }
}
