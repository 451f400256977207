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
    case activation(Activation)
}

/// A primitive's attributes: post-operations, and scratch memory that the caller gives, because the
/// library's own is not safe between threads.
struct Attributes: ~Copyable {
    let handle: dnnl_primitive_attr_t

    init(_ postOperations: [PostOperation] = []) throws(EngineError) {
        var handle: dnnl_primitive_attr_t?
        try check(dnnl_primitive_attr_create(&handle), "primitive_attr_create")
        do throws(EngineError) {
            try Self.set(postOperations, of: handle)
        } catch {
            dnnl_primitive_attr_destroy(handle)
            throw error
        }
        self.handle = try created(handle, "primitive_attr_create")
    }

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
