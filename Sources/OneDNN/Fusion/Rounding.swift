import NeuralNetworks

/// What 8-bit integers leave of numbers: a quantisation by one scale, and its inverse right behind it.
///
/// Input and output: `float32` of any shape.
struct Rounding: Operator {
    let grid: Grid

    var name: String { "DequantizeLinear" }
    var accuracy: AccuracyClass { .elementwise }

    func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        inputs.compactMap { $0?.type }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (scale, steps) = (grid.scale, grid.steps)
        return inputs.compactMap { tensor in
            tensor.map {
                Tensor(
                    shape: $0.shape,
                    ($0.floats ?? []).map { number in
                        let step = (number / scale).rounded(.toNearestOrEven)
                        // What is not a number becomes the integer 0.
                        let held = step.isNaN ? -Float(grid.zeroPoint) : step
                        return scale * min(max(held, steps.lowerBound), steps.upperBound)
                    })
            }
        }
    }
}
