import NeuralNetworks

/// What 8-bit integers leave of numbers: a quantisation by one scale, and its inverse right behind it.
///
/// Input and output: `float32` of any shape.
struct Rounding: Operator {
    let scale: Float
    /// Steps of the scale, of which there is a whole number from the least to the most.
    let steps: ClosedRange<Float>
    /// What is not a number becomes the integer 0.
    let stepsOfNaN: Float

    var name: String { "DequantizeLinear" }
    var accuracy: AccuracyClass { .elementwise }

    /// - Parameter type: `uint8` or `int8`.
    init(scale: Float, zeroPoint: Int, _ type: ElementType) {
        let zero = Float(zeroPoint)
        self.scale = scale
        steps = type == .uint8 ? -zero...255 - zero : -128 - zero...127 - zero
        stepsOfNaN = -zero
    }

    func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        inputs.compactMap { $0?.type }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        inputs.compactMap { tensor in
            tensor.map {
                Tensor(
                    shape: $0.shape,
                    ($0.floats ?? []).map { number in
                        let step = (number / scale).rounded(.toNearestOrEven)
                        return scale * (step.isNaN ? stepsOfNaN : min(max(step, steps.lowerBound), steps.upperBound))
                    })
            }
        }
    }
}
