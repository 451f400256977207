import CConvolution

/// The activation that a convolution applies in the same pass.
struct ConvolutionActivation {
    /// The factor of negative results: 1 without an activation, 0 for ReLU.
    var slope: Float = 1
    /// The largest result.
    var upper = Float.infinity
    var function = convolution_function_none
    /// Of swish.
    var factor: Float = 1
}

extension ConvolutionActivation {
    /// - Returns: nil where it takes a pass of its own.
    init?(_ activation: Activation) {
        switch activation.function {
        case .relu: slope = activation.alpha
        case .clip where activation.alpha == 0 && activation.beta >= 0: (slope, upper) = (0, activation.beta)
        case .swish: (function, factor) = (convolution_function_swish, activation.alpha)
        case .hardSwish: function = convolution_function_hard_swish
        case .gelu: function = convolution_function_gelu
        default: return nil
        }
    }
}
